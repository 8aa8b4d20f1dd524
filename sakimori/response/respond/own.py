"""What is the organisation's own, kept in the case, so that the guard knows it wherever the case lies."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import orjson

from sakimori.errors import UsageError
from sakimori.organisation import Organisation, read_organisation
from sakimori.response.contract import document
from sakimori.response.folder import write_file
from sakimori.response.respond.guard import Own, own_of

FILE = "own.json"


def write_own(own: Organisation, folder: Path) -> Path:
    """The file's path."""
    held = own_of(own)
    content = {"names": sorted(held.names), "ranges": sorted(map(str, held.ranges))}
    return write_file(folder, FILE, [document(content)])


def keep_own(org: Path | None, folder: Path) -> None:
    """What `org.yml` said at the hunt, kept in the case; nothing where it was not given."""
    if org is not None:
        write_own(read_organisation(org), folder)


def read_own(case: Path, org: Path | None = None) -> Own:
    """What the case holds, and what `org.yml` says now; each adds to the other.

    Raises UsageError where the case holds something that is not ours: guessing would block what is one's own.
    """
    now = own_of(read_organisation(org)) if org else Own()
    file = case / FILE
    if not file.is_file():
        return now
    try:
        data = orjson.loads(file.read_bytes())
        names, ranges = frozenset(map(str, data["names"])), tuple(map(ip_network, data["ranges"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise UsageError(f"{file} is damaged: hunt again, or remove it and give --org.") from None
    return Own(names=names, ranges=ranges) | now
