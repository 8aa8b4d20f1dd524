"""FIN messages of category 1 and 2 (MT103, MT202) as archives and message partners keep them.

https://www2.swift.com/knowledgecentre/ (FIN: blocks and fields of MT103 and MT202)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_LINES = 2_000  # of one message; FIN's longest has 10,000 characters
LONGEST = 20_000
_BASIC = re.compile(rb"\{1:[FAL]\d\d[A-Z0-9]{12}")
_START = re.compile(r"\{1:[FAL]\d\d([A-Z0-9]{12})")
_BLOCK2 = re.compile(r"\{2:([IO])(\d{3})(\d{4})?")
_UETR = re.compile(r"\{121:([0-9a-f-]{36})\}")
_FIELD = re.compile(r"^:(\d\d[A-Z]?):(.*)$")
_AMOUNT = re.compile(r"(\d{6})([A-Z]{3})([\d,]+)")
_PAYMENTS = frozenset({"103", "200", "202", "205"})
_DIRECTIONS = {"I": "sent", "O": "received"}


class Fin:
    """SWIFT FIN messages as text: MT103, MT200, MT202, MT205; several in one file, RJE and with `$` between.

    Watch: the day is that of the value (field 32A): a message names no time of sending.
    """

    name = "swift_fin"
    version = 1
    lines = False  # a message spans lines

    def claims(self, head: bytes) -> bool:
        """A basic header block first, and a text block with a field."""
        text = head[:4096].decode("latin-1").lstrip("\x01\ufeff \t\r\n$")
        return _START.match(text) is not None and "{2:" in text[:200]

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """A record a payment message, numbered with all others; those that move no money are left out."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The message as it stands."""
        found = (one for one in _found(source) if isinstance(one, Found) and one.record == number)
        return next((one.raw.decode("utf-8", "replace") for one in found), None)


def _found(source: Source) -> Iterator[Found | Unread]:
    for record, (offset, text) in enumerate(_messages(source), 1):
        kind = _BLOCK2.search(text)
        if kind is None:
            yield Unread(record, offset, "no application header block ({2:)")
        elif kind[2] in _PAYMENTS:
            row = _row(text, kind[1], kind[2])
            yield Found("payment_fin", record, offset, row, text.encode("utf-8", "replace"))


def _messages(source: Source) -> Iterator[tuple[int, str]]:
    """Each message with the place where it starts; archives write several on a line, too."""
    held: list[bytes] = []
    first = source.offset
    for _, offset, line in numbered(source):
        starts = [found.start() for found in _BASIC.finditer(line)]
        for start, end in pairwise([*dict.fromkeys((0, *starts)), len(line)]):
            if held and (start in starts or len(held) >= MOST_LINES):
                yield first, _joined(held)
                held = []
            if start in starts:
                first = offset + start
            if start in starts or held:
                held.append(line[start:end])
    if held:
        yield first, _joined(held)


def _joined(lines: list[bytes]) -> str:
    return b"".join(line[:LONGEST] for line in lines).decode("utf-8", "replace").replace("\r\n", "\n")


def _row(text: str, direction: str, kind: str) -> Mapping[str, str | None]:
    fields = _fields(text)
    amount = _AMOUNT.match(fields.get("32A", ""))
    uetr = _UETR.search(text)
    start = _START.search(text)
    return {
        "direction": _DIRECTIONS[direction],
        "type": kind,
        "sender": start[1] if start else None,
        "uetr": uetr[1] if uetr else None,
        "20": fields.get("20"),
        "21": fields.get("21"),
        "time": f"20{amount[1]}" if amount else None,
        "currency": amount[2] if amount else None,
        "amount": amount[3].rstrip(",").replace(",", ".") if amount else None,
        "50": _party(fields, "50"),
        "59": _party(fields, "59") or _party(fields, "58"),
    }


def _fields(text: str) -> dict[str, str]:
    """The fields of the text block; lines that follow belong to the field before."""
    told: dict[str, str] = {}
    last: str | None = None
    for line in text.partition("{4:")[2].split("\n"):
        found = _FIELD.match(line)
        if found:
            last = found[1] if found[1] not in told else None
            if last:
                told[last] = found[2]
        elif line.startswith("-}"):
            break
        elif last:
            told[last] += f"\n{line}"
    return told


def _party(fields: Mapping[str, str], number: str) -> str | None:
    """The account of a party, else its name or BIC."""
    value = next((text for tag, text in fields.items() if tag[:2] == number), None)
    if value is None:
        return None
    return value.split("\n")[0].lstrip("/")
