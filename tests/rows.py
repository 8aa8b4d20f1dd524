"""Small real stores for tests: rows written through the builder, the writer and the store, as a hunt does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from sakimori.records.batch import Batch, BatchBuilder, Unread
from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.clock import Zone
from sakimori.records.plan import stored_only
from sakimori.records.store import SegmentWriter, Store

Row = Mapping[str, object]


def catalogue_of(*logs: Log) -> Catalogue:
    """A catalogue of these logs alone."""
    return Catalogue(logs, "of a test")


def batch_of(catalogue: Catalogue, log: str, rows: Iterable[Row], first: int = 1) -> Batch:
    """Rows of one log as a batch, their records numbered from `first`, 100 bytes each."""
    builder = BatchBuilder.of_mappings(stored_only(catalogue).stream(log), Zone())
    for record, row in enumerate(rows, first):
        builder.add(record, (record - 1) * 100, row)
    return builder.take()


def publish(
    store: Store, task: str, *members: tuple[str, Sequence[Batch]], unread: int | Sequence[Unread] = 0
) -> None:
    """Write a task's members (path, batches) and publish it; each has these or so many unread stretches."""
    writer = SegmentWriter(store.staging(task))
    for index, (_, batches) in enumerate(members):
        for batch in batches:
            writer.append(index, batch)
    stretches = [] if isinstance(unread, int) else [asdict(stretch) for stretch in unread]
    facts = {"unread": unread if isinstance(unread, int) else len(stretches), "unread_rows": stretches}
    entries = [{"index": n, "path": path, **facts} for n, (path, _) in enumerate(members)]
    writer.close(entries)
    store.publish(task)


def store_of(root: Path, catalogue: Catalogue, rows: Mapping[str, Sequence[Row]], unread: int = 0) -> Store:
    """A closed store with one member `evidence.json` that holds these rows of each log."""
    with Store(root).open() as store:
        batches = [batch_of(catalogue, log, found) for log, found in rows.items()]
        publish(store, "one", ("evidence.json", batches), unread=unread)
        store.compact()
    return store
