"""The System Resource Usage Monitor: bytes each program sent and received, hour by hour, by user.

Tables: https://github.com/libyal/esedb-kb/blob/main/docs/sources/System-Resource-Usage-Monitor-(SRUM).md
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
import pyesedb

from sakimori.evidence.aborting import ends_after
from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, TooLarge, batches, on_disk
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

NETWORK = "{973F5D5C-1D90-4944-BE8E-24B94231A174}"
NAMES = "SruDbIdMapTable"
MOST_ROWS = 1_000_000
MOST_SECONDS = 600.0
_MOST_NAMES = 200_000
_PROGRAM, _USER = 0, 3
_OLE_EPOCH = 25_569  # days from 1899-12-30 to 1970


class Srum:
    """SRUDB.dat: bytes that programs sent and received, by hour and user, of the last 30 to 60 days.

    Watch: of the database only the table of network usage is read; one that was not closed cleanly may lack
    its last hours. ESE databases that are no SRUM are named as unread.
    """

    name = "windows_srum"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The mark of an ESE database."""
        return head[4:8] == b"\xef\xcd\xab\x89"

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a program, user and hour."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as JSON: the database is no text."""
        found = (one for one in _found(source) if isinstance(one, Found) and one.record == number)
        one = next(found, None)
        return None if one is None else one.raw.decode()


def _found(source: Source) -> Iterator[Found | Unread]:
    host = host_of(source.path)
    file = pyesedb.file()
    try:
        with on_disk(source) as path, ends_after(MOST_SECONDS, file):
            file.open(str(path))
            yield from _of_database(file, host)
    except (OSError, ValueError, OverflowError, MemoryError, TooLarge) as problem:
        yield Unread(0, 0, f"no ESE database that can be read: {str(problem)[:200]}")


def _of_database(file: Any, host: str | None) -> Iterator[Found | Unread]:
    usage, names = file.get_table_by_name(NETWORK), file.get_table_by_name(NAMES)
    if usage is None or names is None:
        yield Unread(0, 0, "an ESE database without the tables of SRUM")
        return
    known = Names.of(_records(names, _MOST_NAMES, ("IdType", "IdIndex", "IdBlob")))
    wanted = ("TimeStamp", "AppId", "UserId", "BytesSent", "BytesRecvd")
    damaged = 0
    for number, values in enumerate(_records(usage, MOST_ROWS, wanted), 1):
        if not values:
            damaged += 1
            continue
        row = {"Computer": host, **known.row(values)}
        yield Found("srum_network", number, 0, row, orjson.dumps(row))
    if damaged:
        yield Unread(0, 0, f"{damaged} damaged records of network usage")
    if usage.number_of_records > MOST_ROWS:
        yield Unread(MOST_ROWS, 0, f"records of network usage behind the first {MOST_ROWS}")


def _records(table: Any, most: int, wanted: tuple[str, ...]) -> Iterator[dict[str, bytes]]:
    """The columns of each record; nothing for one that is damaged."""
    places = {table.get_column(at).name: at for at in range(table.number_of_columns)}
    for index in range(min(table.number_of_records, most)):
        try:
            record = table.get_record(index)
            yield {name: _value(record, places[name]) for name in wanted if name in places}
        except OSError:
            yield {}


def _value(record: Any, at: int) -> bytes:
    if record.is_long_value(at):
        return record.get_value_data_as_long_value(at).get_data() or b""
    return record.get_value_data(at) or b""


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in SRUM's tables stand for."""

    programs: dict[int, str]
    users: dict[int, str]

    @classmethod
    def of(cls, records: Iterator[dict[str, bytes]]) -> Names:
        """The names of the table of ids: type, number and blob of each."""
        programs: dict[int, str] = {}
        users: dict[int, str] = {}
        for record in islice(records, _MOST_NAMES):
            kind, index = number(record.get("IdType", b"")), number(record.get("IdIndex", b""))
            blob = record.get("IdBlob", b"")
            if kind == _USER and index is not None:
                users[index] = sid(blob)
            elif kind is not None and index is not None:
                programs[index] = blob.decode("utf-16-le", "replace").rstrip("\0")
        return cls(programs, users)

    def row(self, values: dict[str, bytes]) -> dict[str, Any]:
        """One record of network usage."""
        program, user = number(values.get("AppId", b"")), number(values.get("UserId", b""))
        return {
            "TimeStamp": ole_time(values.get("TimeStamp", b"")),
            "Path": None if program is None else self.programs.get(program),
            "UserSid": None if user is None else self.users.get(user),
            "BytesSent": number(values.get("BytesSent", b"")),
            "BytesRecvd": number(values.get("BytesRecvd", b"")),
        }


def number(data: bytes) -> int | None:
    """A number as ESE keeps it; None where there is none."""
    return int.from_bytes(data, "little") if data else None


def sid(blob: bytes) -> str:
    """A security identifier as people write it.

    https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
    """
    if len(blob) < 8 or len(blob) < 8 + 4 * blob[1]:
        return blob.hex()
    parts = struct.unpack_from(f"<{blob[1]}I", blob, 8)
    return "-".join(map(str, ("S", blob[0], int.from_bytes(blob[2:8], "big"), *parts)))


def ole_time(data: bytes) -> str | None:
    """Days since 1899-12-30 as seconds of the epoch."""
    if len(data) != 8:
        return None
    (days,) = struct.unpack("<d", data)
    seconds = (days - _OLE_EPOCH) * 86_400
    return f"{seconds:.6f}" if 0 < seconds < 4_102_444_800 else None
