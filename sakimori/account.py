"""What the pipeline's stages hand to each other, in the shape the next one takes."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sakimori import __version__
from sakimori.coverage import Coverage, RuleState
from sakimori.detection.behaviour import Behaviour, behaviours
from sakimori.detection.bundles.ageing import aged, of_files, of_rules
from sakimori.detection.indicators.match import Hearing
from sakimori.detection.run_behaviours import Heard, Note
from sakimori.detection.sigma.correlated import listened
from sakimori.detection.sigma.correlation import Correlation
from sakimori.detection.sigma.findings import Hit, hit_of
from sakimori.detection.sigma.pack import Pack, own_rules
from sakimori.detection.sigma.rule import techniques_of
from sakimori.detection.subjects import normal
from sakimori.engine.local import Local
from sakimori.engine.workers import Report
from sakimori.evidence.discover import Discovery, EvidenceFile
from sakimori.evidence.ranges import Whole
from sakimori.evidence.tasks import Task
from sakimori.findings import Finding, Place, Subject, by_time
from sakimori.identities import Resolved
from sakimori.incidents.context import Context
from sakimori.incidents.incident import Incident
from sakimori.masking import masked, without_secrets
from sakimori.organisation import (
    Organisation,
    Suppressed,
    common,
    read_organisation,
    read_suppressions,
    suppressed,
    weights,
)
from sakimori.records.catalogue import Catalogue
from sakimori.records.ledger import Ledger
from sakimori.records.manifest import FileEntry, InUse, Manifest
from sakimori.records.store import Store
from sakimori.response.case import Original
from sakimori.setting import Setting

INCIDENTS_SHOWN, ORIGINALS = 50, 5  # incidents whose findings carry original records, and how many each
HIT_ROWS = 4096


def announce(report: Report, files: Sequence[EvidenceFile]) -> None:
    """Tell the face how many bytes each file has, before anything is read."""
    for file in files:
        report(file.path, -file.bytes, 0)


def tasks_of(found: Iterable[Task | Whole], hashes: dict[str, str]) -> Iterator[Task]:
    """The tasks alone; the hash of each file that was cut into ranges goes into `hashes`."""
    current: Task | None = None
    for task in found:
        if isinstance(task, Whole):
            assert current is not None
            hashes[current.files[0].path] = task.sha256
        else:
            current = task
            yield task


def hits_of(store: Store, book: Ledger, setting: Setting) -> Iterator[Hit]:
    """Hits in order of their places, of members that count and of the time asked for."""
    order = sorted(store.hits(), key=lambda file: _first_path(book, file.parent.name))
    for file in order:
        segment = file.parent.name
        for row in _by_place(file):
            member = (segment, row["member"])
            if member not in book.twice and _inside(row["clock"], setting):
                yield hit_of(row, *book.paths[member])


def _by_place(file: Path) -> Iterator[dict[str, Any]]:
    """The hits of a segment in order of members and records; they were written as batches became due."""
    names = [name for name in pq.read_schema(file).names if name != "original"]
    table = pq.read_table(file, columns=names)
    order = pc.sort_indices(table, [("member", "ascending"), ("record", "ascending")])
    for start in range(0, table.num_rows, HIT_ROWS):
        yield from table.take(order[start : start + HIT_ROWS]).to_pylist()


def in_order(local: Local, store: Store, book: Ledger, pack: Pack, setting: Setting) -> Iterator[Hit]:
    """Hits that correlations listen to, by their clocks, of the time asked for."""
    for row in local.hits(store.hits(), listened(pack)) if pack.correlations else ():
        if _inside(row["clock"], setting):
            yield hit_of(row, *book.paths[row["segment"], row["member"]])


def reach(book: Ledger) -> int | None:
    """How far the evidence reaches in time."""
    return max((log.last_seen for log in book.logs.values() if log.last_seen is not None), default=None)


def _first_path(book: Ledger, segment: str) -> tuple[str, str]:
    return min((path for (name, _), (path, _) in book.paths.items() if name == segment), default=""), segment


def _inside(clock: int | None, setting: Setting) -> bool:
    if clock is None:
        return True
    after = setting.since is None or clock >= setting.since
    return after and (setting.until is None or clock < setting.until)


def in_time(findings: Iterable[Finding], setting: Setting) -> tuple[Finding, ...]:
    """Findings of the time asked for, sorted by time, then id; what has the shape of a secret is masked."""
    asked = (f for f in findings if _inside(f.last_seen, setting) or _inside(f.first_seen, setting))
    kept = map(without_secrets, asked)
    return tuple(sorted(kept, key=by_time))


@dataclass(frozen=True, slots=True)
class Doubles:
    """Events that stood in more than one export, and titles of logs for which nobody can tell."""

    counted_once: int
    may_be_doubled: tuple[str, ...]


def doubles_of(local: Local, catalogue: Catalogue) -> Doubles:
    """What is known of overlapping exports."""
    once = int(local.query("SELECT count(*) AS n FROM duplicates").column("n")[0].as_py())
    return Doubles(once, tuple(sorted(catalogue[log].title for log in local.may_be_doubled())))


_OWN_ADDRESSES = """
SELECT source_address AS address, min(host) AS host FROM network_flow
WHERE host <> source_address AND direction = 'outbound'
GROUP BY 1 HAVING count(DISTINCT host) = 1 ORDER BY 1
"""


def own(setting: Setting) -> Organisation:
    """What the organisation says of itself, and what it suppresses; nothing where it gave no file."""
    house = Organisation() if setting.org is None else read_organisation(setting.org)
    return replace(house, suppressions=read_suppressions(setting.suppressions, _today()))


def hushed(findings: Sequence[Finding], house: Organisation, store: Store, book: Ledger) -> Suppressed:
    """The findings, those marked that the organisation suppresses, and what each suppression did."""

    def look(places: Set[Place]) -> Mapping[Place, Mapping[str, str]]:
        asked = {(place.file, place.record): place for place in places}
        found = _of_hits(store, book, asked.keys(), "fields")
        return {asked[at]: orjson.loads(text) for at, text in found if at in asked}

    return suppressed(findings, house.suppressions, _today(), look)


def with_suppressions(manifest: Manifest, done: Suppressed) -> Manifest:
    """The manifest with how many findings each suppression marked, and which are over."""
    return replace(manifest, suppressed=dict(done.counts), suppressions_expired=done.expired)


def _today() -> date:
    return datetime.now(UTC).date()


def estate(local: Local, book: Ledger, house: Organisation, findings: Sequence[Finding]) -> Context:
    """What joining may know: the hosts and addresses of the records, and what the organisation says."""
    return replace(_seen(local, book), weights=weights(house), common=common(findings, house))


def _seen(local: Local, book: Ledger) -> Context:
    """How many hosts there are, and which host an address was.

    Addresses are told from hosts' own connections, and only where there is one network: with several
    sites an address alone names nobody.
    """
    hosts = book.hosts
    if any(site for _, site in book.paths.values()):
        return Context(hosts=hosts)
    rows = local.query(_OWN_ADDRESSES).to_pylist()
    pairs = (
        (Subject("address", normal("address", row["address"])), Subject("host", normal("host", row["host"])))
        for row in rows
    )
    return Context(
        hosts=hosts, addresses={address: host for address, host in pairs if address.value != host.value}
    )


def published(case: Path) -> dict[str, str]:
    """Finding id -> incident id as the case was last shown; empty for a new case."""
    file = case / "incidents.json"
    if not file.is_file():
        return {}
    try:
        shown = orjson.loads(file.read_bytes())
        return {finding: incident["id"] for incident in shown for finding in incident["findings"]}
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return {}


def with_behaviours(seen: Coverage, heard: Heard) -> Coverage:
    """The coverage with what each behaviour said, or why it could not say anything."""
    spoke = Counter(finding.detector for finding in heard.findings)
    notes = {note.detector: note for note in reversed(heard.notes)}
    states = [_behaviour_state(one, spoke, notes) for one in behaviours()]
    return replace(seen, states=tuple(sorted((*seen.states, *states), key=lambda s: (s.detector, s.title))))


def with_indicators(seen: Coverage, met: Hearing) -> Coverage:
    """The coverage with what each type of indicator said, or why it could not be looked for."""
    states = sorted((*seen.states, *met.states), key=lambda s: (s.detector, s.title))
    return replace(seen, states=tuple(states))


def with_bundles(manifest: Manifest, met: Hearing, setting: Setting) -> Manifest:
    """The manifest with the rules and indicators in use: their age, and whether they are as made."""
    homes = [Path(one.home) for one in setting.bundles]
    folders = [f for f in setting.rules or (own_rules(),) if not any(f.is_relative_to(h) for h in homes)]
    files = [one for one in met.bundles if not any(one.path.is_relative_to(home) for home in homes)]
    alone = {f"indicators {one.path.name}" for one in met.bundles} - {
        f"indicators {f.path.name}" for f in files
    }
    described = {name: text for name, text in met.described.items() if name not in alone}
    rows = (*setting.bundles, *map(_rules_in_use, folders), *of_files(files))
    refused = (*manifest.rules_refused, *met.refused)
    versions = {**manifest.versions, **described}
    return replace(manifest, versions=versions, in_use=aged(rows), rules_refused=refused)


def _rules_in_use(folder: Path) -> InUse:
    if folder == own_rules():
        return of_rules(folder, "sakimori", __version__, "Apache-2.0")
    return of_rules(folder, folder.name or str(folder))


def with_correlations(seen: Coverage, pack: Pack, linked: Iterable[Finding]) -> Coverage:
    """The coverage with what each correlation found, or why it could not find anything."""
    spoke = Counter(finding.detector for finding in linked)
    known = {state.detector: state for state in seen.states}
    states = [_correlation_state(one, spoke[f"sigma:{one.id}"], known) for one in pack.correlations]
    return replace(seen, states=tuple(sorted((*seen.states, *states), key=lambda s: (s.detector, s.title))))


def _correlation_state(one: Correlation, found: int, known: Mapping[str, RuleState]) -> RuleState:
    heard = [known[f"sigma:{rule}"] for rule in one.rules if f"sigma:{rule}" in known]
    events = sum(state.events for state in heard)
    state = "spoke" if found else "silent" if any(s.state != "blind" for s in heard) or not heard else "blind"
    reasons = {
        "spoke": f"it held for {found:,} subjects and days",
        "silent": f"its rules held on {events:,} events, and no window of them met its condition",
        "blind": "none of the rules it listens to had a log to look at",
    }
    return RuleState(
        detector=f"sigma:{one.id}", title=one.title, level=one.level, state=state, events=found,
        reason=reasons[state], techniques=techniques_of(one.tags),
    )  # fmt: skip


def _behaviour_state(one: Behaviour, spoke: Counter[str], notes: Mapping[str, Note]) -> RuleState:
    detector = f"behaviour:{one.name}"
    note = notes.get(detector)
    words = {"no table": "blind", "failed": "refused"}
    state = "spoke" if spoke[detector] else words.get(note.kind, "silent") if note else "silent"
    return RuleState(
        detector=detector, title=one.title, level=one.severity.word, state=state, events=spoke[detector],
        reason=note.reason if note else "", techniques=one.techniques,
    )  # fmt: skip


def manifest(
    found: Discovery,
    twice: Mapping[str, str],
    book: Ledger,
    pack: Pack,
    doubles: Doubles,
    who: Resolved,
    seconds: Mapping[str, float],
) -> Manifest:
    """The manifest of the hunt."""
    files = (*book.files, *_left_alone(found, twice, book))
    return Manifest(
        files=tuple(sorted(files, key=lambda f: (f.path, f.sha256))),
        unread=book.unread,
        totals={
            "files": len(files),
            "bytes": sum(f.bytes for f in files),
            "hosts": book.hosts,
            "records": sum(f.records for f in files),
            "unread": sum(f.unread for f in files),
            "duplicates": doubles.counted_once,
        },
        rules_loaded=len(pack.rules),
        rules_refused=pack.refused,
        may_be_doubled=doubles.may_be_doubled,
        resolved=asdict(who),
        seconds={name: round(value, 3) for name, value in seconds.items()},
        versions=_versions(pack),
    )


def _left_alone(found: Discovery, twice: Mapping[str, str], book: Ledger) -> Iterator[FileEntry]:
    for refused in (*found.refused, *book.refused):
        desktop = refused.title == "not evidence"
        yield FileEntry(
            path=refused.name, sha256="", bytes=0, format="not evidence" if desktop else "refused", records=0,
            unread=0 if desktop else 1, note=refused.reason,
        )  # fmt: skip
    sizes = {file.path: file.bytes for file in found.files}
    for path, other in sorted(twice.items()):
        same = next((f for f in book.files if f.path == other), None)
        yield FileEntry(
            path=path, sha256=same.sha256 if same else "", bytes=sizes[path], format="copy", records=0,
            unread=0, note=f"the same bytes as {other}; counted once",
        )  # fmt: skip


def _versions(pack: Pack) -> dict[str, str]:
    parts = ("pyarrow", "duckdb", "pysigma", "hyperscan", "evtx", "msgspec")
    return {
        "sakimori": __version__,
        "python": platform.python_version(),
        "rules": pack.fingerprint,
        **{part: version(part) for part in parts},
    }


def originals_of(
    store: Store, book: Ledger, joined: Sequence[Incident], manifest: Manifest
) -> dict[str, tuple[Original, ...]]:
    """Up to five original records of each finding of the first incidents, by finding id."""
    wanted = {f.id: f for incident in joined[:INCIDENTS_SHOWN] for f in incident.findings}
    asked = {(p.file, p.record) for f in wanted.values() for p in f.places[:ORIGINALS]}
    texts = dict(_of_hits(store, book, asked, "original"))
    hashes = {entry.path: entry.sha256 for entry in manifest.files}
    found = {id_: tuple(_originals(finding, texts, hashes)) for id_, finding in wanted.items()}
    return {id_: shown for id_, shown in found.items() if shown}


def _of_hits(
    store: Store, book: Ledger, asked: Set[tuple[str, int]], column: str
) -> Iterator[tuple[tuple[str, int], str]]:
    """A column of the hits at these places."""
    for file in store.hits():
        for batch in pq.ParquetFile(file).iter_batches(HIT_ROWS, columns=["member", "record", column]):
            members, records = batch.column("member").to_pylist(), batch.column("record").to_pylist()
            for row, (member, record) in enumerate(zip(members, records, strict=True)):
                place = (book.paths[file.parent.name, member][0], record)
                if place in asked:
                    yield place, batch.column(column)[row].as_py()


def _originals(
    finding: Finding, texts: Mapping[tuple[str, int], str], hashes: Mapping[str, str]
) -> Iterator[Original]:
    matched = tuple(value for name, value in sorted(finding.facts.items()) if name.startswith("field."))
    for place in finding.places[:ORIGINALS]:
        text = texts.get((place.file, place.record))
        if text:
            yield Original(
                file=place.file, record=place.record, offset=place.offset, sha256=hashes.get(place.file, ""),
                text=masked(text), matched=matched,
            )  # fmt: skip
