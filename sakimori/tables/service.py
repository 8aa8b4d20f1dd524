"""A Windows service was installed or changed.

OCSF: Windows Service Activity (201004), https://schema.ocsf.io/classes/windows_service_activity?extensions=win
"""

from sakimori.tables.table import Column, Table

SERVICE = Table(
    name="service",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who"),
        Column("name", "text", "name of the service"),
        Column("image_path", "text", "what it runs, with arguments"),
        Column("start_type", "text", "auto, demand, boot, in the log's words"),
        Column("service_account", "text", "account it runs as"),
        Column("action", "text", "installed, changed, removed, or the log's word"),
    ),
)
