"""`org.yml`: a small file a person writes, or `sakimori init` proposes.

domains: [example.com]
egress: [203.0.113.0/28]              # addresses the organisation itself goes out by
remote_tools: [TeamViewer]            # remote-control tools that are approved
administrators: ['example\\adm-mori']
scanners: [scan01, 192.0.2.9]
jump_hosts: [jump01]
monitoring: [mon01]
backup_servers: [10.0.1.9]
service_providers: [msp.example.net, 198.51.100.0/28]
assets:
  - {name: sign01, what: signing, why: signs our releases}
  - {name: 'example\\treasury', what: payment, weight: 0.9}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NoReturn

import yaml

from sakimori.errors import UsageError
from sakimori.organisation.suppression import Suppression

Network = IPv4Network | IPv6Network
# What an asset is, and how much is lost with it where the file gives no weight of its own.
KINDS: Mapping[str, float] = {
    "wallet": 1.0,
    "signing": 1.0,
    "payment": 1.0,
    "identity": 0.9,
    "secrets": 0.9,
    "backup": 0.8,
    "build": 0.7,
    "source": 0.7,
    "customer_data": 0.6,
    "other": 0.5,
}
LISTS = (
    "domains",
    "egress",
    "remote_tools",
    "administrators",
    "scanners",
    "jump_hosts",
    "monitoring",
    "backup_servers",
    "service_providers",
)
_KEYS = frozenset({*LISTS, "assets", "name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A machine or account that matters: its name, what it is (KINDS), 0 to 1, and its owner's why."""

    name: str
    what: str
    weight: float
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What the file says; empty where there is none. Names are as written, `egress` is parsed.

    `suppressions` come from a file of their own.
    """

    name: str = ""
    domains: tuple[str, ...] = ()
    egress: tuple[Network, ...] = ()
    remote_tools: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    scanners: tuple[str, ...] = ()
    jump_hosts: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    backup_servers: tuple[str, ...] = ()
    service_providers: tuple[str, ...] = ()
    assets: tuple[Asset, ...] = ()
    suppressions: tuple[Suppression, ...] = ()


def read_organisation(path: Path) -> Organisation:
    """The organisation a file describes. Raises UsageError where it cannot be read or has no meaning."""
    try:
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise UsageError(f"{path}: cannot be read ({problem}); see docs/organisation.md") from None
    return _Reading(path, data if data is not None else {}).organisation()


class _Reading:
    """One file; every complaint names it and the key."""

    def __init__(self, path: Path, data: Any) -> None:
        self._path = path
        if not isinstance(data, dict):
            self._refuse("is no list of keys and values", "start from `sakimori init`")
        self._data: Mapping[str, Any] = data
        if unknown := sorted(set(map(str, data)) - _KEYS):
            self._refuse(f"unknown key {unknown[0]}", f"known are {', '.join(sorted(_KEYS))}")

    def organisation(self) -> Organisation:
        texts = {key: self._texts(key) for key in LISTS if key != "egress"}
        egress = tuple(self._network(text) for text in self._texts("egress"))
        name = str(self._data.get("name") or "")
        return Organisation(name=name, egress=egress, assets=self._assets(), suppressions=(), **texts)

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str | int | float) for one in value):
            self._refuse(f"{key} is no list of texts", "write it like [a, b]")
        return tuple(str(one).strip() for one in value)

    def _network(self, text: str) -> Network:
        try:
            return ip_network(text, strict=False)
        except ValueError:
            self._refuse(f"egress {text} is no address or range", "write it like 203.0.113.0/28")

    def _assets(self) -> tuple[Asset, ...]:
        value = self._data.get("assets") or []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._refuse("assets is no list of entries", "write each as {name: sign01, what: signing}")
        return tuple(map(self._asset, value))

    def _asset(self, entry: Mapping[str, Any]) -> Asset:
        name, what = str(entry.get("name") or ""), str(entry.get("what") or "other")
        if not name or what not in KINDS:
            self._refuse(f"asset {name or entry} is unclear", f"name it and say what: {', '.join(KINDS)}")
        weight = entry.get("weight", KINDS[what])
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
            self._refuse(f"asset {name}: weight {weight} is not between 0 and 1", "leave it out if unsure")
        return Asset(name=name, what=what, weight=float(weight), why=str(entry.get("why") or ""))

    def _refuse(self, what: str, advice: str) -> NoReturn:
        raise UsageError(f"{self._path}: {what}; {advice}")
