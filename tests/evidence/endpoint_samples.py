"""Small samples of what Macs and Linux machines keep, each with two records."""

from __future__ import annotations

import plistlib
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

QUARANTINE = """
    CREATE TABLE LSQuarantineEvent (LSQuarantineEventIdentifier TEXT PRIMARY KEY NOT NULL,
    LSQuarantineTimeStamp REAL, LSQuarantineAgentName TEXT, LSQuarantineDataURLString TEXT,
    LSQuarantineOriginURLString TEXT)
"""


def database(tables: str, rows: Sequence[tuple[str, Sequence[Any]]]) -> bytes:
    """A SQLite database of these tables and rows, with pages of 512 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        made = sqlite3.connect(path)
        made.execute("PRAGMA page_size = 512")
        made.executescript(tables)
        for table, values in rows:
            made.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)
        made.commit()
        made.close()
        return path.read_bytes()


def quarantine(events: int) -> bytes:
    """A database of that many quarantine events."""
    rows = [(f"E-{n}", 794_105_400.0 + n, "Safari", f"https://example.com/{n}", None) for n in range(events)]
    return database(QUARANTINE, [("LSQuarantineEvent", row) for row in rows])


ENDPOINT_SAMPLES = {
    "sqlite": quarantine(2),
    "property_list": plistlib.dumps(
        {"DownloadHistory": [{"DownloadEntryURL": "https://example.com/a"}, {"DownloadEntryURL": "b"}]}
    ),
    "btm_dump": b"=====\n Records for UID 501 : A\n=====\n\n Items:\n\n #1:\n  Name: a\n\n #2:\n  Name: b\n",
    "santa": b"[2026-03-02T01:00:00.123Z] I santad: action=EXEC|decision=ALLOW|path=/bin/ls|args=ls\n"
    b"[2026-03-02T01:00:01.000Z] I santad: action=DELETE|path=/tmp/x|processpath=/bin/rm\n",
    "shell_history": b": 1772413200:0;ls\n: 1772413201:0;id\n",
}
