"""What a reader of a list gathers: indicators with what the list says of itself, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sakimori.detection.indicators.indicator import (
    CONFIDENCES,
    TYPES,
    Indicator,
    Refused,
    Source,
    day,
    tags_of,
)
from sakimori.detection.indicators.normalising import guess, value_of
from sakimori.detection.indicators.warning import shared, warned

# What lists call our types.
NAMED: Mapping[str, str] = {
    **{name: name for name in TYPES},
    "md5": "hash", "sha1": "hash", "sha-1": "hash", "sha256": "hash", "sha-256": "hash", "filehash-md5":
    "hash", "filehash-sha1": "hash", "filehash-sha256": "hash", "md5_hash": "hash", "sha1_hash": "hash",
    "sha256_hash": "hash", "hostname": "domain", "fqdn": "domain", "domain-name": "domain", "ip": "address",
    "ipv4": "address", "ipv6": "address", "ip-dst": "address", "ip-src": "address", "cidr": "address",
    "ipv4-addr": "address", "ipv6-addr": "address", "ip_address": "address", "ip:port": "address_port",
    "ip-dst|port": "address_port", "ip-src|port": "address_port", "uri": "url_path", "url path": "url_path",
    "filename": "file_name", "file": "file_name", "filepath": "path", "file_path": "path", "regkey":
    "registry_key", "registry": "registry_key", "mutant": "mutex", "service_name": "service",
    "windows-service-name": "service", "scheduled_task": "task", "windows-scheduled-task": "task",
    "cmdline": "command_line", "commandline": "command_line", "serial": "certificate_serial", "user-agent":
    "user_agent", "ua": "user_agent",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of a whole list, by the one who imports it; what a row says itself goes before."""

    source: Source | None = None
    licence: str = ""
    first_seen: str = ""
    expires: str = ""
    confidence: str = ""
    tags: tuple[str, ...] = ()
    said_by: str = ""
    origin: str = ""


@dataclass(slots=True)
class Gathered:
    """What one list gave. `mapping` says how its columns were understood, where it has columns."""

    told: Told = field(default_factory=Told)
    indicators: list[Indicator] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)

    def refuse(self, where: str, text: object, reason: str) -> None:
        """Keep what was not taken, so that it can be told."""
        self.refused.append(Refused(where, str(text)[:200].encode("utf-8", "replace").decode(), reason))

    def take(self, where: str, type_: str, text: object, **more: object) -> None:
        """One row: made into an indicator, or refused with the reason. Without a type it is guessed."""
        named = NAMED.get(type_.strip().lower()) if type_ else ""
        if named is None:
            self.refuse(where, text, f"{type_[:40]} is no type that is looked for")
            return
        try:
            kind, value = _written(named, str(text))
        except ValueError as error:
            self.refuse(where, text, str(error))
            return
        one = _indicator(self.told, kind, value, more)
        if reason := warned(one):
            self.refuse(where, text, reason)
        else:
            self.indicators.append(one)


def _written(named: str, text: str) -> tuple[str, str]:
    if not named or named == "url" or (named == "address" and ":" in text and "." in text):
        # A list's "url" is often a bare name, its "ip" often has a port.
        return guess(text) if named != "url" or "/" in text or "." in text else ("url", value_of("url", text))
    return named, value_of(named, text)


def _indicator(told: Told, kind: str, value: str, more: Mapping[str, object]) -> Indicator:
    sources = more.get("sources") or ()
    assert isinstance(sources, Iterable)
    words = more.get("words") or ()
    assert isinstance(words, Iterable)
    tags = {*told.tags, *tags_of(map(str, words)), *shared(kind, value)}
    confidence = str(more.get("confidence") or told.confidence or "medium").lower()
    return Indicator(
        type=kind,
        value=value,
        first_seen=day(more.get("first_seen")) or told.first_seen,
        last_seen=day(more.get("last_seen")),
        expires=day(more.get("expires")) or told.expires,
        sources=tuple(sorted(sources)) or ((told.source,) if told.source else ()),
        licence=_clean(more.get("licence")) or told.licence,
        confidence=confidence if confidence in CONFIDENCES else trust(confidence),
        tags=tuple(sorted(tags)),
        said_by=_clean(more.get("said_by")) or told.said_by,
        origin=told.origin,
    )


def _clean(text: object) -> str:
    return " ".join(str(text or "").encode("utf-8", "replace").decode().split())[:200]


def trust(text: str) -> str:
    """Low, medium or high of a figure from 0 to 100, by the STIX "None, Low, Med, High" scale.

    https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html, Appendix A; medium where it is no figure.
    """
    try:
        figure = float(text)
    except ValueError:
        return "medium"
    return "low" if figure < 30 else "high" if figure >= 70 else "medium"
