"""A file came from elsewhere.

OCSF: File Hosting Activity (6006), https://schema.ocsf.io/classes/file_hosting
"""

from sakimori.tables.table import Column, Table

DOWNLOAD = Table(
    name="download",
    columns=(
        Column("host", "text", "where it arrived"),
        Column("account", "text", "who fetched it"),
        Column("program", "text", "browser or program that fetched it"),
        Column("url", "text", "where it came from"),
        Column("referrer", "text", "page that led there"),
        Column("path", "text", "file it became"),
        Column("size", "integer", "bytes"),
        Column("danger", "text", "what the browser thought of it"),
    ),
)
