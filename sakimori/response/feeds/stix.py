"""STIX 2.1: a bundle of indicators that expire by themselves, for exchanges and platforms.

https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sakimori.response.contract import document
from sakimori.response.feeds.published import BLOCK, Published, Stamp, identifier, instant
from sakimori.response.hostile import visible

_HASHES = {32: "MD5", 40: "'SHA-1'", 64: "'SHA-256'"}
_NAMES = {"address": "Address", "domain": "Domain name", "url": "Link", "hash": "File"}


def stix(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`stix.json`; a bundle without objects where there is no entry."""
    bundle: dict[str, Any] = {"type": "bundle", "id": f"bundle--{identifier('bundle', str(stamp.at))}"}
    if entries:
        author = _author(min(one.since for one in entries))
        ordered = sorted(entries, key=lambda one: one.id)
        bundle["objects"] = [author, *(_indicator(one, author["id"]) for one in ordered)]
    return {"stix.json": document(bundle)}


def _author(since: int) -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{identifier('identity', 'respond')}",
        "created": _moment(since),
        "modified": _moment(since),
        "name": "Sakimori",
        "identity_class": "system",
    }


def _indicator(one: Published, author: str) -> dict[str, Any]:
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{identifier('indicator', one.id)}",
        "created_by_ref": author,
        "created": _moment(one.since),
        "modified": _moment(one.since),
        "name": f"{_NAMES[one.entry.type]} {one.entry.value}",
        "description": visible(f"{one.reason} ({one.owner})"),
        "indicator_types": ["malicious-activity" if one.use == BLOCK else "anomalous-activity"],
        "pattern": pattern(one),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": _moment(one.since),
        "valid_until": _moment(one.until),
        "labels": [one.use],
        "external_references": [{"source_name": "sakimori", "external_id": one.id}],
    }


def pattern(one: Published) -> str:
    """`[domain-name:value = 'c2.example.net']`."""
    value = one.entry.value.replace("\\", "\\\\").replace("'", "\\'")
    return f"[{_path(one)} = '{value}']"


def _path(one: Published) -> str:
    if one.entry.type == "hash":
        return f"file:hashes.{_HASHES[len(one.entry.value)]}"
    if one.entry.type == "address":
        return "ipv6-addr:value" if ":" in one.entry.value else "ipv4-addr:value"
    return "domain-name:value" if one.entry.type == "domain" else "url:value"


def _moment(seconds: int) -> str:
    return instant(seconds).replace("Z", ".000Z")
