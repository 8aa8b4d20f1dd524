"""CEF and LEEF: a header of fixed fields between bars, then keys and values.

https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors-8.4/cef-implementation-standard/
https://www.ibm.com/docs/en/dsm?topic=leef-overview
"""

from __future__ import annotations

import re

from sakimori.evidence.text_lines import Row, Told

_BAR = re.compile(r"(?<!\\)\|")
_KEY = re.compile(r"(?:^|(?<=\s))([A-Za-z][\w.\[\]-]*)=")
_CEF = ("Version", "DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID", "Name", "Severity")
_LEEF = ("Version", "DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID")
_SIGN_IN = re.compile(r"log[ _-]?(?:in|on)\b|sign[ -]?in|authenticat", re.I)
_FAILED = re.compile(r"fail|denied|reject|invalid|unsuccessful", re.I)
_RESERVED = frozenset({*_CEF, "hostname", "result"})


def is_common_event(message: str) -> bool:
    """Whether a message is CEF or LEEF."""
    return "CEF:" in message[:60] or "LEEF:" in message[:60]


def common_event(row: Row) -> Told | None:
    """Header and extension under the standard's names; None where the header is cut."""
    text = row["message"]
    if (at := text.find("CEF:", 0, 64)) >= 0:
        return _told(text[at + 4 :], _CEF, row, "cef")
    at = text.find("LEEF:", 0, 65)
    return _told(text[at + 5 :], _LEEF, row, "leef")


def _told(text: str, names: tuple[str, ...], row: Row, kind: str) -> Told | None:
    cells = _BAR.split(text, maxsplit=len(names))
    if len(cells) <= len(names):
        return None
    header: Row = {name: cell.replace("\\|", "|") for name, cell in zip(names, cells, strict=False)}
    rest = cells[-1]
    fields = _extension(rest) if kind == "cef" else _tabbed(rest, header["Version"])
    fields |= header | {"hostname": row.get("hostname")}
    fields |= {name: row[name] for name in row if name.startswith("timestamp")}
    return Told(_log(fields, kind), fields)


def _log(fields: Row, kind: str) -> str:
    """Sign-ins apart; their result stands in the outcome, or in the event's own words."""
    words = " ".join(
        str(fields.get(name) or "") for name in ("Name", "DeviceEventClassID", "cat", "act", "outcome")
    )
    user = fields.get("suser") or fields.get("duser") or fields.get("usrName")
    if not (user and _SIGN_IN.search(words)):
        return kind
    fields["result"] = "failure" if _FAILED.search(words) else "success"
    return f"{kind}_sign_in"


def _extension(text: str) -> Row:
    """CEF: a value ends where the next key begins."""
    keys = list(_KEY.finditer(text))
    ends = [*(key.start() for key in keys), len(text)][1:]
    cells = ((key[1], text[key.end() : end].strip()) for key, end in zip(keys, ends, strict=True))
    return {
        name: re.sub(r"\\([=|\\])", r"\1", value) for name, value in cells if value and name not in _RESERVED
    }


def _tabbed(text: str, version: str) -> Row:
    """LEEF: tabs, or, from version 2 on, a character the header names."""
    mark = "\t"
    if version.startswith("2"):
        named, bar, rest = text.partition("|")
        if bar and len(named) <= 6 and "=" not in named:
            mark, text = _character(named) or mark, rest
    cells = (part.partition("=") for part in text.split(mark))
    return {
        name.strip(): value
        for name, found, value in cells
        if found and value and name.strip() not in _RESERVED
    }


def _character(named: str) -> str:
    """`^`, or its number: `x5E`, `0x5E`."""
    found = re.fullmatch(r"0?x([0-9a-fA-F]{1,4})", named)
    return chr(int(found[1], 16)) if found else named[:1]
