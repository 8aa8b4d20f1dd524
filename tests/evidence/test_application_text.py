"""Text logs of applications: an event is the line with its time and the lines of its trace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.sigma.engine import answers
from sakimori.evidence import application_text
from sakimori.evidence.application_text import ApplicationText
from sakimori.records.catalogue import catalogue
from tests.evidence.reading import read, source

READER = ApplicationText()
TRACE = b"""2026-03-01 09:12:00,123 [main] ERROR org.example.App - it failed
java.lang.IllegalStateException: why
\tat org.example.App.run(App.java:7)

2026-03-01 09:12:00,200 [main] INFO  org.example.App - it goes on
"""


def test_a_trace_belongs_to_the_line_above_it() -> None:
    rows, unread = read(READER, TRACE)
    assert unread == []
    assert [(row["record"], row["level"], row["message"]) for row in rows] == [
        (1, "ERROR", "[main] ERROR org.example.App - it failed"),
        (5, "INFO", "[main] INFO  org.example.App - it goes on"),
    ]
    assert rows[0]["trace"] == "java.lang.IllegalStateException: why\n\tat org.example.App.run(App.java:7)"


def test_the_original_is_the_whole_event() -> None:
    assert READER.record(source(TRACE), 5, 0) == TRACE.decode().splitlines()[4]
    whole = READER.record(source(TRACE), 1, 0)
    assert whole is not None
    assert whole.splitlines()[2] == "\tat org.example.App.run(App.java:7)"
    assert READER.record(source(TRACE), 2, 0) is None


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-01 09:12:00 [error] something failed",
        "[2026-03-01T09:12:00.123] [ERROR] default - something failed",
        "2026-03-01T09:12:00.123Z error: something failed",
        "2026-03-01 09:12:00.123 +09:00 [ERR] something failed",
        "2026-03-01 09:12:00,123 ERROR something failed",
    ],
)
def test_a_time_and_a_level_are_claimed(line: str) -> None:
    assert READER.claims(f"{line}\n  at somewhere\n".encode())


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-01 09:12:00 something went on",
        "ERROR something failed",
        "time,level,message\n2026-03-01 09:12:00,ERROR,failed",
        '{"time": "2026-03-01 09:12:00", "level": "ERROR"}',
        "# 2026-03-01 09:12:00 ERROR in a comment",
        "2026-03-01 09:12:00 no INFORMATION here",
        "",
    ],
)
def test_what_names_no_time_first_and_no_level_is_left_to_others(line: str) -> None:
    assert not READER.claims(f"{line}\n".encode())


def test_what_stands_before_the_first_time_and_very_long_traces_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application_text, "_LONGEST", 30)
    data = b"\n\tat nowhere\n" + b"2026-03-01 09:12:00 ERROR a\n" + b"\tat one\n\tat two\n\tat three\n"
    rows, unread = read(READER, data)
    assert unread == []
    assert [(row["record"], row["message"], row.get("trace")) for row in rows] == [
        (2, "\tat nowhere", None),
        (3, "ERROR a", "at one"),
        (5, "\tat two", "at three"),
    ]


@pytest.mark.parametrize(
    "product", ["jvm", "nodejs", "python", "django", "ruby_on_rails", "spring", "sql", "velocity"]
)
def test_rules_for_applications_of_any_product_look_into_it(product: str) -> None:
    log = catalogue()["application_text"]
    assert answers(log, product, "application", None)
    assert not answers(log, "kubernetes", "application", "audit")


@given(st.binary(max_size=400) | st.lists(st.sampled_from(TRACE.splitlines())).map(b"\n".join))
def test_no_bytes_raise(data: bytes) -> None:
    READER.claims(data)
    rows, unread = read(READER, data)
    assert unread == []
    assert all(READER.record(source(data), row["record"], row["offset"]) is not None for row in rows)
