"""What an indicator's word weighs: its age and sources; and that a doubted one founds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.indicators.indicator import HACKED, SHARED, SINKHOLE, Source
from sakimori.detection.indicators.telling import TITLES
from sakimori.findings import Severity, Subject
from sakimori.incidents.build import incidents
from sakimori.incidents.context import Context
from sakimori.tongue import tongue
from tests.detection.behaviours.told import at
from tests.detection.indicators.meeting import known, met

FLOW = {"host": "ws-01", "account": "mei", "image": r"C:\Temp\a.exe", "destination_address": "203.0.113.7"}
LOOKED_UP = {"host": "ws-01", "query": "c2.example.com"}


def test_the_sentence_says_how_old_and_how_many(tmp_path: Path) -> None:
    sources = (Source("CERT", "https://cert.example.org/1"), Source("Vendor", ""))
    one = known("domain", "c2.example.com", sources=sources, said_by="Vendor: Example Group")
    (found,) = met(tmp_path, [one], dns_query=[at(1, **LOOKED_UP), at(1.2, **LOOKED_UP)]).findings
    assert (
        found.because == "ws-01 met c2.example.com, last reported 11 days before (sources: 2; CERT, Vendor)."
    )
    assert (found.severity, found.confidence, found.count) == (Severity.HIGH, "medium", 2)
    assert found.subjects == (Subject("host", "ws-01"), Subject("domain", "c2.example.com"))
    assert found.facts["said_by"] == "Vendor: Example Group"
    assert "Example Group" not in found.because + found.title
    assert found.source == {
        "author": "CERT, Vendor",
        "license": "CC0-1.0",
        "url": "https://cert.example.org/1",
    }


DOUBTS = [
    ({"first_seen": ""}, "undated"),
    ({"expires": "2026-02-25"}, "expired"),
    ({"tags": (HACKED,)}, HACKED),
    ({"tags": (SHARED,)}, SHARED),
]


@pytest.mark.parametrize(("more", "doubt"), DOUBTS, ids=[doubt for _, doubt in DOUBTS])
def test_every_doubt_is_among_the_facts_of_the_finding(
    tmp_path: Path, more: dict[str, object], doubt: str
) -> None:
    one = known("address", "203.0.113.7", **more)
    (found,) = met(tmp_path, [one], network_flow=[at(1, **FLOW)]).findings
    assert (found.facts["doubts"], found.confidence, found.techniques) == (doubt, "low", ())


@pytest.mark.parametrize("sources", [(), (Source("CERT"),), (Source("CERT"), Source("Vendor"))])
@pytest.mark.parametrize(("first_seen", "age"), [("2026-02-20", "11 days"), ("", "unknown")])
def test_a_hit_always_carries_its_age_and_how_many_sources(
    tmp_path: Path, sources: tuple[Source, ...], first_seen: str, age: str
) -> None:
    one = known("domain", "c2.example.com", sources=sources, first_seen=first_seen)
    (found,) = met(tmp_path, [one], dns_query=[at(1, **LOOKED_UP)]).findings
    assert (found.facts["age"], found.facts["sources"]) == (age, str(len(sources)))
    assert f"(sources: {len(sources)}; " in found.because


def test_a_word_that_came_later_says_so(tmp_path: Path) -> None:
    (found,) = met(
        tmp_path, [known("domain", "c2.example.com", first_seen="2026-03-09")], dns_query=[at(1, **LOOKED_UP)]
    ).findings
    assert found.because == "ws-01 met c2.example.com, reported 6 days later (sources: 1; CERT)."


@pytest.mark.parametrize(
    "more",
    [
        {"first_seen": ""},
        {"expires": "2026-02-25"},
        {"first_seen": "2024-01-01"},
        {"tags": (HACKED,)},
        {"tags": (SHARED,)},
        {"tags": (SINKHOLE,)},
    ],
    ids=["undated", "expired", "old", "hacked", "shared", "sinkhole"],
)
@pytest.mark.parametrize("type_", ["address", "address_port"])
def test_a_doubted_address_alone_is_low_and_founds_nothing(
    tmp_path: Path, type_: str, more: dict[str, object]
) -> None:
    value = "203.0.113.7" if type_ == "address" else "203.0.113.7:443"
    said = met(tmp_path, [known(type_, value, **more)], network_flow=[at(1, **FLOW, destination_port=443)])
    (found,) = said.findings
    assert (found.severity, found.confidence, found.techniques) == (Severity.LOW, "low", ())
    assert incidents(said.findings, Context(hosts=50)) == ()


def test_a_hacked_site_is_met_by_its_path_and_never_by_its_name(tmp_path: Path) -> None:
    both = [
        known("domain", "shop.example.com", tags=(HACKED,)),
        known("url", "https://shop.example.com/img/load.php", tags=(HACKED,)),
    ]
    rows = [
        at(1, host="ws-01", url_host="shop.example.com", url_path="/index.html"),
        at(1, host="ws-02", url_host="shop.example.com", url_path="/img/load.php"),
    ]
    (found,) = met(tmp_path, both, http_request=rows).findings
    assert (found.subjects[0].value, found.severity) == ("ws-02", Severity.HIGH)


def test_one_finding_for_each_value_subject_and_day(tmp_path: Path) -> None:
    ones = [
        known("domain", "c2.example.com"),
        known("domain", "c3.example.com"),
        known("domain", "c2.example.com"),
    ]
    rows = [
        at(day, host=host, query=name)
        for day in (1, 2)
        for host in ("ws-01", "ws-02")
        for name in ("c2.example.com", "www.c3.example.com")
    ]
    found = met(tmp_path, ones, dns_query=[*rows, *rows]).findings
    assert [one.count for one in found] == [2] * 8
    assert len({one.id for one in found}) == 8


def test_a_clear_hash_founds_an_incident(tmp_path: Path) -> None:
    row = at(1, host="ws-01", image=r"C:\Temp\a.exe", hashes=f"SHA256={'ab' * 32}")
    said = met(tmp_path, [known("hash", "ab" * 32)], process=[row])
    (found,) = incidents(said.findings, Context(hosts=50))
    assert found.findings == said.findings


def test_what_no_table_tells_of_is_said(tmp_path: Path) -> None:
    said = met(tmp_path, [known("mutex", "badmutex")], process=[at(1, host="ws-01")])
    (state,) = said.states
    assert (state.state, state.reason) == ("blind", "no log in the evidence tells of what 1 of them name")


def test_the_age_of_the_file_is_told(tmp_path: Path) -> None:
    said = met(tmp_path, [known("mutex", "badmutex")], process=[at(1, host="ws-01")])
    (told,) = said.described.values()
    assert told.startswith("of 2026-03-01, 9 days old, as its manifest says, sha256 ")


def test_parquet_says_the_same(tmp_path: Path) -> None:
    rows = {"dns_query": [at(1, **LOOKED_UP)]}
    one = [known("domain", "c2.example.com")]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert met(tmp_path / "a", one, **rows).findings == met(tmp_path / "b", one, "i.parquet", **rows).findings  # type: ignore[arg-type]


def test_every_title_has_its_japanese() -> None:
    assert [title for title in TITLES.values() if tongue("ja")(title) == title] == []


def test_a_pattern_beyond_what_can_be_looked_for_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sakimori.detection.indicators.needles.MOST", 1)
    both = [known("command_line", "netsh add 443"), known("command_line", "reg save sam")]
    said = met(tmp_path, both, process=[at(1, host="ws-01", command_line="x")])
    assert [state.reason for state in said.states] == [
        "1 were looked for in process; 1 are patterns beyond what can be looked for"
    ]
