"""suppressions.yml: nobody hides anything without a name, a reason and an end; what is hidden is counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakimori.cli import run
from sakimori.errors import UsageError
from sakimori.findings import Finding, Place, Severity, Subject
from sakimori.incidents.build import incidents
from sakimori.incidents.context import Context
from sakimori.organisation import Suppressed, Suppression, read_suppressions, suppressed
from tests.small_evidence import lines, rules, started

TODAY = date(2026, 6, 1)
ENTRY = {"detector": "sigma:x", "owner": "Mori", "reason": "inventory", "expires": date(2026, 9, 30)}
HOST, OTHER = Subject("host", "inv01"), Subject("host", "ws01")
SVC, MEI = Subject("account", "example\\svc-inv"), Subject("account", "example\\mei")
FOUND = Finding(
    detector="sigma:x", title="t", severity=Severity.HIGH, confidence="high", techniques=("T1087",),
    subjects=(HOST, SVC), first_seen=0, last_seen=0, count=2,
    places=(Place("a.json", 1, 0), Place("a.json", 2, 90)), because="b",
)  # fmt: skip
EVENTS: Mapping[Place, Mapping[str, str]] = {
    FOUND.places[0]: {"Image": "C:\\Tools\\inv.exe"},
    FOUND.places[1]: {"Image": "C:\\Tools\\INV2.exe"},
}


def written(folder: Path, *entries: object) -> Path:
    file = folder / "suppressions.yml"
    file.write_text(yaml.safe_dump({"suppressions": list(entries)}), encoding="utf-8")
    return file


def look(places: Set[Place]) -> Mapping[Place, Mapping[str, str]]:
    return {place: EVENTS[place] for place in places if place in EVENTS}


def done(folder: Path, finding: Finding = FOUND, **changed: object) -> Suppressed:
    given = read_suppressions(written(folder, {**ENTRY, **changed}), TODAY)
    return suppressed([finding], given, TODAY, look)


def marked(folder: Path, finding: Finding = FOUND, **changed: object) -> bool:
    return "suppressed" in done(folder, finding, **changed).findings[0].facts


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    more = {"subjects": {"host": ["INV01.example.com"]}, "fields": {"Image": "*\\Inv.exe"}, "name": "nightly"}
    assert read_suppressions(written(tmp_path, ENTRY | more), TODAY) == (
        Suppression(
            name="nightly", detector="sigma:x", owner="Mori", reason="inventory", expires=date(2026, 9, 30),
            subjects={"host": frozenset({HOST})}, fields={"Image": ("*\\inv.exe",)},
        ),
    )  # fmt: skip


def test_no_file_and_an_empty_one_suppress_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.yml").write_text("")
    assert read_suppressions(None, TODAY) == read_suppressions(tmp_path / "empty.yml", TODAY) == ()


@pytest.mark.parametrize("key", ["detector", "owner", "reason", "expires"])
def test_what_nobody_answers_for_is_refused(tmp_path: Path, key: str) -> None:
    entry = {name: value for name, value in ENTRY.items() if name != key}
    with pytest.raises(UsageError, match=f"entry 1: {key} is missing"):
        read_suppressions(written(tmp_path, entry), TODAY)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"expires": date(2027, 6, 2)}, "more than a year ahead"),
        ({"expires": "soon"}, "no date"),
        ({"owner": "  "}, "owner is missing"),
        ({"subjects": {"colour": ["red"]}}, "colour is none of"),
        ({"subjects": ["inv01"]}, "subjects is no mapping"),
        ({"fields": {"Image": "*"}}, "Image has no values that say anything"),
        ({"hosts": ["inv01"]}, "unknown key hosts"),
    ],
)
def test_what_never_ends_or_means_nothing_is_refused(
    tmp_path: Path, changed: dict[str, object], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        read_suppressions(written(tmp_path, ENTRY | changed), TODAY)


@pytest.mark.parametrize("text", ["- a", "hosts: [a]", "suppressions: [", "suppressions: 3"])
def test_a_file_that_is_no_list_of_entries_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "suppressions.yml").write_text(text)
    with pytest.raises(UsageError, match=r"docs/tuning\.md"):
        read_suppressions(tmp_path / "suppressions.yml", TODAY)


def test_a_year_ahead_is_allowed(tmp_path: Path) -> None:
    assert marked(tmp_path, expires=date(2027, 6, 1))


def test_it_is_marked_in_both_tongues_and_is_otherwise_the_same(tmp_path: Path) -> None:
    found = done(tmp_path, name="nightly")
    (one,) = found.findings
    assert one.facts["suppressed"] == "Suppressed until 2026-09-30; Mori answers for it (inventory)."
    assert all(word in one.facts["suppressed_ja"] for word in ("2026-09-30", "Mori", "inventory"))
    assert (replace(one, facts={}), found.counts, found.expired) == (FOUND, {"nightly": 1}, ())


def test_on_its_last_day_it_applies_and_the_day_after_it_is_over(tmp_path: Path) -> None:
    assert marked(tmp_path, expires=TODAY)
    found = done(tmp_path, expires=date(2026, 5, 31), name="old")
    assert (found.findings, found.counts, found.expired) == ((FOUND,), {}, ("old",))


@pytest.mark.parametrize(
    "changed",
    [
        {"detector": "x"},
        {"subjects": {"host": ["inv01"]}},
        {"subjects": {"account": ["EXAMPLE\\svc-inv", "EXAMPLE\\svc-2"]}},
        {"fields": {"Image": "C:\\tools\\*.exe"}},
        {"fields": {"Image": ["*\\inv.exe", "*\\inv2.exe"]}},
    ],
)
def test_what_it_describes_is_marked(tmp_path: Path, changed: dict[str, object]) -> None:
    assert marked(tmp_path, **changed)


@pytest.mark.parametrize(
    ("finding", "changed"),
    [
        (replace(FOUND, detector="sigma:y"), {}),
        (replace(FOUND, subjects=(OTHER, SVC)), {"subjects": {"host": ["inv01"]}}),
        (replace(FOUND, subjects=(HOST,)), {"subjects": {"account": ["svc-inv"]}}),
        # Somebody else did it too: on the same day, in the same finding.
        (replace(FOUND, subjects=(HOST, SVC, MEI)), {"subjects": {"account": ["EXAMPLE\\svc-inv"]}}),
        # One event of two is another program's.
        (FOUND, {"fields": {"Image": "*\\inv.exe"}}),
        # More events than places that are kept.
        (replace(FOUND, count=3), {"fields": {"Image": "C:\\tools\\*.exe"}}),
        (FOUND, {"fields": {"User": "*mei"}}),
    ],
)
def test_just_beside_it_nothing_is_marked(
    tmp_path: Path, finding: Finding, changed: dict[str, object]
) -> None:
    assert not marked(tmp_path, finding, **changed)


def test_a_suppressed_finding_founds_no_incident(tmp_path: Path) -> None:
    assert len(incidents([FOUND], Context())) == 1
    assert incidents(done(tmp_path).findings, Context()) == ()


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case folder of a hunt over two hosts, in a folder of its own."""
    (tmp_path / "evidence").mkdir()
    events = [started(1), started(2, host="ws-02.example.com"), started(3, host="ws-02.example.com")]
    (tmp_path / "evidence/a.json").write_bytes(lines(events))
    rules(tmp_path / "rules")
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "case"


