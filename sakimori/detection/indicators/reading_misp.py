"""MISP JSON: an event, a list of events, or what its search answers.

https://www.misp-standard.org/rfc/misp-standard-core.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sakimori.detection.indicators.indicator import Source, day
from sakimori.detection.indicators.making import Gathered

_TYPES: Mapping[str, str] = {
    "md5": "hash", "sha1": "hash", "sha256": "hash", "filename": "file_name", "domain": "domain",
    "hostname": "domain", "ip-src": "address", "ip-dst": "address", "ip-src|port": "address_port",
    "ip-dst|port": "address_port", "url": "url", "uri": "url_path", "mutex": "mutex",
    "regkey": "registry_key",
    "user-agent": "user_agent", "windows-service-name": "service", "windows-scheduled-task": "task",
}  # fmt: skip
# Two values in one: which halves are indicators of their own.
_PAIRS: Mapping[str, tuple[str, str]] = {
    "filename|md5": ("", "hash"), "filename|sha1": ("", "hash"), "filename|sha256": ("", "hash"),
    "domain|ip": ("domain", "address"), "hostname|port": ("domain", ""), "regkey|value": ("registry_key", ""),
}  # fmt: skip


def read_misp(document: Any, into: Gathered) -> None:
    """Attributes meant for detection, of the events and their objects; the others are refused."""
    for event in _events(document):
        source = Source(str(_named(event.get("Orgc")) or "MISP"), "")
        for attribute, about in _attributes(event):
            _take(attribute, about, event, source, into)


def _events(document: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, list):
        for one in document:
            yield from _events(one)
    elif isinstance(document, dict):
        if isinstance(document.get("Event"), dict):
            yield document["Event"]
        elif "response" in document:
            yield from _events(document["response"])
        elif isinstance(document.get("Attribute"), list):
            yield document


def _attributes(event: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for holder in (event, *_dicts(event.get("Object"))):
        for attribute in _dicts(holder.get("Attribute")):
            yield attribute, holder


def _dicts(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _named(found: Any) -> Any:
    return found.get("name") if isinstance(found, dict) else None


def _take(
    attribute: Mapping[str, Any],
    about: Mapping[str, Any],
    event: Mapping[str, Any],
    source: Source,
    into: Gathered,
) -> None:
    where = f"attribute {str(attribute.get('uuid') or attribute.get('id') or '')[:40]}"
    kind, value = str(attribute.get("type")), str(attribute.get("value") or "")
    if attribute.get("to_ids") in (False, "0", 0) or attribute.get("deleted") in (True, "1"):
        into.refuse(where, value, "its author does not mean it for detection")
    elif kind in _PAIRS:
        for half, text in zip(_PAIRS[kind], value.split("|", 1), strict=False):
            if half:
                into.take(where, half, text, **_more(attribute, about, event, source))
    elif kind not in _TYPES:
        into.refuse(where, value, f"{kind[:40]} is no type that is looked for")
    else:
        into.take(where, _TYPES[kind], value, **_more(attribute, about, event, source))


def _more(
    attribute: Mapping[str, Any], about: Mapping[str, Any], event: Mapping[str, Any], source: Source
) -> dict[str, object]:
    tags = [str(_named(t) or "") for holder in (attribute, about, event) for t in _dicts(holder.get("Tag"))]
    names = sorted(
        {tag.split('"')[1] for tag in tags if tag.startswith("misp-galaxy:") and tag.count('"') > 1}
    )
    return {
        "first_seen": day(attribute.get("first_seen"))
        or day(event.get("date"))
        or attribute.get("timestamp"),
        "last_seen": attribute.get("last_seen"),
        "sources": [source],
        "said_by": f"{source.name}: {', '.join(names)}" if names else "",
        "words": [*tags, str(attribute.get("comment") or "")],
    }
