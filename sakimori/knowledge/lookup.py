"""Finds what a reader means in the base, whatever the spelling; and says so where nothing is recorded.

Compatibility forms, case, spaces, hyphens and dots do not matter. A near miss is suggested, never taken.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from sakimori.knowledge.entries import Cluster, Entry, Family, Name, Operation
from sakimori.knowledge.known import Known, known
from sakimori.knowledge.releases import Release, releases
from sakimori.knowledge.techniques import Technique, looks_like_technique, technique

# Which record is shown where a text means several; the others are named beside it.
_FIRST = (
    "cluster",
    "operation",
    "family",
    "organisation",
    "vector",
    "measure",
    "flag",
    "account",
    "stage",
    "shape",
    "context",
)
_ONE_AND_THE_SAME = ("same", "former", "renamed")
_HASH = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}", re.IGNORECASE
)
_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
_DEFANGED = (("[.]", "."), ("(.)", "."), ("[:]", ":"), ("hxxp", "http"))
_NOT_ENOUGH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a text means. At most one of `entry`, `technique` and `release` is the card to show.

    `names` are the statements about the text as a name: without a card, they are all there is. `others` are
    records the text may also mean. `observable` says what the text is where it is an indicator of which
    nothing is recorded; `suggestions` are spellings that are near, where nothing was found.
    """

    asked: str
    entry: Entry | None = None
    technique: Technique | None = None
    release: Release | None = None
    names: tuple[Name, ...] = ()
    others: tuple[Entry, ...] = ()
    observable: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything is recorded under the text."""
        return bool(self.entry or self.technique or self.release or self.names)


def look_up(text: str) -> Answer:
    """What the base holds of a name, id, technique, hash or address."""
    if looks_like_technique(text):
        return Answer(asked=text, technique=technique(text))
    key = squeezed(text)
    names = _names().get(key, ())
    entries = _meant(key, names)
    if entries or names:
        return Answer(asked=text, entry=next(iter(entries), None), names=names, others=entries[1:])
    if kind := observable(text):
        return Answer(asked=text, observable=kind, release=_release(text))
    return Answer(asked=text, suggestions=_near(key))


def squeezed(text: str) -> str:
    """The text as it is compared: NFKC, small, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def observable(text: str) -> str:
    """`hash`, `address`, `url` or `domain` where the text looks like one, defanged or not; else empty."""
    plain = text.strip()
    for broken, whole in _DEFANGED:
        plain = plain.replace(broken, whole)
    if _HASH.fullmatch(plain):
        return "hash"
    if re.match(r"[a-z][a-z0-9+.-]*://\S", plain, re.IGNORECASE):
        return "url"
    try:
        ipaddress.ip_address(plain.strip("[]"))
    except ValueError:
        return "domain" if _DOMAIN.fullmatch(plain.rstrip(".")) else ""
    return "address"


def _meant(key: str, names: tuple[Name, ...]) -> tuple[Entry, ...]:
    direct = dict.fromkeys(_entries().get(key, ()))
    clusters = {name.cluster for name in names}
    # A name that is wholly one cluster is that cluster; any other name is shown as what it is: a statement.
    if len(clusters) == 1 and all(name.relation in _ONE_AND_THE_SAME for name in names):
        direct[clusters.pop()] = None
    return tuple(sorted(map(known().entry, direct), key=lambda entry: _FIRST.index(known().kind(entry.id))))


def _release(text: str) -> Release | None:
    hash_ = text.strip().lower()
    return next((release for release in releases() if hash_ in release.hashes), None)


def _near(key: str) -> tuple[str, ...]:
    if len(key) < _NOT_ENOUGH:
        return ()
    keys = get_close_matches(key, _spellings(), n=5, cutoff=0.7)
    return tuple(dict.fromkeys(_spellings()[one] for one in keys))


@cache
def _entries() -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for _, entry in known().entries:
        for key in dict.fromkeys(map(squeezed, _written(entry))):
            found[key].append(entry.id)
    return dict(found)


@cache
def _names() -> dict[str, tuple[Name, ...]]:
    found: defaultdict[str, list[Name]] = defaultdict(list)
    for name in known().names:
        found[squeezed(name.name)].append(name)
    return {key: tuple(names) for key, names in found.items()}


@cache
def _spellings() -> dict[str, str]:
    base = known()
    written = [text for _, entry in base.entries for text in _written(entry)]
    return {squeezed(text): text for text in (*written, *(name.name for name in base.names))}


def _written(entry: Entry) -> Iterator[str]:
    """The ways in which a record is written: title in both tongues and its parts, other spellings, ids."""
    yield entry.id
    for title in (entry.title.en, entry.title.ja):
        yield title
        bare = re.sub(r"\s*[((][^))]*[))]", "", title)
        yield bare
        yield from (part.strip() for part in bare.split(" / "))
    yield from entry.also
    for versioned in _attack_ids(entry):
        yield versioned.partition("@")[0]


def _attack_ids(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Cluster) and entry.group:
        yield entry.group
    if isinstance(entry, Family) and entry.software:
        yield entry.software
    if isinstance(entry, Operation) and entry.campaign:
        yield entry.campaign


def related(base: Known, entry: Entry) -> dict[str, tuple[Entry, ...]]:
    """Records that name this one or are named by it, by kind; never further than one step."""
    mine = {*entry.clusters, *getattr(entry, "vectors", ()), *getattr(entry, "families", ())}
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for kind, other in base.entries:
        names_me = entry.id in {
            *other.clusters,
            *getattr(other, "vectors", ()),
            *getattr(other, "families", ()),
        }
        above = entry.id in {one.id for one in getattr(other, "under", ())}
        below = other.id in {one.id for one in getattr(entry, "under", ())}
        if other.id in mine or names_me or above or below:
            found[kind].append(other)
    return {kind: tuple(others) for kind, others in found.items()}


def using(base: Known, found: Technique) -> tuple[Entry, ...]:
    """Records that name a technique under any of its numbers."""
    numbers = {found.id, found.current, *found.forerunners}
    return tuple(e for _, e in base.entries if numbers & {one.partition("@")[0] for one in e.attack})
