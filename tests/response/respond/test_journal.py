"""Whatever is done to the log is found, and said exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.errors import UsageError
from sakimori.response.respond.journal import APPROVE, HEAD, LOG, read_log, without, writing
from sakimori.response.sentences import plain

WHAT = {"kind": "block", "type": "address", "owner": "a", "until": "2027-01-01T00:00:00Z"}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    for n in range(4):
        with writing(tmp_path) as log:
            what = {**WHAT, "id": f"p-{n}", "value": f"192.0.2.{n}"}
            log.add(APPROVE, "M. Sato", "seen", what, 1_790_000_000 + n)
    return tmp_path


def wrong(case: Path) -> list[str]:
    return [plain(one, "en") for one in read_log(case).wrong]


def lines(case: Path) -> list[bytes]:
    return (case / LOG).read_bytes().splitlines(keepends=True)


def rewrite(case: Path, new: list[bytes]) -> None:
    (case / LOG).write_bytes(b"".join(new))


def test_a_log_nobody_touched_is_whole(case: Path) -> None:
    assert wrong(case) == []
    assert len(read_log(case).acts) == 4


def test_a_changed_word_is_found_in_its_line(case: Path) -> None:
    new = lines(case)
    new[1] = new[1].replace(b"M. Sato", b"A. Other")
    rewrite(case, new)
    assert wrong(case) == ["Line 2 was changed: its words do not give its hash."]


def test_lines_in_another_order_are_named(case: Path) -> None:
    a, b, c, d = lines(case)
    rewrite(case, [a, c, b, d])
    assert wrong(case) == [
        "Line 2 is out of order: it was written as entry 3.",
        "Line 3 is out of order: it was written as entry 2.",
    ]


def test_a_log_cut_short_is_found_by_its_head(case: Path) -> None:
    rewrite(case, lines(case)[:2])
    assert wrong(case) == ["4 entries were written, 2 are left."]


def test_a_line_taken_out_of_the_middle_is_missed(case: Path) -> None:
    a, _, c, d = lines(case)
    rewrite(case, [a, c, d])
    assert wrong(case) == ["Before line 2 an entry is missing.", "4 entries were written, 3 are left."]


def test_a_repeated_line_is_named(case: Path) -> None:
    rewrite(case, [*lines(case), lines(case)[0]])
    assert wrong(case)[0] == "Line 5 repeats line 1."


def test_a_damaged_log_takes_nothing_more(case: Path) -> None:
    rewrite(case, lines(case)[:2])
    with pytest.raises(UsageError, match="damaged"), writing(case):
        pass


def test_a_write_that_was_interrupted_before_the_head_is_healed(case: Path) -> None:
    third = lines(case)[2]
    (case / HEAD).write_text(f"3 {read_log(case).acts[2].hash}\n")
    assert len(wrong(case)) == 1
    with writing(case) as log:
        log.add(APPROVE, "M. Sato", "seen", {**WHAT, "id": "p-9", "value": "192.0.2.9"}, 1_790_000_009)
    assert (wrong(case), lines(case)[2]) == ([], third)


def test_a_head_that_was_written_down_must_be_in_the_log(case: Path) -> None:
    log = read_log(case)
    assert without(log, log.acts[1].hash) == ()
    assert len(without(log, "e" * 64)) == 1
