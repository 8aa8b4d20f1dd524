"""Behaviours on labelled samples of others: what they find there, and that they find nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sakimori.detection.run_behaviours import Heard, hear
from sakimori.engine.local import Local
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.records.batch import Batch
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from tests.rows import publish

SIDE_LOADINGS = {
    "DE_timestomp_and_dll_sideloading_and_RunPersist.evtx": 1,
    "sideloading_uacbypass_rundll32_injection_c2.evtx": 1,
    "sysmon_11_7_1_uacbypass_windirectory_mocking.evtx": 1,
    # Nothing in these two names the program's maker.
    "sideloading_wwlib_sysmon_7_1_11.evtx": 0,
    "sideloading_injection_persistence_run_key.evtx": 0,
    # A tool and a library of its own.
    "CA_keefarce_keepass_credump.evtx": 0,
}


def batches(file: Path) -> Iterator[Batch]:
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        for found in WindowsEvtx().read(
            Source(path=file.name, stream=stream, head=head), stored_only(catalogue())
        ):
            if isinstance(found, Batch):
                yield found


def heard(tmp_path: Path, file: Path) -> Heard:
    with Store(tmp_path / "store").open() as store:
        publish(store, "sample", (file.name, list(batches(file))))
        store.compact()
    with Local(store, catalogue(), 200 << 20, tmp_path / "temp") as engine:
        return hear(engine)


@pytest.mark.parametrize(("name", "found"), SIDE_LOADINGS.items())
def test_side_loadings_are_found_where_the_program_has_a_maker(
    shared: Callable[[str], Path], tmp_path: Path, name: str, found: int
) -> None:
    (file,) = shared("evtx_attack_samples").rglob(name)
    said = [f for f in heard(tmp_path, file).findings if f.detector == "behaviour:library_beside_program"]
    assert len(said) == found
