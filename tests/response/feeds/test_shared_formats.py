"""STIX, MISP and response policy zones, held against validators, our own readers and BIND."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sakimori.response.feeds.misp import misp
from sakimori.response.feeds.rpz import rpz, trigger
from sakimori.response.feeds.stix import stix
from sakimori.response.respond.entry import parsed
from tests.response.feeds.entries import STAMP, everything, program, ran, written


def test_a_bundle_of_stix_is_valid_filled_and_empty() -> None:
    validator = pytest.importorskip("stix2validator")
    for entries in ([], everything()):
        done = validator.validate_string(stix(entries, STAMP)["stix.json"].decode())
        assert done.is_valid, [str(error) for error in done.errors]


def test_an_event_of_misp_marks_for_detection_only_what_may_be_blocked() -> None:
    event = json.loads(misp(everything(), STAMP)["misp.json"])["Event"]
    assert [a["value"] for a in event["Attribute"] if not a["to_ids"]] == [
        "203.0.113.9", "w.example.com", "http://w.example.com/abc", "d" * 64,
    ]  # fmt: skip
    assert json.loads(misp([], STAMP)["misp.json"])["Event"]["Attribute"] == []


def test_bind_takes_the_zones_filled_and_empty(tmp_path: Path) -> None:
    check = program("named-checkzone")
    for entries in ([], everything()):
        written(dict(rpz(entries, STAMP)), tmp_path)
        for name in ("rpz-block.zone", "rpz-watch.zone"):
            code, said = ran([check, "rpz.sakimori", name], tmp_path)
            assert code == 0, said


def test_addresses_stand_backwards_in_a_zone() -> None:
    assert trigger(parsed("192.0.2.7")) == "32.7.2.0.192.rpz-ip"
    assert trigger(parsed("2001:db8::7")) == "128.7.zz.db8.2001.rpz-ip"
