"""Behaviours as a data set, and what becomes of one that fails."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from ibis import Table, _

from sakimori.detection.behaviour import REQUIRED, Behaviour, behaviour, behaviours, unbound
from sakimori.detection.run_behaviours import hear
from sakimori.engine.local import Local
from sakimori.errors import RuleError
from sakimori.findings import Severity, Subject, finding_id
from sakimori.knowledge.stages import stages_of
from sakimori.tongue import tongue
from tests.detection.behaviours.told import START, at, heard, plain_logs
from tests.rows import store_of

ALL = behaviours()


def test_every_file_of_the_folder_holds_the_behaviour_of_its_name() -> None:
    folder = Path(__file__).resolve().parents[2] / "sakimori" / "detection" / "behaviours"
    files = sorted(p.stem for p in folder.glob("*.py") if p.stem != "__init__")
    assert [one.name for one in ALL] == files


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_behaviour_gives_what_a_finding_needs(one: Behaviour) -> None:
    columns = set(one(*map(unbound, one.tables)).columns)
    assert {*REQUIRED, one.subject, *one.also, *one.keys} <= columns


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_behaviour_says_everything_in_both_tongues(one: Behaviour) -> None:
    english, japanese = tongue("en"), tongue("ja")
    for sentence in (one.title, one.because, *one.parts.values()):
        assert japanese(sentence) != english(sentence)
    assert names(japanese(one.because)) == names(one.because)


def names(template: str) -> list[tuple[str, str]]:
    """The facts a sentence names, with their form."""
    return sorted((name, form or "") for _, name, form, _ in Formatter().parse(template) if name)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_behaviour_names_techniques_that_have_a_stage(one: Behaviour) -> None:
    assert stages_of(one.techniques) != ()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_behaviour_has_its_test_twin(one: Behaviour) -> None:
    assert (Path(__file__).parent / "behaviours" / f"test_{one.name}.py").is_file()


def pair(**changes: object) -> Behaviour:
    """A behaviour that says each program of each host."""
    facts: dict[str, object] = {
        "subject": "host",
        "also": {"image": "process"},
        "keys": ("host", "image"),
        "severity": Severity.LOW,
        "techniques": ["T1204"],
        "because": "{image} ran {count} times.",
    }

    def every_program(process: Table) -> Table:
        """A program ran.

        Sees: all. Misses: none.
        Misses: nothing.
        Next: look.
        """
        seen = process.group_by("host", "image")
        return seen.aggregate(count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max())

    return behaviour(**{**facts, **changes})(every_program)  # type: ignore[arg-type]


def run(host: str, image: str, day: float) -> dict[str, object]:
    return at(day, host=host, image=image)


def test_one_subject_and_day_is_one_finding_with_all_its_places(tmp_path: Path) -> None:
    rows = [
        run("PC1", "a.exe", 0.1),
        run("pc1", "b.exe", 0.2),
        run("pc1", "b.exe", 0.3),
        run("pc1", "c.exe", 1.1),
    ]
    first, second = heard(tmp_path, pair(), process=rows).findings
    assert (first.count, [p.record for p in first.places]) == (3, [1, 2, 3])
    assert first.because == "a.exe ran 1 times. On the same day there are 1 more of the kind."
    assert [s.value for s in first.subjects] == ["pc1", "a.exe", "b.exe"]
    assert (second.count, second.because) == (1, "c.exe ran 1 times.")
    clock = int((START.timestamp() + 0.1 * 86400) * 1_000_000)
    assert first.id == finding_id("behaviour:every_program", Subject("host", "pc1"), clock)


def test_a_row_without_its_subject_is_no_finding(tmp_path: Path) -> None:
    assert heard(tmp_path, pair(), process=[run(None, "a.exe", 0)]).findings == ()  # type: ignore[arg-type]


def test_at_most_a_hundred_places_are_named_and_all_are_counted(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, pair(), process=[run("pc1", "a.exe", n / 1000) for n in range(150)]).findings
    assert (found.count, [p.record for p in found.places]) == (150, list(range(1, 101)))


def test_what_evidence_says_never_becomes_part_of_the_sentence_s_form(tmp_path: Path) -> None:
    (found,) = heard(
        tmp_path, pair(), process=[run("pc1", "{host.__class__}\n'; DROP TABLE process", 0)]
    ).findings
    assert found.because == "{host.__class__} '; DROP TABLE process ran 1 times."


def broken_column(process: Table) -> Table:
    """A mistake. Sees:

    Sees: nothing.
    Misses: all.
    Next: mend it.
    """
    return process.group_by("host").aggregate(count=_.nothing_like_it.sum())


def broken_value(process: Table) -> Table:
    """A mistake the engine meets.

    Sees: nothing.
    Misses: all.
    Next: mend it.
    """
    bad = process.image.cast("int64")
    return process.group_by("host", "image").aggregate(
        count=bad.max(), first_seen=bad.max(), last_seen=bad.max()
    )


@pytest.mark.parametrize("mistake", [broken_column, broken_value])
def test_a_behaviour_that_fails_says_so_and_stops_nobody(tmp_path: Path, mistake: object) -> None:
    wrong = behaviour(
        subject="host", keys=("host",), severity=Severity.LOW, techniques=["T1204"], because="no"
    )(mistake)  # type: ignore[arg-type]
    store = store_of(tmp_path / "store", plain_logs(), {"plain_process": [run("pc1", "a.exe", 0)]})
    with Local(store, plain_logs(), 200 << 20, tmp_path / "temp") as engine:
        said = hear(engine, [wrong, pair()])
    assert [f.detector for f in said.findings] == ["behaviour:every_program"]
    assert [(note.detector, note.kind) for note in said.notes] == [
        (f"behaviour:{mistake.__name__}", "failed")
    ]


def test_without_a_log_for_its_table_a_behaviour_is_blind(tmp_path: Path) -> None:
    said = heard(tmp_path, pair(), dns_query=[at(0, host="pc1", query="www.example.com")])
    assert [(note.kind, note.reason) for note in said.notes] == [
        ("no table", "no log in the evidence feeds process")
    ]


def test_all_behaviours_are_silent_on_an_ordinary_day(tmp_path: Path) -> None:
    rows = {"plain_process": [run(f"pc{n}", "C:\\Windows\\explorer.exe", 0) for n in range(10)]}
    with Local(
        store_of(tmp_path / "store", plain_logs(), rows), plain_logs(), 200 << 20, tmp_path / "t"
    ) as engine:
        assert hear(engine).findings == ()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"subject": "person"}, "person is no type of subject"),
        ({"keys": ("host", "colour")}, "none of its tables has the columns host, colour"),
        ({"also": {"image": "programme"}}, "programme is no type of subject"),
    ],
)
def test_a_behaviour_that_contradicts_itself_is_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(RuleError, match=problem):
        pair(**changes)


def test_the_lesson_shows_the_behaviour_as_it_is() -> None:
    root = Path(__file__).resolve().parents[2]
    lesson = (root / "docs" / "adding-a-behaviour.md").read_text(encoding="utf-8")
    shown, test = (block.split("```")[0] for block in lesson.split("```python\n")[1:3])
    source = (root / "sakimori/detection/behaviours/remote_tool_first_seen.py").read_text(encoding="utf-8")
    twin = (root / "tests/detection/behaviours/test_remote_tool_first_seen.py").read_text(encoding="utf-8")
    assert [line for line in shown.splitlines() if "..." not in line and line not in source] == []
    assert test in twin
