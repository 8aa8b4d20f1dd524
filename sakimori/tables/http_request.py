"""A web request was made.

OCSF: HTTP Activity (4002), https://schema.ocsf.io/classes/http_activity
"""

from sakimori.tables.table import Column, Table

HTTP_REQUEST = Table(
    name="http_request",
    columns=(
        Column("host", "text", "machine or sensor that saw it"),
        Column("account", "text", "who the proxy says it was"),
        Column("source_address", "text", "who asked"),
        Column("destination_address", "text", "who was asked"),
        Column("destination_port", "integer", "port that was asked"),
        Column("method", "text", "GET, POST, CONNECT"),
        Column("url_host", "text", "host part of the address"),
        Column("url_path", "text", "path and query of the address"),
        Column("user_agent", "text", "what the client calls itself"),
        Column("referrer", "text", "page it came from"),
        Column("status", "integer", "answer's code"),
        Column("bytes_out", "integer", "bytes of the request"),
        Column("bytes_in", "integer", "bytes of the answer"),
        Column("flow", "text", "the sensor's own id of the connection, the same in all its logs"),
    ),
)
