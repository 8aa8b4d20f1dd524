"""An event that its log numbered, one by one: a missing number is a missing event.

OCSF: any event, by its metadata: `log_name` and `sequence`, https://schema.ocsf.io/objects/metadata
"""

from sakimori.tables.table import Column, Table

NUMBERED_EVENT = Table(
    name="numbered_event",
    columns=(
        Column("host", "text", "where the log was kept"),
        Column("channel", "text", "log that numbers its events"),
        Column("number", "integer", "the event's number in that log"),
        Column("utc", "text", "its time in UTC as written; null where only a local time stands there"),
    ),
    native={"host": "Computer", "channel": "Channel", "number": "EventRecordID", "utc": "TimeCreated"},
)
