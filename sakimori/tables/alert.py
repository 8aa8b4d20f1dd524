"""Another product raised an alarm.

OCSF: Detection Finding (2004), https://schema.ocsf.io/classes/detection_finding
"""

from sakimori.tables.table import Column, Table

ALERT = Table(
    name="alert",
    columns=(
        Column("product", "text", "who raised it"),
        Column("name", "text", "what it says"),
        Column("category", "text", "kind of alarm, in its words"),
        Column("severity", "text", "how bad it thinks it is"),
        Column("host", "text", "machine concerned"),
        Column("account", "text", "account concerned"),
        Column("source_address", "text", "address concerned"),
        Column("resource", "text", "file, key or cloud resource concerned"),
        Column("hashes", "text", "hashes of the file concerned"),
        Column("outcome", "text", "what was done about it"),
        Column("detail", "text", "its words"),
    ),
)
