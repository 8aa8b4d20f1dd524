"""The trail's questions as SQL over `records.<log>`, made from what the catalogue says of each log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sakimori.records.batch import column_name
from sakimori.records.catalogue import Log
from sakimori.tables.views import identifier, literal

# Programs that start whatever a person or the system wants: what they start says nothing of who they are.
HUBS = (
    "explorer.exe", "services.exe", "svchost.exe", "wininit.exe", "winlogon.exe", "userinit.exe", "smss.exe",
    "lsass.exe", "csrss.exe", "system", "taskeng.exe", "taskhostw.exe", "runtimebroker.exe", "wmiprvse.exe",
    "wsmprovhost.exe", "dllhost.exe", "systemd", "init", "launchd", "sshd", "cron", "loginwindow",
)  # fmt: skip
_NAME = r"regexp_extract(lower({column}), '[^\\/]*$')"


def instances(log: Log) -> list[str]:
    """Expressions that name the process instances of a record, its own first."""
    return [_expression(column) for column in log.subjects.get("process_instance", ())]


def far(log: Log) -> Iterator[tuple[str, str]]:
    """(type, expression) of every address and name that a record speaks of."""
    for type_ in ("address", "domain"):
        for column in log.subjects.get(type_, ()):
            yield type_, f"rtrim({_expression(column)}, '.')"


def own_sql(log: Log) -> str:
    """(incident, value): the process instances that acted in the records of `evidence`."""
    first = instances(log)[0]
    return (
        f"SELECT DISTINCT e.incident, {first} AS value FROM records.{identifier(log.name)} r"
        " JOIN members m USING (segment, member) JOIN evidence e ON e.path = m.path AND e.record = r.record"
        f" WHERE {first} IS NOT NULL"
    )


def tree_sql() -> str:
    """(incident, value): the instances of `own` that are no hubs, and everything they started."""
    name = _NAME.format(column="p.image")
    hubs = ", ".join(map(literal, HUBS))
    return f"""
WITH RECURSIVE started AS (
  SELECT DISTINCT lower(process_guid) AS value, lower(parent_guid) AS parent, image
  FROM process p WHERE process_guid IS NOT NULL),
hubs AS (SELECT value FROM started p WHERE {name} IN ({hubs})),
tree AS (
  SELECT incident, value FROM own WHERE value NOT IN (SELECT value FROM hubs)
  UNION
  SELECT t.incident, p.value FROM tree t JOIN started p ON p.parent = t.value)
SELECT incident, 'process_instance' AS type, value FROM tree"""


def met_sql(logs: Sequence[Log]) -> str:
    """(incident, type, value): addresses and names in the records of `wanted`'s process instances."""
    parts = [
        f"SELECT w.incident, {literal(type_)} AS type, {value} AS value"
        f" FROM records.{identifier(log.name)} r JOIN wanted w ON w.value = {instance}"
        for log in logs
        for instance in instances(log)[:1]
        for type_, value in far(log)
    ]
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) WHERE value IS NOT NULL" if parts else ""


def spread_sql(logs: Sequence[Log]) -> str:
    """(type, value, hosts): on how many hosts each of `far_wanted` is met in the records."""
    parts = [
        f"SELECT DISTINCT w.type, w.value, {_host(log)} AS host FROM records.{identifier(log.name)} r"
        f" JOIN far_wanted w ON w.type = {literal(type_)} AND w.value = {value}"
        for log in logs
        for type_, value in far(log)
    ]
    union = " UNION ".join(parts)
    return f"SELECT type, value, count(DISTINCT host) AS hosts FROM ({union}) GROUP BY ALL" if parts else ""


def rows_sql(logs: Sequence[Log], limit: int) -> str:
    """Every record that names an entity of `wanted`, each once an incident, the first `limit` by clock."""
    parts = [part for log in logs for part in _rows(log)]
    return f"""
SELECT incident, clock, log, min(type) AS type, arg_min(value, type) AS value, m.path AS file, record,
  "offset", count(*) OVER (PARTITION BY incident) AS records
FROM ({" UNION ALL ".join(parts)}) JOIN members m USING (segment, member)
GROUP BY incident, clock, log, m.path, record, "offset"
QUALIFY row_number() OVER (PARTITION BY incident ORDER BY clock NULLS LAST, file, record) <= {limit}
ORDER BY incident, clock NULLS LAST, file, record"""


def _rows(log: Log) -> Iterator[str]:
    asked = [("process_instance", value) for value in instances(log)] + list(far(log))
    for type_, value in asked:
        yield (
            f"SELECT w.incident, r.clock, {literal(log.name)} AS log, w.type, w.value, r.segment, r.member,"
            f' r.record, r."offset" FROM records.{identifier(log.name)} r'
            f" JOIN wanted w ON w.type = {literal(type_)} AND w.value = {value}"
        )


def _host(log: Log) -> str:
    """The machine of a record, else who began the connection (a sensor's log names no machine)."""
    hosts = [f"split_part({_expression(column)}, '.', 1)" for column in log.subjects.get("host", ())]
    callers = [_expression(column) for column in log.subjects.get("address", ())[:1]]
    return f"coalesce({', '.join([*hosts, *callers, literal('')])})"


def _expression(column: str) -> str:
    """A column, or a template `{A}:{B}` of columns, in lower case; null where a part is missing."""
    if "{" not in column:
        return f"lower(r.{identifier(column_name(column))})"
    parts: list[str] = []
    for at, piece in enumerate(column.split("{")):
        name, closed, rest = piece.partition("}")
        parts += (
            [f"r.{identifier(column_name(name))}", *([literal(rest)] if rest else [])]
            if closed
            else ([literal(piece)] if piece and not at else [])
        )
    return f"lower({' || '.join(parts)})"
