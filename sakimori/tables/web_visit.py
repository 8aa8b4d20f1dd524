"""A browser opened a page.

OCSF: HTTP Activity (4002), https://schema.ocsf.io/classes/http_activity
"""

from sakimori.tables.table import Column, Table

WEB_VISIT = Table(
    name="web_visit",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who"),
        Column("program", "text", "browser and profile"),
        Column("url", "text", "address of the page"),
        Column("title", "text", "title of the page"),
        Column("referrer", "text", "page that led there"),
        Column("visits", "integer", "how often"),
    ),
)
