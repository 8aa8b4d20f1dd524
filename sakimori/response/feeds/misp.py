"""MISP: one event in the core format, its attributes marked for detection where they may be blocked.

https://www.misp-standard.org/rfc/misp-standard-core.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sakimori.response.contract import document
from sakimori.response.feeds.published import BLOCK, Published, Stamp, day, identifier, instant
from sakimori.response.hostile import visible

_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
_TYPES = {"address": "ip-dst", "domain": "domain", "url": "url"}
_ORGANISATION = {"name": "Sakimori", "uuid": str(identifier("identity", "respond"))}


def misp(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`misp.json`; the event stays the same one, so that an import updates it, and empties with the list."""
    began = min((one.since for one in entries), default=stamp.at)
    event = {
        "uuid": str(identifier("event", "respond")),
        "info": "Sakimori: entries approved for blocking and watching",
        "date": day(began),
        "timestamp": str(stamp.at),
        "published": False,
        "analysis": "1",
        "threat_level_id": "2",
        "distribution": "0",
        "Org": _ORGANISATION,
        "Orgc": _ORGANISATION,
        "Attribute": [_attribute(one) for one in sorted(entries, key=lambda one: one.id)],
    }
    return {"misp.json": document({"Event": event})}


def _attribute(one: Published) -> dict[str, Any]:
    is_file = one.entry.type == "hash"
    until = f"until {instant(one.until)}"
    return {
        "uuid": str(identifier("attribute", one.id)),
        "type": _HASHES[len(one.entry.value)] if is_file else _TYPES[one.entry.type],
        "category": "Payload delivery" if is_file else "Network activity",
        "value": one.entry.value,
        "to_ids": one.use == BLOCK,
        "distribution": "5",
        "disable_correlation": False,
        "comment": visible(f"{one.id}: {one.reason} ({one.owner}), {until}"),
        "timestamp": str(one.since),
    }
