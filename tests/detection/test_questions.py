"""What behaviours ask is kept between hunts, and asked anew where anything it depends on has changed."""

from __future__ import annotations

from pathlib import Path

from sakimori.detection.behaviour import Behaviour, behaviours
from sakimori.detection.questions import Questions, fingerprint


def one() -> Behaviour:
    return behaviours()[0]


def test_the_second_hunt_asks_the_same_without_writing_it_again(tmp_path: Path) -> None:
    first = Questions(tmp_path)
    asked = first.sql(one())
    first.keep()
    (kept,) = tmp_path.iterdir()
    assert asked == one().sql()
    kept.write_text(kept.read_text().replace("SELECT", "SELECT /* kept */"))
    assert "/* kept */" in Questions(tmp_path).sql(one())


def test_without_a_folder_nothing_is_kept() -> None:
    questions = Questions(None)
    assert questions.sql(one()) == one().sql()
    questions.keep()


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / f"questions-{fingerprint()}.json").write_bytes(b'{"half')
    questions = Questions(tmp_path)
    assert questions.sql(one()) == one().sql()
    questions.keep()
    assert Questions(tmp_path).sql(one()) == one().sql()


def test_any_file_that_changes_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    before = fingerprint(tmp_path)
    assert before == fingerprint(tmp_path)
    (tmp_path / "a.py").write_text("x = 2")
    assert fingerprint(tmp_path) != before
