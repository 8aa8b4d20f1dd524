"""A file of segments read and checked; every complaint says where it is and what to write instead.

segments:
  signing: {cidrs: [10.20.4.0/24], hosts: [sign01.example.org]}
  dev: {cidrs: [10.30.0.0/16]}
  internet: {builtin: external}
may:
  - {name: updates, from: dev, to: internet, ports: [tcp/443]}
must_not:
  - {name: no way to the keys, from: any, to: signing}
exceptions:
  - {name: print room, from: 10.30.0.9, to: internet, ports: [tcp/21], owner: Mori, reason: old printer,
     expires: 2026-12-31}
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NoReturn

import yaml

from sakimori.audits.segments.plan import ANY, EXTERNAL, Network, Plan, Ports, Rule, Segment
from sakimori.errors import UsageError

AHEAD = timedelta(days=365)
PROTOCOLS = ("tcp", "udp", "sctp", "icmp")
_WITHOUT_PORTS = ("icmp",)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_PORTS = re.compile(r"(?P<protocol>[a-z]+)(?:/(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?)?")
_TOP = ("segments", "may", "must_not", "exceptions")
_RULE, _EXCEPTION = ("name", "from", "to", "ports", "reason"), ("owner", "expires")


class _Once(yaml.SafeLoader):
    """YAML in which a key that stands twice is an error: the first would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.constructor.ConstructorError(None, None, f"{twice} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read_plan(path: Path, today: date) -> Plan:
    """The plan a file holds. Raises UsageError where it cannot be read or does not hold together."""
    try:
        data = yaml.load(path.read_text("utf-8-sig"), _Once)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as problem:
        raise UsageError(f"{path}: cannot be read ({problem}); see docs/segments.md") from None
    return _Reading(path, today).plan(data)


class _Reading:
    def __init__(self, path: Path, today: date) -> None:
        self._path, self._today = path, today
        self._segments: dict[str, Segment] = {}
        self._names: set[str] = set()

    def plan(self, data: Any) -> Plan:
        if not isinstance(data, dict):
            self._refuse("the file", f"write it as keys and values: {', '.join(_TOP)}")
        self._only(data, _TOP, "the file")
        self._read_segments(data.get("segments"))
        may, must_not, exceptions = (self._rules(data, key) for key in _TOP[1:])
        return Plan(segments=self._segments, may=may, must_not=must_not, exceptions=exceptions)

    def _read_segments(self, value: Any) -> None:
        if not isinstance(value, dict) or not value:
            self._refuse("segments", "name at least one, as in dev: {cidrs: [10.30.0.0/16]}")
        for name, entry in value.items():
            self._segments[str(name)] = self._segment(str(name), entry)
        owners: dict[Network, str] = {}
        for one in self._segments.values():
            for network in one.networks:
                if network in owners:
                    self._refuse(f"segments: {one.name}", f"{network} is in {owners[network]} already")
                owners[network] = one.name
        if len(outside := [one.name for one in self._segments.values() if one.external]) > 1:
            self._refuse("segments", f"{' and '.join(outside)} are both external; keep one")

    def _segment(self, name: str, entry: Any) -> Segment:
        where = f"segments: {name}"
        if not _NAME.fullmatch(name) or name == ANY:
            self._refuse(where, "use small letters, digits, - and _ for its name, and not `any`")
        if not isinstance(entry, dict):
            self._refuse(where, "write it like {cidrs: [10.30.0.0/16]}")
        self._only(entry, ("cidrs", "hosts", "builtin"), where)
        networks = tuple(
            self._network(text, f"{where}: cidrs") for text in self._texts(entry, "cidrs", where)
        )
        hosts = tuple(text.lower().rstrip(".") for text in self._texts(entry, "hosts", where))
        external = entry.get("builtin") == EXTERNAL
        if "builtin" in entry and (not external or networks or hosts):
            self._refuse(where, "builtin can only be external, and stands alone")
        if not (external or networks or hosts):
            self._refuse(where, "it is empty; give it cidrs or hosts, or builtin: external")
        return Segment(name=name, networks=networks, hosts=hosts, external=external)

    def _rules(self, data: Mapping[str, Any], key: str) -> tuple[Rule, ...]:
        value = data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._refuse(key, "write a list: one `- {from: dev, to: servers}` a line")
        return tuple(self._rule(key, at, entry) for at, entry in enumerate(value, 1))

    def _rule(self, key: str, at: int, entry: Any) -> Rule:
        where = f"{key}, entry {at}"
        if not isinstance(entry, dict):
            self._refuse(where, "write it like {from: dev, to: servers, ports: [tcp/443]}")
        excepted = key == "exceptions"
        self._only(entry, (*_RULE, *_EXCEPTION) if excepted else _RULE, where)
        source, target = (self._end(entry, end, where, excepted) for end in ("from", "to"))
        name = str(entry.get("name") or f"{source} to {target}")
        if name in self._names:
            self._refuse(where, f"{name} is the name of another entry; give it one of its own")
        self._names.add(name)
        ports = tuple(self._ports(text, where) for text in self._texts(entry, "ports", where))
        if "ports" in entry and not ports:
            self._refuse(where, "ports is empty; leave it out to mean all ports")
        told = {"owner": "", "reason": str(entry.get("reason") or "")}
        if excepted:
            told = {one: self._text(entry, one, where) for one in told}
        expires = self._expiry(entry.get("expires"), where) if excepted else None
        return Rule(name=name, source=source, target=target, ports=ports, expires=expires, **told)

    def _end(self, entry: Mapping[str, Any], end: str, where: str, excepted: bool) -> str | Network:
        text = self._text(entry, end, where)
        if text in self._segments or text == ANY:
            return text
        if excepted and (":" in text or "." in text):
            return self._network(text, f"{where}: {end}")
        known = ", ".join((*self._segments, ANY))
        self._refuse(f"{where}: {end}", f"{text} is no segment; known are {known}")

    def _ports(self, text: str, where: str) -> Ports:
        found = _PORTS.fullmatch(text.lower())
        if found is None or found["protocol"] not in PROTOCOLS:
            self._refuse(f"{where}: ports", f"{text} is unclear; write tcp/443, tcp/8000-8010, udp or icmp")
        if found["first"] is None:
            return Ports(found["protocol"])
        first, last = int(found["first"]), int(found["last"] or found["first"])
        if found["protocol"] in _WITHOUT_PORTS or not 0 < first <= last <= 65535:
            self._refuse(f"{where}: ports", f"{text}: ports go from 1 to 65535, and icmp has none")
        return Ports(found["protocol"], first, last)

    def _expiry(self, value: Any, where: str) -> date:
        try:
            found = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self._refuse(where, "expires is missing or no date; write it like 2026-09-30")
        found = found.date() if isinstance(found, datetime) else found
        if found > self._today + AHEAD:
            latest = self._today + AHEAD
            self._refuse(where, f"expires {found} is more than a year ahead; {latest} is the last day")
        return found

    def _network(self, text: str, where: str) -> Network:
        try:
            return ip_network(text)
        except ValueError as problem:
            self._refuse(where, f"{problem}; write it like 10.30.0.0/16")

    def _text(self, entry: Mapping[str, Any], key: str, where: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            self._refuse(where, f"{key} is missing; give it as a text")
        return value.strip()

    def _texts(self, entry: Mapping[str, Any], key: str, where: str) -> list[str]:
        value = entry.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self._refuse(f"{where}: {key}", "write a list of texts like [a, b]")
        return [one.strip() for one in value]

    def _only(self, entry: Mapping[Any, Any], known: tuple[str, ...], where: str) -> None:
        if unknown := next((str(key) for key in entry if key not in known), None):
            self._refuse(where, f"{unknown} is no key here; known are {', '.join(known)}")

    def _refuse(self, where: str, what: str) -> NoReturn:
        raise UsageError(f"{self._path}: {where}: {what}; see docs/segments.md")
