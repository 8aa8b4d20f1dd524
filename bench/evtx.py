"""EVTX through the reader and the rules, in this process: small sample files, each read many times."""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Iterator
from pathlib import Path

from bench import data
from sakimori.detection.sigma import Engine, load_pack
from sakimori.evidence.generic import known_logs
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.records.batch import Batch, Pool

ROUNDS = 10


def evtx(folder: Path) -> None:
    """Records a second of processor time: read and columns alone, and with the whole SigmaHQ pack."""
    if not data.EVTX.exists():
        print("evtx: not measured, the EVTX samples are not beside this checkout")
        return
    engine = Engine(load_pack([data.SIGMA], folder), known_logs(), folder)
    files = [file.read_bytes() for file in sorted(data.EVTX.rglob("*.evtx"))]
    _pass(engine, files, look=True)  # compiles what the logs need
    print("\n| EVTX, one core | records | records/s |\n|---|---|---|")
    for name, look in (("read and columns", False), ("with all rules", True)):
        gc.disable()
        began = time.process_time()
        records = sum(_pass(engine, files, look) for _ in range(ROUNDS))
        seconds = time.process_time() - began
        gc.enable()
        print(f"| {name} | {records:,} | {records / seconds:,.0f} |", flush=True)


def _pass(engine: Engine, files: list[bytes], look: bool) -> int:
    """The records of all files, read as a task of a hunt reads them: batches span the files."""
    records = 0
    for batch in _batches(engine, files):
        records += batch.data.num_rows
        if look:
            engine.look(batch)
    return records


def _batches(engine: Engine, files: list[bytes]) -> Iterator[Batch]:
    reader, plan, pool = WindowsEvtx(), engine.plan(), Pool()
    for member, content in enumerate(files):
        stream = io.BufferedReader(io.BytesIO(content), 1 << 20)  # type: ignore[arg-type]
        source = Source(path="sample", stream=stream, head=content[:HEAD_BYTES], pool=pool, member=member)
        yield from (found for found in reader.read(source, plan) if isinstance(found, Batch))
    yield from pool.rest()
