"""A host's clock that was set, as the host recorded it.

OCSF has no class of its own for it; nearest is Device Config State Change (5019),
https://schema.ocsf.io/classes/device_config_state_change
"""

from sakimori.tables.table import Column, Table

CLOCK_CHANGE = Table(
    name="clock_change",
    columns=(
        Column("host", "text", "whose clock was set"),
        Column("account", "text", "who set it"),
        Column("image", "text", "program that set it"),
        Column("old_time", "integer", "what the clock showed, microseconds since the epoch, UTC"),
        Column("new_time", "integer", "what it was set to, microseconds since the epoch, UTC"),
    ),
)
