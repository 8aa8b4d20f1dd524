"""What rules say on a baseline: evidence of ordinary days, on which they ought to be silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sakimori.detection.sigma.bind import text_of_field
from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.findings import Hit, hit_of
from sakimori.detection.sigma.hits import hits
from sakimori.detection.sigma.kernel.tree import KEYWORD, positive_atoms
from sakimori.detection.sigma.rule import Rule
from sakimori.detection.subjects import primary, subjects
from sakimori.findings import day_of
from sakimori.records.batch import Batch
from sakimori.records.catalogue import Catalogue

VALUES, KEPT = 5, 1000  # shown of a field, and counted at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How often a rule spoke, on how many hosts, days and host-days, and the values it spoke of most."""

    rule: Rule
    events: int
    hosts: int
    days: int
    host_days: int
    values: Mapping[str, tuple[tuple[str, int], ...]]

    @property
    def per_host_day(self) -> float:
        """Events on a host on a day on which the rule spoke there."""
        return self.events / self.host_days


def hits_in(batches: Iterable[Batch], engine: Engine) -> Iterator[Hit]:
    """The hits of the engine's rules; an event that has an identity and was exported twice comes once."""
    seen: set[str] = set()
    for batch in batches:
        fired = engine.look(batch)
        if fired is None:
            continue
        for row in hits(batch.stream.log, fired, batch.members(0), ()).to_pylist():
            if row["identity"] not in seen:
                seen.update([row["identity"]] if row["identity"] is not None else ())
                yield hit_of(row, "", "")


@dataclass(slots=True)
class _Tally:
    rule: Rule
    events: int = 0
    spoke: set[tuple[str, str]] = field(default_factory=set)
    values: dict[str, Counter[str]] = field(default_factory=dict)


def noise_of(found: Iterable[Hit], engine: Engine) -> tuple[Noise, ...]:
    """The rules that spoke, those on most hosts first; rules that only serve correlations are left out."""
    rules = {rule.id: rule for rule in engine.pack.rules if rule.id not in engine.pack.quiet}
    tallies: dict[str, _Tally] = {}
    for hit in found:
        for id_ in hit.rules:
            if id_ in rules:
                _count(tallies.setdefault(id_, _Tally(rules[id_])), hit, engine.catalogue)
    return tuple(sorted(map(_noise, tallies.values()), key=lambda n: (-n.hosts, -n.events, n.rule.id)))


def _count(tally: _Tally, hit: Hit, catalogue: Catalogue) -> None:
    log = catalogue[hit.log]
    tally.events += 1
    tally.spoke.add((primary(subjects(log, hit.fields), "").value, day_of(hit.clock)))
    for name in asked_of(tally.rule):
        value = text_of_field(log, name, hit.fields)
        counted = tally.values.setdefault(name, Counter())
        if value and (value in counted or len(counted) < KEPT):
            counted[value] += 1


def asked_of(rule: Rule) -> tuple[str, ...]:
    """The fields that a rule asks to hold something, in its order."""
    return tuple(dict.fromkeys(atom.field for atom in positive_atoms(rule.tree) if atom.field != KEYWORD))


def _noise(tally: _Tally) -> Noise:
    ordered = {
        name: tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:VALUES])
        for name, counted in tally.values.items()
        if counted
    }
    hosts, days = ({pair[at] for pair in tally.spoke} for at in (0, 1))
    return Noise(
        rule=tally.rule, events=tally.events, hosts=len(hosts), days=len(days), host_days=len(tally.spoke),
        values=ordered,
    )  # fmt: skip
