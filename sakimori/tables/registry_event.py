"""A registry key or value was made, set, renamed or removed.

OCSF: Registry Value Activity (201002), https://schema.ocsf.io/classes/registry_value_activity?extensions=win
"""

from sakimori.tables.table import Column, Table

REGISTRY_EVENT = Table(
    name="registry_event",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who"),
        Column("image", "text", "program that did it"),
        Column("key", "text", "key, with the value's name"),
        Column("data", "text", "data that was set"),
        Column("action", "text", "what was done, in the log's words"),
    ),
)
