"""From an incident's evidence to the records around it.

1. The process instances that acted in its telling records, unless they are hubs (a shell, a service host).
2. Everything those started, to any depth.
3. The outer addresses and names those spoke with or its findings name, where few hosts of the case know them.
4. Every record that names one of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

import pyarrow as pa

from sakimori.detection.subjects import is_inner
from sakimori.engine.local import Local
from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import Incident
from sakimori.incidents.trail import sql
from sakimori.incidents.trail.trail import Trail, TrailRow
from sakimori.records.catalogue import Catalogue, Log

FOLLOWED = 20  # the first incidents
LIMIT = 20_000  # records listed of each
FEW_HOSTS = 3
_WANTED = pa.schema([("incident", pa.string()), ("type", pa.string()), ("value", pa.string())])
_EVIDENCE = pa.schema([("incident", pa.string()), ("path", pa.string()), ("record", pa.int64())])


def trails(incidents: Sequence[Incident], local: Local, catalogue: Catalogue) -> dict[str, Trail]:
    """The trail of each of the first incidents, by its id; those without one are left out."""
    followed = incidents[:FOLLOWED]
    logs = [catalogue[name] for name in local.logs]
    if not followed or not logs:
        return {}
    with local.keeping(evidence=_evidence(followed)):
        own = _union(local, [sql.own_sql(log) for log in logs if sql.instances(log)])
    with local.keeping(own=own):
        acting = local.query(sql.tree_sql()) if own.num_rows else _WANTED.empty_table()
    wanted = pa.concat_tables([acting.cast(_WANTED), _far(followed, acting, logs, local)])
    if not wanted.num_rows:
        return {}
    with local.keeping(wanted=wanted):
        rows = local.query(sql.rows_sql([log for log in logs if _asked(log)], LIMIT)).to_pylist()
    return {id_: _trail(list(some)) for id_, some in groupby(rows, key=lambda row: str(row["incident"]))}


def _trail(rows: list[dict[str, object]]) -> Trail:
    made = tuple(
        TrailRow(*(row[name] for name in ("clock", "log", "type", "value", "file", "record", "offset")))  # type: ignore[arg-type]
        for row in rows
    )
    return Trail(
        rows=made, records=int(str(rows[0]["records"])), by=dict(sorted(Counter(r.tie for r in made).items()))
    )


def _asked(log: Log) -> bool:
    return bool(sql.instances(log)) or any(True for _ in sql.far(log))


def _telling(incident: Incident) -> Iterator[Finding]:
    """Its findings of medium severity and more: what is weaker may be anybody's."""
    for finding in incident.findings:
        if finding.severity >= Severity.MEDIUM and "expected" not in finding.facts:
            yield finding


def _evidence(incidents: Sequence[Incident]) -> pa.Table:
    rows = [
        {"incident": incident.id, "path": place.file, "record": place.record}
        for incident in incidents
        for finding in _telling(incident)
        for place in finding.places
    ]
    return pa.Table.from_pylist(rows, _EVIDENCE)


def _far(incidents: Sequence[Incident], acting: pa.Table, logs: Sequence[Log], local: Local) -> pa.Table:
    """Outer addresses and names of the incidents that few hosts know."""
    named = [
        {"incident": incident.id, "type": subject.type, "value": subject.value}
        for incident in incidents
        for finding in _telling(incident)
        for subject in finding.subjects
    ]
    asked = [log for log in logs if sql.instances(log) and any(True for _ in sql.far(log))]
    if acting.num_rows and asked:
        with local.keeping(wanted=acting):
            named += local.query(sql.met_sql(asked)).to_pylist()
    kept = {(r["incident"], r["type"], r["value"]) for r in named if _outer(str(r["type"]), str(r["value"]))}
    table = pa.Table.from_pylist(
        [dict(zip(_WANTED.names, one, strict=True)) for one in sorted(kept)], _WANTED
    )
    few = _few(table, logs, local)
    return table.filter(pa.array([(t, v) in few for _, t, v in sorted(kept)], pa.bool_()))


def _few(far: pa.Table, logs: Sequence[Log], local: Local) -> set[tuple[str, str]]:
    question = sql.spread_sql(logs)
    if not far.num_rows or not question:
        return set()
    with local.keeping(far_wanted=far):
        rows = local.query(question).to_pylist()
    return {(row["type"], row["value"]) for row in rows if row["hosts"] <= FEW_HOSTS}


def _outer(type_: str, value: str) -> bool:
    subject = Subject(type_, value)
    return (
        type_ in ("address", "domain") and not everybodys(subject) and not is_inner(value.rpartition("|")[2])
    )


def _union(local: Local, questions: Sequence[str]) -> pa.Table:
    schema = pa.schema([("incident", pa.string()), ("value", pa.string())])
    if not questions:
        return schema.empty_table()
    return local.query(" UNION ".join(questions)).cast(schema)
