"""Messages as their programs word them, with names in the places that vary.

    wording("Accepted {method} for {user...} from {address} port {port}")

`{name}` is one word, `{name...}` any text up to what follows, and what a field's name says is kept to: an
address is one, a port is a number. `{?` and `?}` stand around what may be missing. At its end a wording is
open, unless it ends in `$`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sakimori.evidence.text_lines import Row

_NAME = re.compile(r"\{[A-Za-z_]+(?:\.\.\.)?\}")
_PARTS = re.compile(r"(\{[A-Za-z_]+(?:\.\.\.)?\}|\{\?|\?\}|\$$)")
# All have a longest form, so that no line makes a pattern go back and forth for ever.
# IPv4, IPv6, or a name where a server looks names up
_ADDRESS = r"\d+\.\d+\.\d+\.\d+|(?=[0-9a-fA-F]{0,4}:)[0-9a-fA-F:.]{2,45}|[A-Za-z][\w.-]{0,253}"
_NUMBER = r"\d{1,20}"
_SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("address", "assigned", "source_address", "destination_address"), _ADDRESS),
    **dict.fromkeys(("port", "source_port", "destination_port"), _NUMBER),
    **dict.fromkeys(("bytes", "bytes_xmt", "bytes_rcv"), _NUMBER),
    "mac": r"(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}",
}
_SIGNS = {"{?": "(?:", "?}": ")?", "$": "$"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A pattern, and fields that hold wherever it fits."""

    pattern: re.Pattern[str]
    fields: Mapping[str, str | None] = field(default_factory=dict)


def wording(text: str, **fields: str | None) -> Wording:
    """A wording with the fields it means."""
    return Wording(re.compile("".join(map(_part, _PARTS.split(text))), re.S), fields)


def read(message: str, wordings: Iterable[Wording]) -> Row | None:
    """What the first wording that fits the message's beginning says; None where none does."""
    for one in wordings:
        if found := one.pattern.match(message):
            return named(found) | dict(one.fields)
    return None


def named(found: re.Match[str]) -> Row:
    """The groups of a match that said something."""
    return {name: value for name, value in found.groupdict().items() if value}


def _part(text: str) -> str:
    if text in _SIGNS:
        return _SIGNS[text]
    if not _NAME.fullmatch(text):
        return re.escape(text)
    name = text[1:-1]
    if name.endswith("..."):
        return _group(name[:-3], ".*?")
    return _group(name, _SHAPES.get(name, r"\S{1,512}"))


def _group(name: str, shape: str) -> str:
    """A name that is but a place-holder, `_`, is not kept."""
    return f"(?:{shape})" if name == "_" else f"(?P<{name}>{shape})"
