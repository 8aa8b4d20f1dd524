"""EVTX through the reader and the rules, in this process: small sample files, each read many times."""

from __future__ import annotations

import gc
import io
import time
from pathlib import Path

from bench import data
from sakimori.detection.sigma import Engine, load_pack
from sakimori.evidence.generic import known_logs
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.records.batch import Unread

ROUNDS = 10


def evtx(folder: Path) -> None:
    """Records a second of one core: read and columns alone, and with the whole SigmaHQ pack looking on."""
    if not data.EVTX.exists():
        print("evtx: not measured, the EVTX samples are not beside this checkout")
        return
    engine = Engine(load_pack([data.SIGMA], folder), known_logs(), folder)
    files = [file.read_bytes() for file in sorted(data.EVTX.rglob("*.evtx"))]
    _pass(engine, files, look=True)  # compiles what the logs need
    print("\n| EVTX, one core | records | records/s |\n|---|---|---|")
    for name, look in (("read and columns", False), ("with all rules", True)):
        gc.disable()
        began = time.perf_counter()
        records = sum(_pass(engine, files, look) for _ in range(ROUNDS))
        seconds = time.perf_counter() - began
        gc.enable()
        print(f"| {name} | {records:,} | {records / seconds:,.0f} |", flush=True)


def _pass(engine: Engine, files: list[bytes], look: bool) -> int:
    records = 0
    reader, plan = WindowsEvtx(), engine.plan()
    for content in files:
        stream = io.BufferedReader(io.BytesIO(content), 1 << 20)  # type: ignore[arg-type]
        for batch in reader.read(Source(path="sample", stream=stream, head=content[:HEAD_BYTES]), plan):
            if not isinstance(batch, Unread):
                records += batch.data.num_rows
                if look:
                    engine.look(batch)
    return records