def hunted(case: Path, *options: str) -> list[dict[str, dict[str, str]]]:
    words = ["hunt", "evidence", "--case", str(case), "--rules", "rules", "--workers", "1", "--lang", "en"]
    assert run([*words, *options]) == 0
    return [json.loads(line) for line in (case / "findings.jsonl").read_text().splitlines()]


def test_a_hunt_marks_counts_and_says_it(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host = {"host": ["ws-02"]}
    rule = "sigma:0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11"
    soon = {"detector": rule, "owner": "Mori", "reason": "a test", "expires": date.today(), "name": "now"}
    fitting = soon | {"subjects": host, "fields": {"Image": "*\\NOTEPAD.exe"}}
    written(case.parent, fitting, soon | {"expires": date(2020, 1, 1), "name": "old"})
    found = hunted(case)
    assert ["suppressed" in one["facts"] for one in found] == [False, True]
    manifest = json.loads((case / "manifest.json").read_text())
    assert (manifest["suppressed"], manifest["suppressions_expired"]) == ({"now": 1}, ["old"])
    said = capsys.readouterr().out
    assert "One finding is suppressed" in said and "One suppression has expired" in said
    assert "One finding is suppressed" in (case / "report.html").read_text()


def test_a_hunt_says_nothing_of_suppressions_that_nobody_gave(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ["suppressed" in one["facts"] for one in hunted(case)] == [False, False]
    assert "suppress" not in capsys.readouterr().out


def test_a_bad_file_stops_the_hunt_before_it_begins(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(case.parent, {"detector": "sigma:x"})
    assert run(["hunt", "evidence", "--case", str(case), "--suppressions", str(file)]) == 2
    assert "owner is missing" in capsys.readouterr().err


_KEYS = st.sampled_from(["detector", "subjects", "host", "fields", "owner", "reason", "expires", "name", "x"])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.dates() | st.datetimes() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(ENTRY), _ANYTHING)) | _ANYTHING)
)
def test_whatever_stands_in_it_is_read_or_refused(tmp_path: Path, entries: list[object]) -> None:
    file = written(tmp_path, *entries)
    try:
        found = read_suppressions(file, TODAY)
    except UsageError:
        return
    assert len(found) == len(entries)
