"""An encrypted connection was agreed upon; the name asked for stands in it in the clear.

OCSF: the `tls` object of Network Activity (4001), https://schema.ocsf.io/objects/tls
"""

from sakimori.tables.table import Column, Table

TLS_HANDSHAKE = Table(
    name="tls_handshake",
    columns=(
        Column("host", "text", "machine or sensor that saw it"),
        Column("source_address", "text", "who began"),
        Column("source_port", "integer", "port of who began"),
        Column("destination_address", "text", "who was called"),
        Column("destination_port", "integer", "port that was called"),
        Column("destination_host", "text", "name asked for (SNI)"),
        Column("version", "text", "version of TLS, in the log's words"),
        Column("certificate_subject", "text", "whom the server's certificate names"),
        Column("certificate_issuer", "text", "who signed it"),
        Column("client_fingerprint", "text", "fingerprint of the client: JA4, else JA3"),
        Column("flow", "text", "the sensor's own id of the connection, the same in all its logs"),
    ),
)
