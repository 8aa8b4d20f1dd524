"""A hunt on a scenario finds the intrusion, and takes ordinary life for what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.findings import Finding, Severity
from sakimori.pipeline import hunt
from sakimori.scenario.plot import variants
from sakimori.setting import Setting
from tests.scenario.reading import Written, wrote


def _hunted(written: Written, case: Path, *rules: Path) -> tuple[Finding, ...]:
    setting = Setting(evidence=(written.root,), case=case, rules=rules, workers=1, cache=None)
    return tuple(hunt(setting, lambda *_: None, lambda _: None).findings)


def _places(finding: Finding) -> set[tuple[str, int]]:
    return {(place.file, place.record) for place in finding.places}


@pytest.mark.parametrize("kind", ["windows", "cloud"])
@pytest.mark.parametrize("variant", variants())
def test_what_our_own_rules_call_high_is_the_intrusion(kind: str, variant: str, tmp_path: Path) -> None:
    written = wrote(tmp_path / "out", kind=kind, variant=variant, seed=4, days=3)
    told = {(entry["file"], entry["record"]): entry["stage"] for entry in written.truth["attack"]}
    grave = [one for one in _hunted(written, tmp_path / "case") if one.severity >= Severity.HIGH]
    places = {place for finding in grave for place in _places(finding)}
    assert places <= set(told)
    stages = {told[place] for place in places}
    assert {"execution", "discovery", "credential-access", "lateral-movement", "collection"} <= stages


def test_in_the_cloud_what_is_called_high_is_the_intrusion_and_it_comes_first(tmp_path: Path) -> None:
    written = wrote(tmp_path / "out", kind="cloud", seed=4, days=5, rate=100, people=60)
    setting = Setting(evidence=(written.root,), case=tmp_path / "case", rules=(), workers=1, cache=None)
    case = hunt(setting, lambda *_: None, lambda _: None)
    told = {(entry["file"], entry["record"]): entry for entry in written.truth["attack"]}
    for finding in case.findings:  # one clone of the developer's own may stand beside the intruder's many
        assert finding.severity < Severity.HIGH or _places(finding) & set(told)
    seen = {told[place]["host"] for finding in case.findings for place in _places(finding) if place in told}
    assert seen >= {written.truth["incident"]["victim"], "KTR-BLD01", "KTR-SGN01"}  # Mac and Windows rules
    assert seen >= {"Entra ID", "Microsoft 365", "GitHub", "AWS"}  # rules and behaviours of the cloud
    first = case.incidents[0]
    assert {place for finding in first.findings for place in _places(finding)} & set(told)


def test_every_record_of_the_cloud_is_read_as_what_it_is(tmp_path: Path) -> None:
    written = wrote(tmp_path / "out", kind="cloud", days=2)
    setting = Setting(evidence=(written.root,), case=tmp_path / "case", rules=(), workers=1, cache=None)
    case = hunt(setting, lambda *_: None, lambda _: None)
    assert case.manifest.unread == ()
    assert sum(file.records for file in case.manifest.files) == written.summary.records
    assert not {log for file in case.manifest.files for log, _ in file.logs if log.startswith("generic")}


def test_ordinary_life_in_the_cloud_alone_gives_nothing_high_but_look_alikes_that_are_named(
    tmp_path: Path,
) -> None:
    written = wrote(tmp_path / "out", kind="cloud", attack=False, days=7, rate=100, people=80)
    twins = {
        (place["file"], place["record"])
        for twin in written.truth["benign_twins"]
        for place in twin["first_places"]
    }
    for finding in _hunted(written, tmp_path / "case"):
        assert finding.severity < Severity.HIGH or _places(finding) <= twins


def test_ordinary_life_alone_gives_nothing_high(tmp_path: Path) -> None:
    written = wrote(tmp_path / "out", attack=False, days=7, rate=100, hosts=14)
    assert [one.title for one in _hunted(written, tmp_path / "case") if one.severity >= Severity.HIGH] == []


def test_to_a_public_pack_ordinary_life_is_neither_silent_nor_an_alarm(
    tmp_path: Path, shared: Callable[[str], Path]
) -> None:
    written = wrote(tmp_path / "out", attack=False, days=5, rate=150, hosts=12)
    found = _hunted(written, tmp_path / "case", shared("sigma") / "rules")
    by_level = {level: [one for one in found if one.severity == level] for level in Severity}
    assert len({one.title for one in by_level[Severity.MEDIUM] + by_level[Severity.LOW]}) > 8
    assert sum(one.count for one in by_level[Severity.HIGH]) < written.summary.records / 500
    assert by_level[Severity.CRITICAL] == []
