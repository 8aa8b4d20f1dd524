"""The export: whole, the same every time, and valid."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest

from sakimori.knowledge.known import known
from sakimori.knowledge.stix import EXTENSION, bundle, stix_id


def objects() -> list[dict[str, Any]]:
    return list(bundle(known())["objects"])


def by_record(id_: str) -> dict[str, Any]:
    return next(one for one in objects() if one["id"] == stix_id(known().entry(id_)))


def test_two_exports_are_equal() -> None:
    assert orjson.dumps(bundle(known())) == orjson.dumps(bundle(known()))


def test_every_record_is_in_it_with_its_japanese() -> None:
    told = {one["id"]: one["extensions"][EXTENSION] for one in objects() if "extensions" in one}
    missing = [e.id for _, e in known().entries if told[stix_id(e)]["title_ja"] != e.title.ja]
    assert missing == []


def test_no_id_is_there_twice_and_every_reference_leads_somewhere() -> None:
    ids = Counter(one["id"] for one in objects())
    references = {
        reference
        for one in objects()
        for key, value in one.items()
        if key.endswith(("_ref", "_refs"))
        for reference in (value if isinstance(value, list) else [value])
    }
    assert ([id_ for id_, n in ids.items() if n > 1], sorted(references - set(ids))) == ([], [])


def test_only_names_of_the_same_activity_are_aliases() -> None:
    cluster = by_record("temp-hermit")
    assert "Diamond Sleet" not in cluster["aliases"]  # overlaps, says Microsoft
    assert {"TEMP.Hermit", "ZINC", "HERMIT NEPTUNE"} <= set(cluster["aliases"])
    assert ("Diamond Sleet", "overlaps") in {
        (name["name"], name["relation"]) for name in cluster["extensions"][EXTENSION]["names"]
    }


def test_a_disputed_operation_is_attributed_to_nobody() -> None:
    exchanges = stix_id(known().entry("exchanges-2017-2018"))
    kinds = {one["relationship_type"] for one in objects() if one.get("source_ref") == exchanges}
    assert "attributed-to" not in kinds


def test_a_technique_keeps_its_version() -> None:
    (log,) = [
        one for one in objects() if one.get("name") == "Impersonation" and one["type"] == "attack-pattern"
    ]
    assert log["external_references"][0]["description"] == "ATT&CK 18.1"
    assert log["extensions"][EXTENSION]["current"] == "T1684.001"


def test_the_validator_of_oasis_finds_no_fault() -> None:
    validator = pytest.importorskip("stix2validator", reason="stix2-validator is not installed")
    options = validator.ValidationOptions(version="2.1", strict=False)
    result = validator.validate_string(orjson.dumps(bundle(known())).decode(), options)
    assert (result.is_valid, [str(error) for error in getattr(result, "errors", [])]) == (True, [])


@pytest.mark.parametrize(
    ("record", "first", "last"),
    [
        ("wannacry", "2017-05-12T00:00:00Z", "2017-05-31T00:00:00Z"),
        ("maui", "2020-12-01T00:00:00Z", "2022-07-31T00:00:00Z"),
        ("dream-job", "2019-09-01T00:00:00Z", None),
    ],
)
def test_what_a_source_leaves_open_is_the_first_and_the_last_day_it_can_mean(
    record: str, first: str, last: str | None
) -> None:
    campaign = by_record(record)
    assert (campaign["first_seen"], campaign.get("last_seen")) == (first, last)
