"""Something was done with a source repository or its pipeline.

OCSF: API Activity (6003), https://schema.ocsf.io/classes/api_activity
"""

from sakimori.tables.table import Column, Table

REPOSITORY_EVENT = Table(
    name="repository_event",
    columns=(
        Column("provider", "text", "github, gitlab, bitbucket"),
        Column("organisation", "text", "owner of the repository"),
        Column("repository", "text", "owner/name"),
        Column("account", "text", "who"),
        Column("action", "text", "git.clone, repo.download_zip, workflow run, or the log's word"),
        Column("target", "text", "branch, key, token, member, or workflow concerned"),
        Column("source_address", "text", "where from"),
        Column("country", "text", "country of that address"),
        Column("user_agent", "text", "what the client calls itself"),
        Column("token", "text", "kind of key that was used, never the key"),
        Column("visibility", "text", "public, private, internal"),
        Column("result", "text", "success or failure"),
    ),
)
