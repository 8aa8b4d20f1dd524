"""The sentences after a scenario was written, in both tongues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sakimori.scenario import Summary, described
from sakimori.tongue import tongue

SUMMARY = Summary(
    evidence=Path("out/evidence"),
    truth=Path("out/truth.json"),
    records=12345,
    attack_records=678,
    variant="coding_test",
    first_day=date(2026, 3, 2),
    days=14,
    hosts=12,
)


def test_it_says_how_much_what_and_what_next() -> None:
    assert described(SUMMARY, tongue("en")) == [
        "12,345 synthetic records of 12 hosts over 14 days, from 2026-03-02 on: "
        "Kitaura Exchange does not exist.",
        "678 of them are one intrusion; out/truth.json says which, and after which reports. Hunt first.",
        "Next: sakimori hunt out/evidence",
    ]


def test_every_sentence_exists_in_japanese() -> None:
    quiet = replace(SUMMARY, variant="", attack_records=0)
    english = described(SUMMARY, tongue("en")) + described(quiet, tongue("en"))
    japanese = described(SUMMARY, tongue("ja")) + described(quiet, tongue("ja"))
    assert not set(english) & set(japanese)
    assert "12,345" in japanese[0]
