"""A member of the evidence that could not be read as a whole: what is absent there may only be unreadable.

OCSF has no class for it; the store fills this table itself.
"""

from sakimori.tables.table import Column, Table

UNREAD = Table(
    name="unread",
    columns=(Column("stretches", "integer", "stretches of the member that could not be read"),),
)
