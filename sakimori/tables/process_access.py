"""A process opened another one.

OCSF: Process Activity (1007), activity Open, https://schema.ocsf.io/classes/process_activity
"""

from sakimori.tables.table import Column, Table

PROCESS_ACCESS = Table(
    name="process_access",
    columns=(
        Column("host", "text", "where"),
        Column("source_image", "text", "program that opens"),
        Column("target_image", "text", "program that is opened"),
        Column("granted_access", "text", "rights given, as a hexadecimal mask"),
        Column("call_trace", "text", "modules on the way"),
    ),
)
