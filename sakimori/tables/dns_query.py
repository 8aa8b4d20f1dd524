"""A name was looked up.

OCSF: DNS Activity (4003), https://schema.ocsf.io/classes/dns_activity
"""

from sakimori.tables.table import Column, Table

DNS_QUERY = Table(
    name="dns_query",
    columns=(
        Column("host", "text", "machine or sensor that saw it"),
        Column("image", "text", "program that asked"),
        Column("source_address", "text", "who asked"),
        Column("query", "text", "name asked for"),
        Column("query_type", "text", "A, AAAA, TXT"),
        Column("answers", "text", "what came back"),
        Column("response_code", "text", "NOERROR, NXDOMAIN, or the log's number"),
    ),
)
