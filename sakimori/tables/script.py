"""A script's text was seen by the engine that runs it.

OCSF: Script Activity (1009), https://schema.ocsf.io/classes/script_activity
"""

from sakimori.tables.table import Column, Table

SCRIPT = Table(
    name="script",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who"),
        Column("text", "text", "the script, or a part of it"),
        Column("path", "text", "file it came from"),
        Column("image", "text", "program that ran it"),
    ),
)
