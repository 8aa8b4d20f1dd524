"""The whole base as one STIX 2.1 bundle; `docs/knowledge.md` explains what becomes what.

Plain objects with ids made from ours (UUID version 5), so that a second export of the same base is the same.
What STIX has no property for stands in one extension: Japanese titles and texts, standings, typed names,
claims with their corrections, amounts per source.
https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html
"""

from __future__ import annotations

import uuid
from calendar import monthrange
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sakimori.knowledge.entries import (
    Account,
    Cluster,
    Context,
    Entry,
    Family,
    Flag,
    Measure,
    Name,
    Operation,
    Organisation,
    Shape,
    Stage,
    Vector,
)
from sakimori.knowledge.known import Known
from sakimori.knowledge.techniques import technique

Thing = dict[str, Any]
NAMESPACE = uuid.UUID("7a0e9f0c-5d2b-5a5e-9b1d-3c0f5a7f6e21")  # ours, for ids that never change
WRITTEN = "2026-11-25T00:00:00.000Z"  # of the base, not of the export: two exports are equal
_AUTHOR = f"identity--{uuid.uuid5(NAMESPACE, 'sakimori')}"
EXTENSION = f"extension-definition--{uuid.uuid5(NAMESPACE, 'extension')}"
_SAME = (
    "same",
    "former",
    "renamed",
)  # only these are aliases; overlaps and the like are told in the extension
_KINDS: tuple[tuple[type[Entry], str], ...] = (
    (Cluster, "intrusion-set"),
    (Operation, "campaign"),
    (Organisation, "identity"),
    (Measure, "course-of-action"),
    (Vector, "attack-pattern"),
    (Stage, "attack-pattern"),
    (Shape, "attack-pattern"),
    (Flag, "note"),
    (Account, "note"),
    (Context, "note"),
)
_CLASSES = {"person": "individual"}
_SORTS = {
    "backdoor": "backdoor",
    "loader": "dropper",
    "downloader": "downloader",
    "stealer": "spyware",
    "wiper": "wiper",
    "ransomware": "ransomware",
    "worm": "worm",
    "rootkit": "rootkit",
    "proxy": "unknown",
    "keylogger": "keylogger",
    "payment": "unknown",
    "lure": "trojan",
}
_SECTORS = {
    "government": "government",
    "defence": "defense",
    "aerospace": "aerospace",
    "telecommunications": "telecommunications",
    "finance": "financial-services",
}


def bundle(base: Known) -> Thing:
    """A bundle of all records, names, techniques and the relations between them."""
    things = [_author(), _extension(), *(_thing(base, kind, entry) for kind, entry in base.entries)]
    things += _techniques(base)
    things += sorted(_relations(base), key=lambda one: str(one["id"]))
    return {"type": "bundle", "id": f"bundle--{uuid.uuid5(NAMESPACE, 'bundle')}", "objects": things}


def _common(type_: str, key: str) -> Thing:
    return {
        "type": type_,
        "spec_version": "2.1",
        "id": f"{type_}--{uuid.uuid5(NAMESPACE, key)}",
        "created": WRITTEN,
        "modified": WRITTEN,
        "created_by_ref": _AUTHOR,
    }


def _author() -> Thing:
    about = {
        "name": "Sakimori",
        "identity_class": "system",
        "description": "Records of what others have published.",
    }
    own = {key: value for key, value in _common("identity", "sakimori").items() if key != "created_by_ref"}
    return own | about


def _extension() -> Thing:
    return _common("extension-definition", "extension") | {
        "name": "Sakimori record",
        "description": "Japanese texts, standings, typed names, claims, corrections and amounts.",
        "schema": "docs/knowledge.md",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }


def stix_type(entry: Entry) -> str:
    """The STIX type that a record becomes."""
    if isinstance(entry, Family):
        return "tool" if entry.sort == "public tool" else "malware"
    return next(type_ for kind, type_ in _KINDS if isinstance(entry, kind))


def stix_id(entry: Entry) -> str:
    """The id that a record always has."""
    return f"{stix_type(entry)}--{uuid.uuid5(NAMESPACE, entry.id)}"


def _thing(base: Known, kind: str, entry: Entry) -> Thing:
    made = _common(stix_type(entry), entry.id)
    made |= _own(base, entry)
    made["external_references"] = [*_attack_references(entry), *_cited(base, entry)]
    made["extensions"] = {EXTENSION: _ours(base, kind, entry)}
    return made


def _own(base: Known, entry: Entry) -> Thing:
    named = {"name": entry.title.en, "description": entry.text.en}
    match entry:
        case Cluster():
            aliases = sorted({n.name for n in base.names if n.cluster == entry.id and n.relation in _SAME})
            return named | ({"aliases": aliases} if aliases else {}) | {"goals": list(entry.missions)}
        case Operation():
            return named | _between(entry)
        case Organisation():
            return named | {"identity_class": _CLASSES.get(entry.sort, "organization")}
        case Family():
            return named | _software(entry)
        case Measure() | Vector() | Stage() | Shape():
            return named
        case _:
            about = sorted(stix_id(base.entry(one)) for one in entry.clusters)
            lazarus = [stix_id(base.entry("lazarus"))]
            return {"abstract": entry.title.en, "content": entry.text.en, "object_refs": about or lazarus}


