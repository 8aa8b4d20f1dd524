"""Windows prefetch files: which program ran, how often, when (up to eight times), and what it loaded.

Format: https://github.com/libyal/libscca/blob/main/documentation/Windows%20Prefetch%20File%20(PF)%20format.asciidoc
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import orjson
import pyscca

from sakimori.evidence.aborting import ends_after
from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.reader import Source
from sakimori.evidence.registry.regf import filetime
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_TIMES = 8
_SECONDS = 20.0
_MOST_FILES = 4096
_LARGEST = 16 << 20  # Windows' own have some 100 kB


class Prefetch:
    """Prefetch files (.pf), compressed or not: programs that ran, their last eight times, files they loaded.

    Watch: servers keep none by default, and Windows keeps the last 1,024 programs only.
    """

    name = "windows_prefetch"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The mark of a prefetch file, or of the compression Windows 10 puts around it."""
        return head[4:8] == b"SCCA" or (head[:3] == b"MAM" and head[3:4] in b"\x04\x84" and len(head) > 8)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a run that is remembered; a damaged file is Unread."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as JSON: the file is no text."""
        found = (one for one in _found(source) if isinstance(one, Found))
        one = next(islice(found, number - 1, None), None)
        return None if one is None else one.raw.decode()


def _found(source: Source) -> Iterator[Found | Unread]:
    file = pyscca.file()
    try:
        with ends_after(_SECONDS, file):
            file.open_file_object(BytesIO(in_memory(source, _LARGEST)))
            rows = list(_rows(file, source.path))
        file.close()
    except (OSError, ValueError, OverflowError, MemoryError, TooLarge) as problem:
        yield Unread(0, 0, f"no prefetch file that can be read: {str(problem)[:200]}")
        return
    for number, row in enumerate(rows, 1):
        yield Found("prefetch", number, 0, row, orjson.dumps(row))


def _rows(file: Any, path: str) -> Iterator[dict[str, Any]]:
    name = _whole(file.executable_filename)
    most = min(file.number_of_filenames, _MOST_FILES)
    files = [text for text in (_whole(file.get_filename(index)) for index in range(most)) if text]
    own = next((one for one in files if one.upper().endswith(f"\\{name.upper()}")), None)
    row = {"Computer": host_of(path), "Name": name, "Path": own or name, "Runs": file.run_count}
    row["Version"] = file.format_version
    row["Hash"] = f"{file.prefetch_hash:08X}"
    times = sorted(filter(None, _times(file)), reverse=True)
    yield {**row, "LastRun": times[0] if times else None, "Files": files}
    yield from ({**row, "LastRun": time} for time in times[1:])


def _whole(text: str | None) -> str:
    """The text without halves of letters, which a damaged file may have."""
    return (text or "").encode("utf-8", "replace").decode()


def _times(file: Any) -> Iterator[str | None]:
    for index in range(_TIMES if file.format_version >= 26 else 1):
        yield filetime(file.get_last_run_time_as_integer(index))
