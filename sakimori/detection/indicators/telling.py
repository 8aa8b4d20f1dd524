"""What is said where an indicator is met: how old the word is, who says it, and how much it weighs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sakimori.detection.indicators.indicator import HACKED, NETWORK, SHARED, SINKHOLE, Indicator
from sakimori.detection.subjects import is_inner, normal
from sakimori.engine.local import PLACES
from sakimori.findings import Finding, Place, Severity, Subject, day_of
from sakimori.masking import masked
from sakimori.tongue import tongue

_SUBJECTS = 64
_SHOWN = 160
TITLES: Mapping[str, str] = {
    "hash": "A file that others have reported",
    "domain": "A name that others have reported",
    "url": "A link that others have reported",
    "url_path": "A path on a server that others have reported",
    "address": "An address that others have reported",
    "address_port": "An address and port that others have reported",
    "file_name": "A file name that others have reported",
    "path": "A file's place that others have reported",
    "registry_key": "A registry key that others have reported",
    "mutex": "A mutex that others have reported",
    "service": "A service that others have reported",
    "task": "A scheduled job that others have reported",
    "command_line": "A command line that others have reported",
    "certificate_serial": "A certificate that others have reported",
    "user_agent": "A client's name that others have reported",
}
_STRONG: Mapping[str, Severity] = {
    "hash": Severity.HIGH, "domain": Severity.HIGH, "url": Severity.HIGH, "mutex": Severity.HIGH,
    "certificate_serial": Severity.HIGH, "file_name": Severity.LOW, "user_agent": Severity.LOW,
}  # fmt: skip
# Days after which an address or a name that names no end has probably another owner: hosts are let by the
# month, names by the year.
_FRESH: Mapping[str, int] = {"address": 180, "address_port": 180, "domain": 730, "url": 730, "url_path": 730}
_DOUBTS: Mapping[str, str] = {
    "undated": "Nobody says when it was seen, so it may have another owner now.",
    "expired": "Its source no longer vouched for it at that time.",
    "old": "It was reported so long before that it may have another owner now.",
    HACKED: "It belongs to somebody who was broken into, and most visits to it are innocent.",
    SHARED: "Many share it, and most visits to it are innocent.",
    SINKHOLE: "Defenders hold it now: whoever calls it may still be infected.",
}
_NEXT = "Look at what was done just before and after, and whether others of the same source are met."
_MISSES = "It says that a value was met, not who was behind it; values are let go of, shared and copied."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Records of somebody and one day in which an indicator was met; texts are empty where nobody says."""

    indicator: Indicator
    table: str
    host: str = ""
    account: str = ""
    address: str = ""
    image: str = ""
    instance: str = ""
    field: str
    seen: str
    count: int
    first_seen: int | None
    last_seen: int | None
    places: tuple[Place, ...]

    @property
    def primary(self) -> Subject:
        """Its host, else its account, else the address it came from, else what was met."""
        for kind, text in (("host", self.host), ("account", self.account), ("address", self.address)):
            if text and normal(kind, text):
                return Subject(kind, normal(kind, text))
        return itself(self.indicator)


def itself(one: Indicator) -> Subject:
    """What was met, as an entity other findings may name."""
    kind, value = one.type, one.value
    if kind == "address_port":
        kind, value = "address", value.rpartition(":")[0].strip("[]")
    elif kind == "url":
        kind = "url"
    elif kind in ("path", "file_name"):
        kind = "file"
    return Subject(kind, normal(kind, value)) if kind in _ENTITIES else Subject("file", normal("file", value))


_ENTITIES = frozenset({"hash", "domain", "url", "address", "file", "registry_key", "service", "task"})


def techniques_of(type_: str) -> tuple[str, ...]:
    """Command and control for what is called over the network; a file alone names no technique."""
    return ("T1071",) if type_ in NETWORK else ()


def told(sightings: Iterable[Sighting]) -> Iterator[Finding]:
    """One finding for each indicator, primary subject and day."""
    groups: defaultdict[tuple[str, str, Subject, str], list[Sighting]] = defaultdict(list)
    for one in sightings:
        groups[one.indicator.type, one.indicator.value, one.primary, day_of(one.first_seen)].append(one)
    for group in groups.values():
        yield _finding(sorted(group, key=_order))


def _order(one: Sighting) -> tuple[object, ...]:
    return (
        one.first_seen is None,
        one.first_seen or 0,
        one.table,
        one.field,
        one.seen,
        one.account,
        one.image,
        one.places,
    )


def _finding(group: Sequence[Sighting]) -> Finding:
    first, one = group[0], group[0].indicator
    times = [t for s in group for t in (s.first_seen, s.last_seen) if t is not None]
    doubts = doubts_of(one, min(times, default=None))
    return Finding(
        detector=f"indicator:{one.type}:{one.digest}",
        title=TITLES[one.type],
        severity=severity_of(one, doubts),
        confidence="low" if doubts else one.confidence,
        # A doubted word supports no stage of an intrusion either.
        techniques=() if doubts else techniques_of(one.type),
        subjects=_subjects(group),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
        count=sum(s.count for s in group),
        places=tuple(sorted({place for s in group for place in s.places}))[:PLACES],
        because=because(first, doubts, "en"),
        facts=_facts(group, doubts),
        source={"author": _names(one), "license": one.licence or "not stated", "url": _url(one)},
    )


