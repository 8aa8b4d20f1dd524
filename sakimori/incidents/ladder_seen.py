"""What of an incident others have published: artefacts, indicators, releases, each with its doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sakimori.findings import Finding, day_of
from sakimori.knowledge.artefacts import Artefact, artefacts, operations_of_releases
from sakimori.knowledge.entries import Cluster, Entry, Family, Operation
from sakimori.knowledge.known import known
from sakimori.knowledge.lookup import look_up
from sakimori.knowledge.releases import Release, releases

_NETWORK = frozenset({"domain", "url", "url_path", "address", "address_port"})
# Names that anybody may give a file or a client: met, they are a lead, not a trace.
_COMMON = frozenset({"file_name", "user_agent"})
_BORROWED = ("hacked legitimate site", "shared hosting", "sinkhole")
_RELEASES = ("compromised_release_installed", "compromised_release_in_folder", "compromised_release_file")
_TYPES: Mapping[str, tuple[str, ...]] = {
    "path": ("file", "process"),
    "file_name": ("file", "process"),
    "registry_key": ("registry_key",),
    "service": ("service",),
    "task": ("task",),
    "account": ("account",),
    "url": ("url",),
}
# Fields that hold a name of their own; any other may hold a command line, a path or a key.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "service": ("servicename", "name"),
    "task": ("taskname", "name"),
    "account": ("targetusername", "account"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something of an incident that a publication names.

    `doubts` are why it lifts no incident above L2; empty where it is exact. `published` is as exact as its
    source. `said` quotes who an indicator is said to be of; `operations` and the rest are ids of the base.
    """

    sort: str  # artefact, indicator, release
    type: str
    value: str
    finding: str
    doubts: tuple[str, ...] = ()
    publishers: frozenset[str] = frozenset()
    published: str = ""
    days: int | None = None
    said: str = ""
    families: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()

    @property
    def network(self) -> bool:
        """Whether it is infrastructure, not something on a machine."""
        return self.type in _NETWORK

    @property
    def exact(self) -> bool:
        """Whether it alone founds L3."""
        return not self.doubts


def seen(findings: Iterable[Finding]) -> tuple[Seen, ...]:
    """All of it, each value once: the undoubted before the doubted."""
    found: dict[tuple[str, str], Seen] = {}
    for finding in findings:
        for one in _of(finding):
            held = found.get((one.sort, one.value))
            if held is None or (held.doubts and not one.doubts):
                found[one.sort, one.value] = one
    return tuple(sorted(found.values(), key=lambda one: (bool(one.doubts), one.sort, one.value)))


def _of(finding: Finding) -> Iterator[Seen]:
    kind, _, rest = finding.detector.partition(":")
    if kind == "indicator":
        yield _indicator(finding)
    elif rest in _RELEASES:
        yield from _release(finding)
    yield from _artefacts(finding)


def _indicator(finding: Finding) -> Seen:
    facts = finding.facts
    entries = said_to_be(facts.get("said_by", ""))
    families = tuple(e.id for e in entries if isinstance(e, Family) and e.sort != "public tool")
    return Seen(
        sort="indicator", type=facts.get("indicator", ""), value=facts.get("value", ""), finding=finding.id,
        doubts=tuple(_doubts(finding)),
        publishers=frozenset(re.split(r", | \+\d+$", finding.source.get("author", ""))) - {"", "not stated"},
        published=facts.get("last_reported") or facts.get("first_reported", ""),
        days=int(facts["age_days"]) if facts.get("age_days") else None,
        said=facts.get("said_by", ""), families=families, clusters=_clusters_of(entries),
        operations=tuple(e.id for e in entries if isinstance(e, Operation)),
    )  # fmt: skip


