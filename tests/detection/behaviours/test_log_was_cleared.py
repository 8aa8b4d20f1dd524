"""Logs that were emptied."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.log_was_cleared import log_was_cleared
from sakimori.engine.local import Local
from sakimori.findings import Severity, Subject
from sakimori.records.catalogue import catalogue
from tests.detection.behaviours.told import at, heard
from tests.rows import store_of

BY_MEI = {"host": "PC1", "account": "EXAMPLE\\mei"}


def test_a_log_emptied_by_someone_is_a_finding(tmp_path: Path) -> None:
    rows = [at(1, **BY_MEI, channel="Security"), at(1.1, **BY_MEI, channel="System")]
    (found,) = heard(tmp_path, log_was_cleared, log_cleared=rows).findings
    assert (found.severity, found.count) == (Severity.HIGH, 2)
    assert found.subjects == (Subject("host", "pc1"), Subject("account", "example\\mei"))
    assert found.because == (
        "The log Security of this host was emptied (1 times), first on 2026-03-03T00:00:00Z by EXAMPLE\\mei: "
        "what stood in it before is gone from the host. On the same day there are 1 more of the kind."
    )


def test_where_no_log_was_emptied_nothing_is_said(tmp_path: Path) -> None:
    rows = [at(1, host="pc1", channel="Security", number=n) for n in range(3)]
    assert heard(tmp_path, log_was_cleared, numbered_event=rows).findings == ()


@pytest.mark.parametrize(("event", "emptied"), [("1102", ["Security"]), ("517", ["Security"]), ("1104", [])])
def test_a_log_that_is_full_was_not_emptied(tmp_path: Path, event: str, emptied: list[str]) -> None:
    row = {"Computer": "pc1", "Channel": "Security", "EventID": event, "SubjectUserName": "mei"}
    store = store_of(tmp_path / "store", catalogue(), {"windows_security_log_cleared": [row]})
    with Local(store, catalogue(), 200 << 20, tmp_path / "temp") as local:
        assert local.query("SELECT channel FROM log_cleared").column("channel").to_pylist() == emptied
