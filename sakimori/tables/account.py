"""One record says that these names belong to one account: who is who.

OCSF: User object, https://schema.ocsf.io/objects/user
"""

from sakimori.tables.table import Column, Table

ACCOUNT = Table(
    name="account",
    columns=(
        Column("account", "text", "the name the record leads with"),
        Column("provider", "text", "directory or product that says so"),
        Column("upn", "text", "user principal name: user@domain"),
        Column("sam", "text", "DOMAIN, backslash, user"),
        Column("sid", "text", "security identifier, or the directory's id"),
        Column("mail", "text", "mail address"),
        Column("login", "text", "name at a service: GitHub, Slack, AWS"),
        Column("person", "text", "name of the person"),
        Column("kind", "text", "user, service, guest, admin, in the record's word"),
    ),
)
