"""A stretch of the evidence that could not be read, or that nothing vouches for although it was read.

What is absent in such a file may only be unreadable. OCSF has no class for it; the store fills this table
itself, up to a hundred stretches a member.
"""

from sakimori.tables.table import Column, Table

UNREAD = Table(
    name="unread",
    columns=(
        Column("file", "text", "path of the member inside the evidence"),
        Column("reason", "text", "why it could not be read; null where that is not known"),
        Column("lost", "integer", "0 where its records were read all the same but nothing vouches for them"),
        Column("stretches", "integer", "stretches of the whole member that could not be read"),
    ),
)