def _subjects(group: Sequence[Sighting]) -> tuple[Subject, ...]:
    first = group[0].primary
    found: dict[Subject, None] = {first: None, itself(group[0].indicator): None}
    for one in group:
        for kind, text in _named(one):
            if text and normal(kind, text):
                found[Subject(kind, normal(kind, text))] = None
        if one.address and not is_inner(one.address):
            found[Subject("address", normal("address", one.address))] = None
    return tuple(found)[:_SUBJECTS]


def _named(one: Sighting) -> tuple[tuple[str, str], ...]:
    process = ("process", one.image), ("process_instance", one.instance)
    return ("host", one.host), ("account", one.account), *process


def doubts_of(one: Indicator, clock: int | None) -> tuple[str, ...]:
    """What speaks against the word of an indicator at that time: keys of the sentences that say so."""
    seen = day_of(clock)
    found = [tag for tag in (HACKED, SHARED, SINKHOLE) if tag in one.tags and one.type != "url_path"]
    if one.type == "url" and HACKED in found:
        found.remove(HACKED)  # the path tells the intruder's page from the owner's
    if one.expires and seen and one.expires < seen:
        found.insert(0, "expired")
    elif one.type in NETWORK and not one.dated:
        found.insert(0, "undated")
    elif (
        one.type in _FRESH
        and not one.expires
        and (age := age_of(one, clock)) is not None
        and age > _FRESH[one.type]
    ):
        found.insert(0, "old")
    return tuple(found)


def severity_of(one: Indicator, doubts: Sequence[str]) -> Severity:
    """By type and confidence; low for all that is doubted, so that it never founds an incident alone."""
    if doubts:
        return Severity.LOW
    strong = _STRONG.get(one.type, Severity.MEDIUM)
    return Severity(max(Severity.LOW, strong - 1)) if one.confidence == "low" else strong


def age_of(one: Indicator, clock: int | None) -> int | None:
    """Days from the last word on it to the event, negative where the word came later; None without a date."""
    seen = day_of(clock)
    if not seen or not one.dated:
        return None
    return (date.fromisoformat(seen) - date.fromisoformat(one.dated)).days


def because(first: Sighting, doubts: Sequence[str], lang: str) -> str:
    """Who met what, who reports it since when, and what speaks against it."""
    say, one = tongue(lang), first.indicator
    facts = {
        "who": first.primary.value,
        "value": _short(one.value),
        "n": len(one.sources),
        "names": _names(one),
    }
    age = age_of(one, first.first_seen)
    if age is None:
        sentence = say(
            "{who} met {value}, reported without a date that could be compared (sources: {n}; {names}).",
            **facts,
        )
    elif age >= 0:
        sentence = say(
            "{who} met {value}, last reported {days} days before (sources: {n}; {names}).", days=age, **facts
        )
    else:
        sentence = say(
            "{who} met {value}, reported {days} days later (sources: {n}; {names}).", days=-age, **facts
        )
    return " ".join([sentence, *(say(_DOUBTS[doubt]) for doubt in doubts)])


def _names(one: Indicator) -> str:
    names = list(dict.fromkeys(source.name for source in one.sources if source.name))
    return ", ".join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else "") or "not stated"


def _url(one: Indicator) -> str:
    return next((source.url for source in one.sources if source.url), "")


def _short(text: str) -> str:
    text = masked(text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _facts(group: Sequence[Sighting], doubts: Sequence[str]) -> dict[str, str]:
    say, first, one = tongue("ja"), group[0], group[0].indicator
    age = age_of(one, first.first_seen)
    facts = {
        "count": str(sum(s.count for s in group)),
        "indicator": one.type,
        "value": one.value,
        "sources": str(len(one.sources)),
        "licence": one.licence or "not stated",
        # Always there: what nobody dated is of unknown age, and says so.
        "age": "unknown" if age is None else f"{age} days",
        "age_days": "" if age is None else str(age),
        "first_reported": one.first_seen,
        "last_reported": one.last_seen,
        "expires": one.expires,
        "tags": ", ".join(one.tags),
        "doubts": ", ".join(doubts),
        "said_by": one.said_by,
        "description": TITLES[one.type],
        "misses": _MISSES,
        "next": _NEXT,
        "title_ja": say(TITLES[one.type]),
        "description_ja": say(TITLES[one.type]),
        "because_ja": because(first, doubts, "ja"),
        "misses_ja": say(_MISSES),
        "next_ja": say(_NEXT),
        f"field.{first.field}": first.seen,
    }
    return {name: value for name, value in facts.items() if value}
