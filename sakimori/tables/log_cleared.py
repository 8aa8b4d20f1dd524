"""A log that was emptied, as the log itself or another one says.

OCSF: Event Log Activity (1008), activity Clear, https://schema.ocsf.io/classes/event_log_activity
"""

from sakimori.tables.table import Column, Table

LOG_CLEARED = Table(
    name="log_cleared",
    columns=(
        Column("host", "text", "where the log was kept"),
        Column("account", "text", "who emptied it"),
        Column("channel", "text", "log that was emptied"),
    ),
)
