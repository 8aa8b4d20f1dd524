"""Custom indicators of Microsoft Defender for Endpoint, as CSV for the portal's import.

Columns, actions and the limit of 500 a file: https://learn.microsoft.com/defender-endpoint/indicator-manage
Files are imported tab by tab, so each tab has its own; network indicators know no BlockAndRemediate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp, of
from sakimori.response.hostile import for_csv

COLUMNS = (
    "IndicatorType", "IndicatorValue", "ExpirationTime", "Action", "Severity", "Title", "Description",
    "RecommendedActions", "RbacGroups", "Category", "MitreTechniques", "GenerateAlert",
)  # fmt: skip
A_FILE = 500
_HASHES = {32: "FileMd5", 40: "FileSha1", 64: "FileSha256"}
_TABS = {"file-hashes": ("hash",), "ip-addresses": ("address",), "urls-domains": ("domain", "url")}


def defender(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """A file for each tab of the portal, further ones numbered from 2; each has its header."""
    files = {}
    for tab, types in _TABS.items():
        rows = [_row(one) for type_ in types for use in (BLOCK, WATCH) for one in of(entries, type_, use)]
        for number in range(max(1, -(-len(rows) // A_FILE))):
            name = f"defender-{tab}{f'-{number + 1}' if number else ''}.csv"
            files[name] = _csv([COLUMNS, *rows[number * A_FILE : (number + 1) * A_FILE]])
    return files


def _row(one: Published) -> tuple[str, ...]:
    return (
        _type(one),
        one.entry.value,
        datetime.fromtimestamp(one.until, UTC).strftime("%Y-%m-%dT%H:%M:%S.0Z"),
        _action(one),
        "High" if one.use == BLOCK else "Medium",
        f"Sakimori {one.id}",
        for_csv(f"{one.reason} ({one.owner})"),
        "",
        "",
        "",
        "",
        "True",
    )


def _type(one: Published) -> str:
    if one.entry.type == "hash":
        return _HASHES[len(one.entry.value)]
    return {"address": "IpAddress", "domain": "DomainName", "url": "Url"}[one.entry.type]


def _action(one: Published) -> str:
    if one.use == WATCH:
        return "Audit"
    return "BlockAndRemediate" if one.entry.type == "hash" else "Block"


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    # The header stands bare, as in the portal's sample; every other cell is quoted (RFC 4180).
    head, *others = rows
    quoted = (",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in others)
    return "".join(f"{line}\r\n" for line in (",".join(head), *quoted)).encode()