def _doubts(finding: Finding) -> Iterator[str]:
    """Why an indicator lifts nothing above L2, strictest first; the word of the finding and our own."""
    facts, type_ = finding.facts, finding.facts.get("indicator", "")
    told = dict.fromkeys(part for part in facts.get("doubts", "").split(", ") if part)
    yield from told
    tags = facts.get("tags", "").split(", ")
    yield from (tag for tag in _BORROWED if tag in tags and tag not in told)
    dated = facts.get("first_reported") or facts.get("last_reported")
    if type_ in _NETWORK and not dated and "undated" not in told:
        yield "undated"
    if type_ in _NETWORK and finding.first_seen is None:
        yield "no time"
    if type_ in _COMMON:
        yield "common name"
    if finding.confidence == "low" and not told:
        yield "low confidence"


def said_to_be(text: str) -> tuple[Entry, ...]:
    """Records of the base that a quotation names, whatever stands round the names."""
    parts = [part.strip() for part in re.split(r"[;,:()|/]| - ", text)]
    found: dict[str, Entry] = {}
    for part in filter(None, (text.strip(), *parts)):
        for entry in _meant(part):
            found[entry.id] = entry
    return tuple(found.values())


@cache
def _meant(part: str) -> tuple[Entry, ...]:
    if len(part) < 3:
        return ()
    answer = look_up(part)
    if isinstance(answer.entry, Cluster | Family | Operation):
        return (answer.entry,)
    return tuple(known().entry(name.cluster) for name in answer.names)


def _clusters_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Clusters named outright; those of what is named, where none is. A public tool is nobody's."""
    entries = tuple(entries)
    named = [entry.id for entry in entries if isinstance(entry, Cluster)]
    if named:
        return tuple(named)
    owners = (e.clusters for e in entries if not (isinstance(e, Family) and e.sort == "public tool"))
    return tuple(dict.fromkeys(owner for clusters in owners for owner in clusters))


def _release(finding: Finding) -> Iterator[Seen]:
    texts = set(finding.facts.values())
    for one in releases():
        if one.title in texts or any(text in one.hashes for text in texts):
            yield _of_release(one, finding)


def _of_release(one: Release, finding: Finding) -> Seen:
    placed = operations_of_releases().get(one.id)
    unclear = finding.facts.get("field.unclear", "").lower() == "true"
    doubts = ("unclear version",) * unclear + ("another's",) * (one.actor != "group")
    doubts += ("disputed",) * (one.standing == "disputed")
    return Seen(
        sort="release", type="release", value=one.title, finding=finding.id, doubts=doubts,
        publishers=frozenset({one.source.split("/")[2]}), published=one.published.isoformat(),
        days=_age(one.published.isoformat(), finding.first_seen),
        clusters=placed.clusters if placed else (), operations=(placed.operation,) if placed else (),
    )  # fmt: skip


def _artefacts(finding: Finding) -> Iterator[Seen]:
    for one in artefacts():
        if any(one.stands_in(text) for text in _texts(one, finding)):
            publishers = frozenset(known().publications[source].by for source in one.sources)
            yield Seen(
                sort="artefact", type=one.type, value=one.text, finding=finding.id,
                doubts=() if one.standing == "seen" else ("recalled",), publishers=publishers,
                published=one.published, days=_age(one.published, finding.first_seen),
                families=one.families, clusters=one.clusters, operations=one.operations,
            )  # fmt: skip


def _texts(one: Artefact, finding: Finding) -> Iterator[str]:
    kinds = _TYPES.get(one.type, ())
    yield from (subject.value for subject in finding.subjects if subject.type in kinds)
    names = _NAMES.get(one.type)
    for key, text in finding.facts.items():
        field = key.removeprefix("field.").lower()
        if key.startswith("field.") and (names is None or field in names):
            yield text


def _age(published: str, clock: int | None) -> int | None:
    """Days from a publication to an event; None where either has no whole date."""
    day = day_of(clock)
    if len(published) != 10 or not day:
        return None
    return (date.fromisoformat(day) - date.fromisoformat(published)).days
