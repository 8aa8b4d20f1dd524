"""Someone signed in, or tried to.

OCSF: Authentication (3002), https://schema.ocsf.io/classes/authentication
"""

from sakimori.tables.table import Column, Table

SIGN_IN = Table(
    name="sign_in",
    columns=(
        Column("host", "text", "where they signed in"),
        Column("account", "text", "who signed in"),
        Column("source_address", "text", "where they came from"),
        Column("source_host", "text", "name of the machine they came from"),
        Column("logon_type", "text", "Windows' number or the log's word"),
        Column("result", "text", "success or failure"),
        Column("failure_reason", "text", "why it failed"),
        Column("auth_package", "text", "NTLM, Kerberos, password, key"),
        Column("session", "text", "log-on session that began"),
        Column("image", "text", "program that asked for it"),
        Column("provider", "text", "directory or service that decided: entra, okta, vpn; null for machines"),
        Column("application", "text", "application they signed in to"),
        Column("country", "text", "country of the address, where the log says it"),
        Column("network", "text", "network of the address: number or name of its operator"),
        Column("device", "text", "id or name of the device they used"),
        Column("user_agent", "text", "what the client calls itself"),
        Column("factor", "text", "further factor that was asked for: push, key, none, or the log's word"),
        Column("risk", "text", "what the log thinks of it"),
    ),
)
