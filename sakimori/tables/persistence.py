"""Something is set to start by itself.

OCSF: Startup Item Query (5022), https://schema.ocsf.io/classes/startup_item_query
"""

from sakimori.tables.table import Column, Table

PERSISTENCE = Table(
    name="persistence",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "whose, where it is not the machine's"),
        Column(
            "kind",
            "text",
            "run key, service, task, launch agent, cron, systemd, login item",
        ),
        Column("name", "text", "name of the entry"),
        Column("location", "text", "key, file or folder it stands in"),
        Column("command", "text", "what it starts, with arguments"),
        Column("path", "text", "program it starts"),
        Column("signer", "text", "who signed that program, where the record says it"),
        Column("hashes", "text", "hashes of that program"),
        Column("enabled", "text", "true or false"),
        Column("data_bytes", "integer", "size of the value, where a hive tells it"),
        Column("action", "text", "present, create, change, delete"),
    ),
)
