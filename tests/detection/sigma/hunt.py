"""Real evidence, through the real readers and the engine, for tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sakimori.detection.sigma import Engine
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.readers import READERS
from sakimori.records.batch import Batch
from sakimori.records.plan import Plan


def batches(file: Path, plan: Plan) -> Iterator[Batch]:
    """The batches of one file, from the first reader that claims it; what is unread is left out."""
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        reader = next(reader for reader in READERS if reader.claims(head))
        for part in reader.read(Source(path=file.name, stream=stream, head=head), plan):
            if isinstance(part, Batch):
                yield part


def verdicts(batch: Batch, engine: Engine) -> list[frozenset[str]]:
    """For each row of the batch the ids of the rules that fire."""
    found: list[frozenset[str]] = [frozenset()] * batch.data.num_rows
    fired = engine.look(batch)
    if fired is not None:
        for row, ids in zip(fired.column("row").to_pylist(), fired.column("rules").to_pylist(), strict=True):
            found[row] = frozenset(ids)
    return found


def hunt_file(file: Path, engine: Engine) -> Counter[str]:
    """How many events of the file each rule fires on, by rule id."""
    counts: Counter[str] = Counter()
    for batch in batches(file, engine.plan()):
        for ids in verdicts(batch, engine):
            counts.update(ids)
    return counts
