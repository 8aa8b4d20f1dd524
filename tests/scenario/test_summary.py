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


def test_of_a_cloud_it_names_the_services_and_that_no_log_shows_all() -> None:
    said = described(replace(SUMMARY, people=200), tongue("en"))
    assert said[1].startswith("200 people work there with Microsoft 365, Entra ID, Defender, GitHub, AWS")
    assert said[3] == "It runs through many of these logs; none shows it whole."


def test_every_sentence_exists_in_japanese() -> None:
    quiet = replace(SUMMARY, variant="", attack_records=0)
    cloud = replace(SUMMARY, people=200)
    english = [line for one in (SUMMARY, quiet, cloud) for line in described(one, tongue("en"))]
    japanese = [line for one in (SUMMARY, quiet, cloud) for line in described(one, tongue("ja"))]
    assert not set(english) & set(japanese)
    assert "12,345" in japanese[0]
