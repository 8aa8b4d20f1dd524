"""Two addresses spoke to each other.

OCSF: Network Activity (4001), https://schema.ocsf.io/classes/network_activity
"""

from sakimori.tables.table import Column, Table

NETWORK_FLOW = Table(
    name="network_flow",
    columns=(
        Column("host", "text", "machine or sensor that saw it"),
        Column("account", "text", "who the program ran as"),
        Column("image", "text", "program that spoke"),
        Column("direction", "text", "outbound or inbound, seen from `host`"),
        Column("protocol", "text", "tcp, udp, icmp"),
        Column("source_address", "text", "who began"),
        Column("source_port", "integer", "port of who began"),
        Column("destination_address", "text", "who was called"),
        Column("destination_port", "integer", "port that was called"),
        Column("destination_host", "text", "name of who was called, where the log knows it"),
        Column("bytes_out", "integer", "bytes from source to destination"),
        Column("bytes_in", "integer", "bytes back"),
        Column("wire_bytes_out", "integer", "bytes from source to destination with the headers of IP"),
        Column("duration", "number", "seconds"),
        Column("state", "text", "how it ended, in the log's words"),
        Column("flow", "text", "the sensor's own id of the connection, the same in all its logs"),
    ),
)
