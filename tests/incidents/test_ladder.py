"""The known-activity ladder: what reaches which rung, who is named when, and that no rank hears of it."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from sakimori.errors import UsageError
from sakimori.findings import Finding, Place, Severity, Subject
from sakimori.incidents import ladder_cases, ladder_words
from sakimori.incidents.build import incidents
from sakimori.incidents.context import Context
from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder import climb
from sakimori.incidents.ladder_cases import hunts_after, similar
from sakimori.incidents.ladder_ground import Around, Climb
from sakimori.incidents.ladder_named import statements_of
from sakimori.incidents.ladder_shapes import by_detector, rule_ids
from sakimori.incidents.ladder_withheld import nameless
from sakimori.incidents.ladder_words import text
from sakimori.knowledge.naming import names_someone
from sakimori.response.known_activity import compared
from sakimori.response.ladder_object import ladder_object
from sakimori.response.terminal import print_case
from sakimori.response.timeline import rows
from sakimori.tongue import tongue
from tests.incidents.scene import at, found, intrusion
from tests.response.sample_case import make_case

DATED = {"first_reported": "2026-02-20", "last_reported": "2026-02-20", "age_days": "10"}


def met(type_: str, value: str, said: str = "", by: str = "Vendor A", **facts: str) -> Finding:
    kind = type_ if type_ in ("hash", "domain", "address", "url") else "file"
    return Finding(
        detector=f"indicator:{type_}:{abs(hash(value)):012x}", title="reported", severity=Severity.HIGH,
        confidence="medium", techniques=(), subjects=(Subject("host", "ws-1"), Subject(kind, value)),
        first_seen=at("03-02 09:30"), last_seen=at("03-02 09:30"), count=1, places=(Place("a.log", 9, 9),),
        because=f"ws-1 met {value} (sources: 1; {by}).", source={"author": by, "license": "", "url": ""},
        facts={"indicator": type_, "value": value, "said_by": said, **facts},
    )  # fmt: skip


def incident(*more: Finding) -> Incident:
    (made,) = incidents(intrusion("ws-1", "srv-1"), Context(hosts=20))
    kept = (*made.findings, *more)
    return replace(made, findings=kept, subjects=tuple(dict.fromkeys(s for f in kept for s in f.subjects)))


def level(*more: Finding) -> str:
    return climb(incident(*more)).level


def whole(one: Incident, climbed: Climb) -> str:
    return json.dumps(ladder_object(one, climbed))


HASH = met("hash", "aa" * 32, said="Vendor A: LambLoad, TEMP.Hermit", **DATED)
DOMAIN = met("domain", "c2.example.net", said="Vendor B: TEMP.Hermit", by="Vendor B", **DATED)


def test_generic_techniques_stand_at_the_foot_and_only_the_unknown_is_an_option() -> None:
    climbed = climb(incident())
    assert climbed.level == "L0"
    assert [option.kind for option in climbed.options] == ["unknown"]
    assert climbed.against and climbed.lift and climbed.age and climbed.notes


def test_a_dated_indicator_reaches_l3_and_the_unknown_stands_before_the_cluster() -> None:
    climbed = climb(incident(DOMAIN))
    assert climbed.level == "L3"
    assert [(o.kind, o.name) for o in climbed.options] == [("unknown", ""), ("cluster", "temp-hermit")]


@pytest.mark.parametrize(
    "doubt",
    [
        {},  # undated
        {**DATED, "doubts": "expired", "expires": "2026-02-25"},
        {**DATED, "doubts": "old"},
        {**DATED, "tags": "shared hosting"},
        {**DATED, "tags": "hacked legitimate site"},
        {**DATED, "tags": "sinkhole"},
    ],
)
@pytest.mark.parametrize("type_", ["address", "domain", "address_port", "url", "url_path"])
def test_a_doubted_address_never_lifts_above_l2_and_names_nobody(type_: str, doubt: dict[str, str]) -> None:
    one = incident(met(type_, "203.0.113.9", said="Vendor A: TEMP.Hermit", **doubt))
    climbed = climb(one)
    assert climbed.level <= "L2"
    assert not names_someone(whole(one, climbed))
    assert "doubted_indicator" in {said.key for said in climbed.against}
    assert "lift_doubt" in {said.key for said in climbed.lift}


def test_an_indicator_without_a_time_of_its_event_lifts_nothing() -> None:
    assert level(replace(DOMAIN, first_seen=None, last_seen=None)) == "L0"


def test_a_common_file_name_is_no_exact_trace() -> None:
    assert level(met("file_name", "update.exe", said="Vendor A: TEMP.Hermit", **DATED)) == "L0"


def test_family_artefact_and_infrastructure_of_two_publishers_reach_l4() -> None:
    climbed = climb(incident(HASH, DOMAIN))
    assert climbed.level == "L4"
    assert [(o.kind, o.weight) for o in climbed.options] == [("cluster", "medium"), ("unknown", "")]


def test_the_same_publisher_twice_is_one_source() -> None:
    other = met("domain", "c2.example.net", said="Vendor A: TEMP.Hermit", **DATED)
    assert level(HASH, other) == "L3"


def test_a_public_tool_is_no_family() -> None:
    tool = met("hash", "bb" * 32, said="Vendor A: Cobalt Strike", **DATED)
    climbed = climb(incident(tool, DOMAIN))
    assert climbed.level == "L3"
    assert [o.name for o in climbed.options if o.kind == "cluster"] == ["temp-hermit"]


def test_what_is_said_of_others_is_quoted_and_not_made_ours() -> None:
    climbed = climb(incident(met("hash", "cc" * 32, said="Vendor A: Some Other Crew", **DATED)))
    assert [(o.kind, o.name) for o in climbed.options] == [
        ("unknown", ""), ("said", "Vendor A: Some Other Crew"),
    ]  # fmt: skip
    assert similar(incident(), climbed) == ()


def test_an_exact_artefact_of_the_base_reaches_l3_and_tells_its_case() -> None:
    trace = found(
        "started", "ws-1", "03-02 09:20", facts={"field.CommandLine": "x.exe uTYNkfKxHiZrx3KJ"},
    )  # fmt: skip
    one = incident(trace)
    climbed = climb(one)
    assert climbed.level == "L3"
    cases = similar(one, climbed)
    assert cases[0].operation.id == "teamcity" and cases[0].shares == "operation"
    assert hunts_after(cases, tongue("ja"))
    assert ladder_object(one, climbed)["similar"][0]["id"] == "teamcity"


def _shaped(rule: str, record: int) -> Finding:
    shaped = found("x", "ws-1", "03-02 09:20", record=record)
    return replace(shaped, detector=f"sigma:{rule_ids()[rule]}")


KEYED = "proc_creation_win_rundll32_data_file_with_key"
ARCHIVER = "proc_creation_win_renamed_archiver_with_password"


def test_two_uncommon_behaviours_in_different_records_reach_l2_without_a_name() -> None:
    one = incident(_shaped(KEYED, 5001), _shaped(ARCHIVER, 5002))
    climbed = climb(one)
    assert climbed.level == "L2"
    assert similar(one, climbed) == () and not names_someone(whole(one, climbed))


def test_one_record_noticed_twice_and_a_behaviour_of_the_whole_house_are_no_pair() -> None:
    assert level(_shaped(KEYED, 5001), _shaped(ARCHIVER, 5001)) == "L0"
    common = _shaped(KEYED, 5001)
    around = Around(hosts=20, spread={common.detector: 15})
    climbed = climb(incident(common, _shaped(ARCHIVER, 5002)), around)
    assert climbed.level == "L0" and "everyday" in {said.key for said in climbed.against}


def test_every_shape_is_reached_by_a_detector_that_exists() -> None:
    assert len(by_detector()) > 30


NAMED = {
    "incident": "", "by": "National Police Agency", "kind": "government", "published": "2026-05-14",
    "quote": "We attribute this intrusion to TraderTraitor.", "url": "https://www.example.org/a",
    "entered_by": "Mori, CSIRT",
}  # fmt: skip


def test_a_statement_entered_by_the_owner_reaches_l5_and_is_quoted() -> None:
    one = incident()
    statements = statements_of({"named": [{**NAMED, "incident": one.id}]}, "named.yml")
    climbed = climb(one, Around(statements=statements))
    assert climbed.level == "L5" and climbed.lift == ()
    assert NAMED["quote"] in text(climbed.rungs[5].why, tongue("en"))
    assert [option.kind for option in climbed.options] == ["named", "unknown"]
    assert (
        climb(one, Around(statements=statements_of({"named": [{**NAMED, "incident": "else"}]}, "n"))).level
        == "L0"
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"quote": None}, "does not say quote"),
        ({"entered_by": ""}, "does not say entered_by"),
        ({"kind": "forum"}, "kind is forum"),
        ({"published": "May"}, "is no day"),
        ({"url": None}, "name the url or the document"),
        ({"url": "http://a.example"}, "must begin with https"),
        ({"actor": "x"}, "actor is not known"),
    ],
)
def test_a_statement_that_cannot_be_checked_is_refused(change: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        statements_of({"named": [{**NAMED, "incident": "i", **change}]}, "named.yml")


def test_the_ladder_adds_nothing_to_score_and_rank() -> None:
    scene = [*intrusion("ws-1", "srv-1"), *intrusion("ws-5", "srv-6", day="03-09", user="example\\ken")]
    quoted = [*scene, HASH, DOMAIN]
    silent = [*scene, *(replace(f, facts={**f.facts, "said_by": ""}) for f in (HASH, DOMAIN))]
    told, untold = (incidents(one, Context(hosts=20)) for one in (quoted, silent))
    assert [(i.id, i.rank, i.score) for i in told] == [(i.id, i.rank, i.score) for i in untold]
    case = replace(make_case(), findings=tuple(quoted), incidents=told)
    after = compared(case)
    assert [(i.id, i.rank, i.score) for i in after.incidents] == [(i.id, i.rank, i.score) for i in told]
    assert {climbed.level for climbed in after.climbs.values()} == {"L0", "L4"}


def test_below_l3_titles_sources_and_quotations_of_findings_are_nameless_and_evidence_is_kept() -> None:
    named = replace(
        found("x", "ws-1", "03-02 09:20", facts={
            "said_by": "Lazarus", "title_ja": "ラザルスの道具", "description": "Seen with Kimsuky.",
            "field.CommandLine": "C:\\lazarus\\a.exe",
        }),
        title="Lazarus Group Activity", source={"author": "A", "url": "https://example.org/lazarus-report"},
    )  # fmt: skip
    kept = nameless(named)
    assert kept.id == named.id and kept.facts["field.CommandLine"] == "C:\\lazarus\\a.exe"
    ours = [kept.title, *kept.source.values(), *(v for k, v in kept.facts.items() if "field." not in k)]
    assert not any(map(names_someone, ours)) and "said_by" not in kept.facts


def test_no_export_of_a_case_below_l3_names_anybody() -> None:
    loud = replace(found("x", "ws-1", "03-02 09:20", "high"), title="Diamond Sleet APT Scheduled Task")
    (one,) = incidents([*intrusion("ws-1", "srv-1"), loud], Context(hosts=20))
    case = compared(replace(make_case(), findings=one.findings, incidents=(one,)))
    assert not any(names_someone(json.dumps(row)) for row in rows(case))
    assert not names_someone(json.dumps([part.because for i in case.incidents for part in i.score_parts]))


def test_a_statement_about_an_incident_that_is_not_here_is_told() -> None:
    statements = statements_of({"named": [{**NAMED, "incident": "elsewhere"}]}, "named.yml")
    case = compared(make_case(), statements)
    console = Console(file=StringIO(), width=300)
    print_case(case, console)
    assert case.unplaced == ("elsewhere",)
    assert "not in this case: elsewhere." in console.file.getvalue()  # type: ignore[attr-defined]


def test_every_sentence_of_the_ladder_has_its_japanese() -> None:
    say = tongue("ja")
    assert [s for s in (*ladder_words.SENTENCES, *ladder_cases.SENTENCES) if say(s) == s] == []
