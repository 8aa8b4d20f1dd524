"""Property lists of macOS, XML and binary: launch agents and daemons, log-in hooks, Safari's downloads.

`man launchd.plist`; https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/
"""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

import orjson

from sakimori.evidence.collected import collected
from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_BYTES = 64 << 20
_BINARY = b"bplist0"
_BROKEN = (
    plistlib.InvalidFileException, ExpatError, ValueError, TypeError, LookupError, OverflowError,
    RecursionError, AttributeError,
)  # fmt: skip
_LAUNCHED = frozenset({"Program", "ProgramArguments", "BundleProgram", "MachServices", "Sockets"})
# A binary list may refer to one object a thousand times, each of which does the same: no more is written out.
_MOST_VALUES = 20_000
_DEEPEST = 12
Row = dict[str, Any]


class PropertyList:
    """Property lists (.plist), XML and binary: launch agents and daemons, log-in hooks, the system's version,
    Safari's downloads; any other is one record with its text.

    Watch: whether it is an agent or a daemon, and of which user, stands in its path only: keep the folders.
    """

    name = "property_list"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The binary magic, or a root element `plist`."""
        if head.startswith(_BINARY):
            return True
        begin = head[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
        return begin.startswith(b"<") and b"<plist" in begin

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One record a list; one a download for Safari's."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The record as JSON: the list itself may be binary."""
        found = [one for one in _found(source) if isinstance(one, Found) and one.record == number]
        return found[0].raw.decode() if found else None


def _found(source: Source) -> Iterator[Found | Unread]:
    own = collected(source.path)
    try:
        value = plistlib.loads(in_memory(source, MOST_BYTES))
    except TooLarge as error:
        yield Unread(1, 0, f"The property list is {error}.")
        return
    except _BROKEN as error:
        yield Unread(1, 0, f"It is no whole property list: {str(error) or type(error).__name__}.")
        return
    for number, (log, row) in enumerate(records(value), 1):
        raw = orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS)
        yield Found(log, number, 0, {**row, **own}, raw)


def records(value: Any) -> Iterator[tuple[str, Row]]:
    """What a list says, with the log it belongs to."""
    row = Plain().of(value)
    if not isinstance(row, dict):
        yield "macos_plist", {"text": row}
    elif isinstance(row.get("DownloadHistory"), list):
        yield from (("safari_download", one) for one in row["DownloadHistory"] if isinstance(one, dict))
    elif "Label" in row and row.keys() & _LAUNCHED:
        yield "macos_launchd", {**row, "command_line": _command(row)}
    elif row.keys() & {"LoginHook", "LogoutHook"}:
        yield "macos_login_hook", row
    elif row.keys() >= {"ProductName", "ProductVersion", "ProductBuildVersion"}:
        yield "macos_version", row
    else:
        yield "macos_plist", {"text": row}


def _command(row: Row) -> str | None:
    words = row.get("ProgramArguments")
    return " ".join(str(word) for word in words) if isinstance(words, list) and words else None


class Plain:
    """A property list's values as JSON has them: times in ISO 8601, data in hexadecimal; no endless ones."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES

    def of(self, value: Any, deep: int = 0) -> Any:
        """The value, plain."""
        self._left -= 1
        if self._left < 0 or deep > _DEEPEST:
            return None
        if isinstance(value, dict):
            return {str(key): self.of(inner, deep + 1) for key, inner in self._some(value.items())}
        if isinstance(value, list):
            return [self.of(inner, deep + 1) for inner in self._some(value)]
        if isinstance(value, datetime):
            return f"{value.isoformat()}Z"
        if isinstance(value, bytes):
            return value[:4096].hex()
        return value.data if isinstance(value, plistlib.UID) else value

    def _some(self, values: Any) -> Iterator[Any]:
        for value in values:
            if self._left <= 0:
                return
            yield value
