"""Someone or something was allowed something.

OCSF: Entity Management (3004), https://schema.ocsf.io/classes/entity_management
"""

from sakimori.tables.table import Column, Table

PERMISSION_GRANT = Table(
    name="permission_grant",
    columns=(
        Column("host", "text", "where, for programs of one machine"),
        Column("provider", "text", "directory or product that allows it"),
        Column("account", "text", "who allowed it, or whose data it is"),
        Column("program", "text", "program or application that may"),
        Column("permission", "text", "what it may"),
        Column("allowed", "text", "true or false"),
        Column("action", "text", "grant, revoke, present"),
    ),
)