def _between(entry: Operation) -> Thing:
    """First and last seen; the exact words of the source stand in the extension."""
    seen = {"first_seen": _moment(entry.began), "last_seen": _moment(entry.ended, end=True)}
    return {key: value for key, value in seen.items() if value}


def _moment(day: str | None, *, end: bool = False) -> str | None:
    """A day as a time; what the source leaves open is the first, or the last, day it can mean."""
    if day is None:
        return None
    year, month, of_month = [*day.split("-"), "", ""][:3]
    month = month or ("12" if end else "01")
    last = monthrange(int(year), int(month))[1]
    return f"{year}-{month}-{of_month or (last if end else '01')}T00:00:00Z"


def _software(entry: Family) -> Thing:
    if entry.sort == "public tool":
        return {"tool_types": ["remote-access"]}
    return {"malware_types": [_SORTS[entry.sort]], "is_family": True}


def _cited(base: Known, entry: Entry) -> Iterator[Thing]:
    for source in entry.sources:
        one = base.publications[source]
        yield {
            "source_name": one.by,
            "description": f"{one.title} ({one.published}; {one.read})",
            "url": one.url,
        }


_PAGES = {"G": "groups", "S": "software", "C": "campaigns"}


def _attack_references(entry: Entry) -> Iterator[Thing]:
    for field in ("group", "software", "campaign"):
        if versioned := getattr(entry, field, None):
            id_, _, version = versioned.partition("@")
            page = f"https://attack.mitre.org/{_PAGES[id_[0]]}/{id_}/"
            yield {
                "source_name": "mitre-attack",
                "external_id": id_,
                "url": page,
                "description": f"ATT&CK {version}",
            }


def _ours(base: Known, kind: str, entry: Entry) -> Thing:
    told: Thing = {"extension_type": "property-extension", "record": entry.id, "kind": kind}
    told |= {"title_ja": entry.title.ja, "text_ja": entry.text.ja, "standing": entry.standing}
    plain = msgspec.to_builtins(entry)
    kept = {key: value for key, value in plain.items() if key not in _SAID_BY_STIX and value}
    names = [_named(one) for one in base.names if isinstance(entry, Cluster) and one.cluster == entry.id]
    return told | kept | ({"names": names} if names else {})


_SAID_BY_STIX = ("id", "title", "text", "standing", "sources", "clusters", "attack", "vectors", "families")


def _named(name: Name) -> Mapping[str, Any]:
    return {key: value for key, value in msgspec.to_builtins(name).items() if value and key != "cluster"}


def _techniques(base: Known) -> Iterator[Thing]:
    for versioned in sorted({one for _, entry in base.entries for one in entry.attack}):
        id_, _, version = versioned.partition("@")
        found = technique(id_)
        page = f"https://attack.mitre.org/techniques/{id_.replace('.', '/')}/"
        reference = {
            "source_name": "mitre-attack",
            "external_id": id_,
            "url": page,
            "description": f"ATT&CK {version}",
        }
        ours = {"extension_type": "property-extension", "kind": "technique", "attack_version": version}
        if found:
            ours |= {"title_ja": found.japanese or found.name, "current": found.current}
        yield _common("attack-pattern", versioned) | {
            "name": found.name if found and found.name else id_,
            "external_references": [reference],
            "extensions": {EXTENSION: ours},
        }


def _relations(base: Known) -> Iterator[Thing]:
    """Only relations that STIX suggests for these types, and related-to for the rest."""
    for _, entry in base.entries:
        if stix_type(entry) == "note":
            continue
        for versioned in entry.attack:
            target = f"attack-pattern--{uuid.uuid5(NAMESPACE, versioned)}"
            yield _relation(stix_id(entry), "related-to", target)
        for other in entry.clusters:
            yield _to_cluster(entry, base.entry(other))
        for other in (*getattr(entry, "vectors", ()), *getattr(entry, "families", ())):
            yield _relation(stix_id(entry), "uses", stix_id(base.entry(other)))
        for one in getattr(entry, "under", ()):
            yield _relation(stix_id(entry), "related-to", stix_id(base.entry(one.id)), one.since, one.until)


def _to_cluster(entry: Entry, cluster: Entry) -> Thing:
    match entry:
        case Operation() if len(entry.clusters) == 1 and entry.standing == "seen":
            # Where sources disagree, or name several, a program must not read one of them as the answer.
            return _relation(stix_id(entry), "attributed-to", stix_id(cluster))
        case Family() | Vector() | Shape():
            return _relation(stix_id(cluster), "uses", stix_id(entry))
        case _:
            return _relation(stix_id(entry), "related-to", stix_id(cluster))


def _relation(
    source: str, how: str, target: str, since: str | None = None, until: str | None = None
) -> Thing:
    made = _common("relationship", f"{source} {how} {target}")
    made |= {"relationship_type": how, "source_ref": source, "target_ref": target}
    dates = {"start_time": _moment(since), "stop_time": _moment(until, end=True)}
    return made | {key: value for key, value in dates.items() if value}
