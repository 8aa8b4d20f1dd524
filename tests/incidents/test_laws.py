"""What holds for any findings whatever."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.findings import Finding, Severity
from sakimori.incidents import against, hunts, story, title
from sakimori.incidents.build import incidents
from sakimori.incidents.context import Context
from sakimori.incidents.incident import STAGES
from sakimori.incidents.join import join
from sakimori.tongue import tongue
from tests.incidents.scene import HOUR, found

START = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp()) * 1_000_000
TECHNIQUES = ("T1059.001", "T1003.001", "T1021.002", "T1204.002", "T1070.001", "T1041", "T9999")
ENTITIES = (
    "account:example\\mei",
    "account:nt authority\\system",
    "hash:aa",
    "domain:a.example.net",
    "address:10.0.0.9",
    "address:203.0.113.9",
    "host:ws-1",
    "host:ws-2",
    "process_instance:{1}",
    "session:0x5",
    "task:\\x",
    "url:",
)

SOME = st.builds(
    lambda detector, host, hours, level, by, techniques, record: found(
        f"rule-{detector}",
        f"ws-{host}",
        None if hours is None else START + hours * HOUR,
        level,
        by=tuple(by),
        techniques=techniques,
        record=record,
    ),
    st.integers(0, 9),
    st.integers(1, 5),
    st.none() | st.integers(0, 400),
    st.sampled_from([severity.word for severity in Severity]),
    st.lists(st.sampled_from(ENTITIES), max_size=4),
    st.sampled_from([(), *((technique,) for technique in TECHNIQUES), TECHNIQUES[:3]]),
    st.integers(1, 30),
)
MANY = st.lists(SOME, max_size=40, unique_by=lambda finding: finding.id)


@settings(max_examples=150, deadline=None)
@given(MANY)
def test_no_finding_stands_in_two_groups(findings: list[Finding]) -> None:
    seen = Counter(f.id for group in join(findings, Context()) for f in group.findings)
    assert set(seen.values()) <= {1}
    assert seen.keys() <= {finding.id for finding in findings}


@settings(max_examples=150, deadline=None)
@given(MANY)
def test_ranks_ids_and_scores_are_in_order(findings: list[Finding]) -> None:
    listed = incidents(findings, Context())
    assert [incident.rank for incident in listed] == list(range(1, len(listed) + 1))
    assert len({incident.id for incident in listed}) == len(listed)
    assert [i.score for i in listed] == sorted((i.score for i in listed), reverse=True)
    assert all(abs(i.score - max(0, sum(p.points for p in i.score_parts))) < 0.05 for i in listed)


@settings(max_examples=150, deadline=None)
@given(MANY)
def test_stages_stand_in_their_order(findings: list[Finding]) -> None:
    for incident in incidents(findings, Context()):
        assert list(incident.stages) == [stage for stage in STAGES if stage in incident.stages]


@settings(max_examples=100, deadline=None)
@given(MANY, st.sampled_from(["en", "ja"]))
def test_every_incident_can_be_told(findings: list[Finding], lang: str) -> None:
    say = tongue(lang)
    for incident in incidents(findings, Context()):
        told = story.story(incident, say)
        assert 3 <= len(told) <= 7
        assert all("{" not in sentence.text for sentence in told)
        assert "{" not in title.title(incident.facts, say)
        assert against.against(incident, say)
        assert hunts.hunts(incident, say)


@settings(max_examples=60, deadline=None)
@given(MANY)
def test_a_second_look_at_the_same_findings_keeps_every_id(findings: list[Finding]) -> None:
    first = incidents(findings, Context())
    shown = {finding.id: incident.id for incident in first for finding in incident.findings}
    assert incidents(findings, Context(), shown) == first


def test_something_always_speaks_against_an_incident() -> None:
    twice = [found("rule-0", "ws-2", None, "medium", by=("account:example\\mei",), techniques=()),
             found("rule-1", "ws-1", None, "high", by=("account:example\\mei",), techniques=())]  # fmt: skip
    (incident,) = incidents(twice, Context())
    assert [doubt.text for doubt in against.against(incident, tongue("en"))] == [
        "Someone who is allowed to may have done all of it."
    ]
