"""A scheduled job was made, changed, run or removed.

OCSF: Scheduled Job Activity (1006), https://schema.ocsf.io/classes/scheduled_job_activity
"""

from sakimori.tables.table import Column, Table

SCHEDULED_JOB = Table(
    name="scheduled_job",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who"),
        Column("name", "text", "name of the job"),
        Column("content", "text", "what it runs and when, as the log gives it"),
        Column("action", "text", "created, updated, started, deleted, or the log's word"),
    ),
)
