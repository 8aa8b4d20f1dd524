"""One atom against one value, straight from the Sigma specification 2.1: what all faster ways must mean."""

from __future__ import annotations

import ipaddress
import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sakimori.detection.sigma.kernel.tree import Atom
from sakimori.detection.sigma.kernel.wildcards import like
from sakimori.records.clock import instant

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_STRINGS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "has": lambda value, wanted: wanted in value,
    "starts": lambda value, wanted: value.startswith(wanted),
    "ends": lambda value, wanted: value.endswith(wanted),
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "eq": lambda value, bound: value == bound,
    "neq": lambda value, bound: value != bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
}


def holds(atom: Atom, value: str | None) -> bool:
    """Whether the atom is true of the value; None is a missing field. Any element of a JSON list counts."""
    if atom.op == "null":
        return value is None
    if atom.op == "exists":
        return (value is not None) == (atom.value == "true")
    if value is None:
        return False
    return any(holds_text(atom, text) for text in readings(value))


def readings(value: str) -> Iterator[str]:
    """The value itself and, where it is a JSON list, each of its elements as text."""
    yield value
    if value.startswith("["):
        yield from elements(value)


def elements(value: str) -> list[str]:
    """The elements of a JSON list as texts, lists inside lists opened too; empty where it is none."""
    try:
        parsed = json.loads(value)
        return [text for value in parsed for text in _opened(value)] if isinstance(parsed, list) else []
    except (ValueError, RecursionError):
        return []


def _opened(value: Any) -> Iterator[str]:
    if value is not None:
        yield as_text(value)
    if isinstance(value, list):
        yield from (as_text(leaf) for leaf in _leaves(value))


def _leaves(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _leaves(value)
        elif value is not None:
            yield value


def as_text(value: Any) -> str:
    """A value as the record store writes it: text as it stands, everything else as compact JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def holds_text(atom: Atom, value: str) -> bool:
    """Whether the atom is true of one text, which is taken as it stands."""
    op = atom.op
    if op in _STRINGS:
        return _STRINGS[op](value if atom.cased else value.lower(), atom.value)
    if op in ("like", "re"):
        return fits(atom, value if atom.cased else value.lower())
    if op == "cidr":
        return in_network(atom.value, value)
    if op in ("lt", "lte", "gt", "gte"):
        number = as_number(value)
        return number is not None and _COMPARE[op](number, float(atom.value))
    if op == "time":
        compare, part, wanted = atom.value.split(":")
        found = time_part(part, value)
        return found is not None and _COMPARE[compare](found, int(wanted))
    raise ValueError(f"no such comparison: {op}")


@lru_cache(maxsize=8192)
def expression(value: str) -> re.Pattern[str]:
    """The compiled expression of a `re` atom's value."""
    flags, _, text = value.partition(":")
    return re.compile(text, sum(_FLAGS[flag] for flag in flags))


def fits(atom: Atom, text: str) -> bool:
    """Whether a `has`, `like` or `re` atom holds for a text, lowered before where it is not cased."""
    if atom.op == "like":
        return like(atom.value).holds(text)
    if atom.op == "has":
        return atom.value in text
    return expression(atom.value).search(text) is not None


@lru_cache(maxsize=1024)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text)


def in_network(network: str, value: str) -> bool:
    """Whether the value is an address inside the network; False for anything that is no address."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    net = _network(network)
    return address.version == net.version and address in net


def as_number(value: str) -> float | None:
    """The value as a number, None where it is none (`nan` and `inf` are none)."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def time_part(part: str, value: str) -> int | None:
    """Minute, hour, day, ISO week, month or year of a time, in UTC; None where the value is no time.

    What is a time is decided by the clock that reads every record's own.
    """
    micros = instant(value)
    if micros is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return moment.isocalendar().week if part == "week" else int(getattr(moment, part))


def refers(mode: str, value: str | None, other: str | None, cased: bool) -> bool:
    """Whether a field compares to another field of the same event; a missing one never does."""
    if value is None or other is None:
        return False
    pairs = ((left, right) for left in readings(value) for right in readings(other))
    compare = _STRINGS[mode]
    return any(compare(a, b) if cased else compare(a.lower(), b.lower()) for a, b in pairs)
