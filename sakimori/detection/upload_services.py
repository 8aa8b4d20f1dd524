"""Services anybody can upload to, as an expression over a name; the list is `upload_services.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ibis
from ibis.expr.types import BooleanValue, StringValue

KINDS: Mapping[str, str] = {
    "storage": "T1567.002",
    "transfer": "T1567.002",
    "code": "T1567.001",
    "chat": "T1567",
    "text": "T1567.003",
    "webhook": "T1567.004",
    "tunnel": "T1572",
}
"""Kinds of service and the technique an upload to one would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: its kind (KINDS), the domains its names end with, and the page that says whose it is."""

    name: str
    kind: str
    domains: tuple[str, ...]
    page: str


@cache
def services() -> tuple[Service, ...]:
    """The services of the list, in its order."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(Service(**{**one, "domains": tuple(one["domains"])}) for one in data["service"])


def is_service(name: StringValue) -> BooleanValue:
    """Whether a name is one of the list's; one pattern, for many names."""
    return name.re_search(_pattern(*(domain for one in services() for domain in one.domains)))


def service_of(name: StringValue) -> StringValue:
    """The service a name is of; null for others."""
    return ibis.cases(*((name.re_search(_pattern(*one.domains)), one.name) for one in services()))


def kind_of(service: StringValue) -> StringValue:
    """The kind of a service by its name."""
    return ibis.cases(*((service == one.name, one.kind) for one in services()))


def _pattern(*domains: str) -> str:
    return rf"(?i)(^|\.)({'|'.join(re.escape(domain) for domain in domains)})\.?$"
