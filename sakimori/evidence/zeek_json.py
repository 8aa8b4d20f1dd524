"""Zeek logs as JSON lines, from Zeek itself, Corelight sensors and shippers.

Format: https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sakimori.evidence.json_records import first_line, of_lines
from sakimori.evidence.lines import text_at
from sakimori.evidence.reader import Source
from sakimori.evidence.zeek_logs import ZeekLogs, dotted
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_IDENTITIES = frozenset({"uid", "id.orig_h", "id_orig_h", "fuid", "uids", "conn_uids"})


class ZeekJson:
    """One JSON object a line; fields that are unset are left out by Zeek."""

    name = "zeek_json"
    version = 1
    lines = True

    def claims(self, head: bytes) -> bool:
        """A first object with `ts` and one of Zeek's identities, or with Corelight's `_path`."""
        record = first_line(head)
        return record is not None and is_zeek(record)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the lines; a line that is no JSON object becomes Unread."""
        logs = ZeekLogs(plan.catalogue)
        builders = source.builders()
        for item in of_lines(source):
            if item.value is None:
                yield Unread(item.record, item.offset, item.reason)
                continue
            row = dotted(item.value)
            path = row.get("_path")
            stream = logs.stream(plan, path if isinstance(path, str) else None, row)
            yield from builders.add(stream, item.record, item.offset, row, len(item.raw), item.raw)
        yield from builders.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def is_zeek(record: dict[str, Any]) -> bool:
    """Whether a JSON object looks like a record of Zeek."""
    if "ts" not in record:
        return False
    nested = record.get("id")
    return (
        isinstance(record.get("_path"), str)
        or not _IDENTITIES.isdisjoint(record)
        or (isinstance(nested, dict) and "orig_h" in nested)
        or "certificate.serial" in record
        or "software_type" in record
    )
