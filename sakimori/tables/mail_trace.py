"""A message was sent, received, delivered or stopped.

OCSF: Email Activity (4009), https://schema.ocsf.io/classes/email_activity
"""

from sakimori.tables.table import Column, Table

MAIL_TRACE = Table(
    name="mail_trace",
    columns=(
        Column("account", "text", "mailbox concerned"),
        Column("sender", "text", "address in the envelope, else in the header"),
        Column("header_sender", "text", "address in the header"),
        Column("recipient", "text", "who it is for"),
        Column("subject", "text", "subject line"),
        Column("message_id", "text", "Message-ID of the internet header"),
        Column("direction", "text", "inbound, outbound, internal"),
        Column("outcome", "text", "delivered, blocked, quarantined, or the log's word"),
        Column("verdict", "text", "what the filter thought"),
        Column("source_address", "text", "server it came from"),
        Column("url", "text", "link in it, where the row is about one"),
        Column("attachment", "text", "name of an attachment"),
        Column("hashes", "text", "hashes of the attachment"),
        Column("size", "integer", "bytes"),
    ),
)
