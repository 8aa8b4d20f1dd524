"""STIX 2.1 bundles: indicators whose pattern compares plainly; every other pattern is refused.

https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html, chapter 9.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sakimori.detection.indicators.indicator import Source
from sakimori.detection.indicators.making import Gathered

_OBSERVED: Mapping[str, str] = {
    "file:hashes.md5": "hash", "file:hashes.sha-1": "hash", "file:hashes.sha-256": "hash",
    "file:hashes.sha1": "hash", "file:hashes.sha256": "hash", "file:name": "file_name",
    "directory:path": "path", "domain-name:value": "domain", "ipv4-addr:value": "address",
    "ipv6-addr:value": "address", "url:value": "url", "windows-registry-key:key": "registry_key",
    "mutex:name": "mutex", "process:command_line": "command_line",
    "x509-certificate:serial_number": "certificate_serial",
    "process:extensions.windows-service-ext.service_name": "service",
    "network-traffic:dst_ref.value": "address", "network-traffic:src_ref.value": "address",
    "network-traffic:extensions.http-request-ext.request_header.user-agent": "user_agent",
    "network-traffic:extensions.http-request-ext.request_value": "url_path",
}  # fmt: skip
_COMPARISON = re.compile(
    r"\s*([a-z0-9-]+:[\w'.\[\]-]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\d+))\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"(AND|OR)\b", re.IGNORECASE)
_GROUPS = re.compile(r"\s*\[((?:[^\]\['\\]|'(?:[^'\\]|\\.)*'|\[\d+\]|\\.)*)\]\s*")
_NAMING = ("intrusion-set", "threat-actor", "campaign", "malware")


class _Unread(ValueError):
    """A pattern that is more than plain comparisons."""


def read_stix(document: Mapping[str, Any], into: Gathered) -> None:
    """The bundle's indicators; revoked and benign ones are refused."""
    objects = [one for one in _listed(document, "objects") if isinstance(one, dict)]
    by_id = {str(one.get("id")): one for one in objects}
    said = _said(objects, by_id)
    for one in objects:
        if one.get("type") != "indicator":
            continue
        where = str(one.get("id"))[:80]
        if problem := _problem(one):
            into.refuse(where, one.get("pattern", ""), problem)
            continue
        try:
            found = list(values(str(one.get("pattern", ""))))
        except _Unread as error:
            into.refuse(where, one.get("pattern", ""), str(error))
            continue
        for kind, value in found:
            into.take(where, kind, value, **_more(one, by_id, said[str(one.get("id"))]))


def _problem(one: Mapping[str, Any]) -> str:
    if one.get("revoked") is True:
        return "its author took it back"
    if "benign" in _listed(one, "indicator_types"):
        return "its author calls it benign"
    if one.get("pattern_type", "stix") != "stix":
        return f"its pattern is {str(one.get('pattern_type'))[:20]}, not stix"
    return ""


def values(pattern: str) -> Iterator[tuple[str, str]]:
    """Types and values of a pattern of plain comparisons joined by OR, or an address AND its port.

    Raises ValueError with the reason for any other.
    """
    at, first = 0, True
    while at < len(pattern):
        if not first:
            found = re.compile(r"OR\b", re.IGNORECASE).match(pattern, at)
            if not found:
                raise _Unread("it asks for more than one observation: only OR of plain comparisons is read")
            at = found.end()
        group = _GROUPS.match(pattern, at)
        if not group:
            raise _Unread("its pattern is not one of plain comparisons")
        yield from _group(group[1])
        at, first = group.end(), False
    if first:
        raise _Unread("it has no pattern")


def _group(text: str) -> list[tuple[str, str]]:
    compared, words, at = [], set(), 0
    while True:
        found = _COMPARISON.match(text, at)
        if not found:
            raise _Unread("it compares otherwise than with =")
        path = found[1].lower().replace("'", "")
        compared.append((path, found[3] or re.sub(r"\\(.)", r"\1", found[2] or "")))
        at = found.end()
        if at >= len(text):
            break
        word = _BETWEEN.match(text, at)
        if not word:
            raise _Unread("its pattern is not one of plain comparisons")
        words.add(word[1].upper())
        at = word.end()
    if words == {"AND"}:
        return [_with_port(compared)]
    if len(words) > 1:
        raise _Unread("it mixes AND with OR")
    return [(_observed(path), value) for path, value in compared]


def _observed(path: str) -> str:
    if path not in _OBSERVED:
        raise _Unread(f"{path[:80]} is nothing that is looked for")
    return _OBSERVED[path]


def _with_port(compared: list[tuple[str, str]]) -> tuple[str, str]:
    kept = {path: value for path, value in compared if not re.search(r"_ref\.type$|:protocols", path)}
    for side in ("dst", "src"):
        if set(kept) == {f"network-traffic:{side}_ref.value", f"network-traffic:{side}_port"}:
            address = kept[f"network-traffic:{side}_ref.value"]
            shown = f"[{address}]" if ":" in address else address
            return "address_port", f"{shown}:{kept[f'network-traffic:{side}_port']}"
    raise _Unread("it asks for several things at once (AND): only an address with its port is read")


def _listed(one: Mapping[str, Any], key: str) -> list[Any]:
    found = one.get(key)
    return found if isinstance(found, list) else []


def _said(objects: list[dict[str, Any]], by_id: Mapping[str, dict[str, Any]]) -> defaultdict[str, list[str]]:
    """Names that the bundle's own relationships tie to an indicator."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for one in objects:
        target = by_id.get(str(one.get("target_ref")), {})
        if one.get("relationship_type") == "indicates" and target.get("type") in _NAMING:
            said[str(one.get("source_ref"))].append(str(target.get("name", ""))[:80])
    return said


def _more(one: Mapping[str, Any], by_id: Mapping[str, dict[str, Any]], said: list[str]) -> dict[str, object]:
    author = str(by_id.get(str(one.get("created_by_ref")), {}).get("name") or "")
    links = [link for link in _listed(one, "external_references") if isinstance(link, dict)]
    sources = {Source(str(k.get("source_name") or author), str(k.get("url") or "")) for k in links}
    names = ", ".join(sorted(set(filter(None, said))))
    words = [str(w) for key in ("labels", "indicator_types") for w in _listed(one, key)]
    return {
        "first_seen": one.get("valid_from") or one.get("created"),
        "expires": one.get("valid_until"),
        "confidence": one.get("confidence"),
        "sources": sources or ({Source(author)} if author else None),
        "said_by": f"{author}: {names}" if author and names else names,
        "words": words,
    }
