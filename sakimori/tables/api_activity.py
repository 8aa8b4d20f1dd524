"""Someone asked a cloud service to do something.

OCSF: API Activity (6003), https://schema.ocsf.io/classes/api_activity
"""

from sakimori.tables.table import Column, Table

API_ACTIVITY = Table(
    name="api_activity",
    columns=(
        Column("provider", "text", "aws, azure, gcp, m365, okta, or the product"),
        Column("tenant", "text", "account, project, subscription or organisation it happened in"),
        Column("account", "text", "who asked, as the log names them"),
        Column("account_type", "text", "user, role, service, key, in the log's word"),
        Column("session", "text", "session or access key that was used"),
        Column("source_address", "text", "where they asked from"),
        Column("country", "text", "country of that address, where the log says it"),
        Column("user_agent", "text", "what the client calls itself"),
        Column("service", "text", "service that was asked"),
        Column("operation", "text", "what was asked for"),
        Column("resource", "text", "what it was about"),
        Column("region", "text", "where it was done"),
        Column("result", "text", "success or failure"),
        Column("error", "text", "why it failed"),
        Column("detail", "text", "the request's parameters, as the log gives them"),
    ),
)
