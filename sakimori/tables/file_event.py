"""A file was made, changed, renamed or removed.

OCSF: File System Activity (1001), https://schema.ocsf.io/classes/file_activity
"""

from sakimori.tables.table import Column, Table

FILE_EVENT = Table(
    name="file_event",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who"),
        Column("image", "text", "program that did it"),
        Column("path", "text", "file concerned"),
        Column("action", "text", "created, modified, renamed, deleted, or the log's word"),
        Column("hashes", "text", "hashes of the file"),
        Column("pid", "integer", "process number of the program"),
    ),
)
