"""Windows logs that are not as Windows wrote them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from sakimori.detection.behaviours.evidence_damaged import evidence_damaged
from sakimori.detection.run_behaviours import Heard, hear
from sakimori.engine.local import Local
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.findings import Subject
from sakimori.records.batch import Batch, Unread
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from tests.evidence.evtx_writer import CHUNK, Event, evtx
from tests.rows import publish

EVENTS = [Event(4624, (("TargetUserName", f"user{n:02}"),)) for n in range(12)]
CHUNKS = 3


def file(*changed: int, in_use: bool = False) -> bytes:
    """Three chunks; in those named, a name was changed after they were written."""
    data = bytearray(evtx(EVENTS, per_chunk=4))
    for chunk in changed:
        start = 4096 + chunk * CHUNK
        at = data.index("user".encode("utf-16-le"), start)
        data[at : at + 2] = b"X\0"
    data[120] = in_use
    return bytes(data)


def read(data: bytes) -> tuple[list[Batch], list[Unread]]:
    source = Source(path="Security.evtx", stream=BytesIO(data), head=data[:HEAD_BYTES])
    found = list(WindowsEvtx().read(source, stored_only(catalogue())))
    return [one for one in found if isinstance(one, Batch)], [one for one in found if isinstance(one, Unread)]


def heard(tmp_path: Path, data: bytes) -> Heard:
    batches, unread = read(data)
    with Store(tmp_path / "store").open() as store:
        publish(store, "one", ("Security.evtx", batches), unread=unread)
        store.compact()
    with Local(store, catalogue(), 200 << 20, tmp_path / "temp") as engine:
        return hear(engine, [evidence_damaged])


def test_records_changed_after_they_were_written_are_a_finding_and_are_read(tmp_path: Path) -> None:
    data = file(0, 1)
    (found,) = heard(tmp_path, data).findings
    assert sum(batch.data.num_rows for batch in read(data)[0]) == 12
    assert (found.subjects, found.count) == ((Subject("file", "security.evtx"),), 2)
    assert found.because == (
        "2 stretches of this log are damaged; the records of 2 of them could be read, but do not match their "
        "checksum."
    )
    assert [(place.file, place.record) for place in found.places] == [
        ("Security.evtx", 1),
        ("Security.evtx", 5),
    ]


def test_a_chunk_that_is_lost_is_a_finding(tmp_path: Path) -> None:
    data = file()
    data = data[:4096] + b"\xaa" * CHUNK + data[4096 + CHUNK :]
    (found,) = heard(tmp_path, data).findings
    assert found.because.startswith("1 stretches of this log are damaged; the records of 0 of them could be")


def test_a_whole_log_says_nothing(tmp_path: Path) -> None:
    assert heard(tmp_path, file()).findings == ()


@pytest.mark.parametrize(("changed", "found"), [((2,), 0), ((1, 2), 1)])
def test_a_log_copied_while_windows_wrote_it_may_have_one_open_chunk(
    tmp_path: Path, changed: tuple[int, ...], found: int
) -> None:
    assert len(heard(tmp_path, file(*changed, in_use=True)).findings) == found
