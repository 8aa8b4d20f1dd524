"""The list a tired analyst reads: short, the real thing first, ids that last."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.findings import Finding, Subject
from sakimori.incidents.build import incidents, minted
from sakimori.incidents.context import Context
from sakimori.incidents.incident import STAGES, Incident
from tests.incidents.scene import HOUR, at, found, intrusion, noise

ESTATE = Context(hosts=50)


def listed(findings: Sequence[Finding], context: Context = ESTATE) -> tuple[Incident, ...]:
    return incidents(findings, context)


def part(incident: Incident, name: str) -> float:
    return sum(found.points for found in incident.score_parts if found.name == name)


# --- what deserves a person --------------------------------------------------------------------------------


def test_nothing_found_is_no_incident() -> None:
    assert listed([]) == ()


def test_one_serious_finding_is_an_incident() -> None:
    (only,) = listed([found("lsass-dump", "ws-1", "03-02 09:00", "high", techniques=("T1003.001",))])
    assert (only.rank, only.title, only.stages) == (1, "Lsass dump on ws-1", ("tool_up",))


def test_one_doubted_serious_finding_is_an_incident_only_while_rare() -> None:
    assert len(listed([found("a", "ws-1", "03-02 09:00", "high", confidence="low")])) == 1
    spread = [found("a", f"ws-{n}", "03-02 09:00", "high", confidence="low") for n in range(6)]
    assert listed(spread) == ()


@pytest.mark.parametrize("level", ["informational", "low", "medium"])
def test_one_lesser_finding_stays_a_finding(level: str) -> None:
    assert listed([found("a", "ws-1", "03-02 09:00", level)]) == ()


def test_two_medium_findings_that_bear_each_other_out_are_an_incident() -> None:
    run = found("run", "ws-1", "03-02 09:00", techniques=("T1059.001",))
    look = found("look", "ws-1", "03-02 09:05", techniques=("T1087.002",))
    assert len(listed([run, look])) == 1


def test_two_medium_findings_of_one_stage_are_not() -> None:
    assert listed([found("a", "ws-1", "03-02 09:00"), found("b", "ws-1", "03-02 09:05")]) == ()


def test_two_rules_on_the_same_record_are_one_observation() -> None:
    run = found("run", "ws-1", "03-02 09:00", techniques=("T1059.001",), record=7)
    look = found("look", "ws-1", "03-02 09:00", techniques=("T1087.002",), record=7)
    assert listed([run, look]) == ()


def test_many_low_findings_are_no_incident() -> None:
    assert listed([found(f"low-{n}", "ws-1", at("03-02 09:00") + n, "low") for n in range(200)]) == ()


# --- ranks -------------------------------------------------------------------------------------------------


def test_the_chain_ranks_first_among_noise() -> None:
    chain = intrusion("pc-07", "sign-01")
    lone = [found("odd-driver", f"pc-{n}", f"03-0{n % 8 + 1} 15:00", "high") for n in range(20, 23)]
    low = [found(f"low-{n}", "pc-30", at("03-02 09:00") + n * 1_000_000, "low") for n in range(300)]
    first, *rest = listed([*noise(level="medium"), *lone, *low, *chain])
    assert {f.id for f in chain} <= {f.id for f in first.findings}
    assert first.score > 2 * max(other.score for other in rest)
    assert [other.rank for other in rest] == list(range(2, len(rest) + 2))


def test_a_noisy_rule_on_fifty_hosts_is_no_incident_at_all() -> None:
    assert listed(noise(level="high")) == ()


def test_a_noisy_critical_rule_never_outranks_a_chain() -> None:
    first, *_ = listed([*noise(level="critical"), *intrusion("pc-07", "sign-01")])
    assert first.title == "Spread and credential theft from pc-07 to sign-01" or "pc-07" in first.title
    assert part(first, "stages") > 0


def test_a_chain_outranks_one_critical_finding() -> None:
    first, second = listed([found("alone", "ws-9", "03-02 09:00", "critical"), *intrusion("ws-1", "srv-1")])
    assert (len(first.findings), len(second.findings)) == (7, 1)


def test_a_chain_in_order_outranks_the_same_in_disorder() -> None:
    forward = intrusion("ws-1", "srv-1")
    clocks = [finding.first_seen or 0 for finding in forward]
    names = ("archive-lure", "directory-dump", "lsass-dump", "remote-service", "log-cleared")
    shape = [(f.severity.word, f.techniques) for f in forward if f.detector[6:] in names]

    def run(order: list[int]) -> float:
        made = [
            found(name, "ws-1", clock, shape[i][0], techniques=shape[i][1])
            for clock, i, name in ((clocks[at_], i, names[i]) for at_, i in enumerate(order))
        ]
        return listed(made)[0].score

    assert run([0, 1, 2, 3, 4]) > run([4, 3, 2, 1, 0])


def test_two_intrusions_stay_two_and_are_both_listed() -> None:
    found_ = listed([*intrusion("ws-1", "srv-1"), *intrusion("ws-2", "srv-2", user="example\\ken")])
    assert [len(incident.findings) for incident in found_] == [7, 7]


def test_nearness_to_the_goal_lifts_a_rank() -> None:
    def alone(technique: str) -> float:
        return listed([found("a", "ws-1", "03-02 09:00", "high", techniques=(technique,))])[0].score

    assert alone("T1657") > alone("T1041") > alone("T1003.001") > alone("T1059.001")


def test_what_the_organisation_calls_important_lifts_a_rank() -> None:
    lone = [found("a", "sign-01", "03-02 09:00", "high"), found("b", "ws-9", "03-02 09:00", "high")]
    weighed = Context(hosts=50, weights={Subject("host", "sign-01"): 1.0})
    assert [i.title[-7:] for i in listed(lone, weighed)] == ["sign-01", "on ws-9"]
    assert part(listed(lone, weighed)[0], "asset") == 10.0


# --- the score, taken apart --------------------------------------------------------------------------------


def test_the_score_is_the_sum_of_its_parts_and_each_says_why() -> None:
    (incident,) = listed(intrusion("ws-1", "srv-1"))
    assert incident.score == pytest.approx(sum(found.points for found in incident.score_parts))
    assert [found.name for found in incident.score_parts] == [
        "strength", "stages", "order", "spread", "goal", "breadth",
    ]  # fmt: skip
    assert all(found.because.startswith("Because ") and found.lower_if for found in incident.score_parts)


def test_stages_stand_in_the_order_of_an_intrusion() -> None:
    (incident,) = listed(intrusion("ws-1", "srv-1"))
    assert incident.stages == tuple(stage for stage in STAGES if stage != "foothold")


def test_what_is_everyday_is_discounted_and_said() -> None:
    wide = [found("wide", f"pc-{n}", "03-02 09:00", "high", by=(f"account:example\\u{n}",)) for n in range(5)]
    (noisy, *_) = listed(wide)
    (discount,) = [found for found in noisy.score_parts if found.name == "noise"]
    assert discount.points < 0
    assert discount.because == "Because “wide” speaks on 5 of 50 hosts here, on 5 host-days."


def test_the_most_specific_entities_stand_first() -> None:
    everywhere = found("elsewhere", "ws-3", "03-09 09:00", by=("account:example\\mei",))
    (incident,) = listed([*intrusion("ws-1", "srv-1"), everywhere])
    order = [subject.value for subject in incident.subjects]
    assert order.index("ws-1-mgr") < order.index("example\\mei")


# --- order, stability --------------------------------------------------------------------------------------

SCENE = [
    *intrusion("pc-01", "sign-01"),
    *intrusion("ws-2", "srv-2", user="example\\ken"),
    *noise(hosts=9, days=2, level="medium"),
    found("alone", "ws-9", "03-04 09:00", "high"),
]


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(shuffler: random.Random) -> None:
    shuffled = list(SCENE)
    shuffler.shuffle(shuffled)
    assert listed(shuffled) == listed(SCENE)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(SCENE) - 1))
def test_one_finding_less_leaves_the_first_incident_where_it_was(missing: int) -> None:
    whole, less = listed(SCENE), listed(SCENE[:missing] + SCENE[missing + 1 :])
    top = {f.id for incident in whole[:2] for f in incident.findings}
    assert {f.id for incident in less[:2] for f in incident.findings} <= top
    assert less[0].score >= 0.6 * whole[0].score


def test_a_few_more_weak_findings_hardly_change_a_score() -> None:
    weak = [found(f"low-{n}", "pc-01", at("03-02 09:30") + n * 1_000_000, "low") for n in range(20)]
    before, after = ({i.id: i.score for i in listed(scene)} for scene in (SCENE, [*SCENE, *weak]))
    assert before.keys() == after.keys()
    assert all(after[id_] == pytest.approx(score, rel=0.05) for id_, score in before.items())


# --- ids ---------------------------------------------------------------------------------------------------


def published(found_: Sequence[Incident]) -> dict[str, str]:
    return {finding.id: incident.id for incident in found_ for finding in incident.findings}


def test_an_id_is_minted_from_the_first_finding() -> None:
    chain = intrusion("ws-1", "srv-1")
    (incident,) = listed(chain)
    assert incident.id == minted(chain[0])


def test_late_evidence_does_not_renumber() -> None:
    chain = intrusion("ws-1", "srv-1")
    (before,) = incidents(chain[2:], ESTATE)
    (after,) = incidents(chain, ESTATE, published([before]))
    assert (after.id, after.merged_from) == (before.id, ())
    assert after.id != minted(chain[0])


def test_on_a_merge_the_oldest_survives() -> None:
    chain = intrusion("ws-1", "srv-1")
    one, two = listed(chain[:2])[0], listed(chain[4:])[0]
    (after,) = incidents(chain, ESTATE, {**published([two]), **published([one])})
    assert (after.id, after.merged_from) == (one.id, (two.id,))


def test_on_a_split_the_larger_half_keeps_the_id() -> None:
    chain, other = intrusion("ws-1", "srv-1"), found("alone", "ws-9", "03-02 08:00", "high")
    known = {finding.id: "0123456789abcdef" for finding in [*chain, other]}
    split = incidents([*chain, other], ESTATE, known)
    assert [incident.id == "0123456789abcdef" for incident in split] == [True, False]


def test_ids_are_unique() -> None:
    ids = [incident.id for incident in listed(SCENE)]
    assert len(set(ids)) == len(ids)


# --- titles ------------------------------------------------------------------------------------------------


def test_a_title_says_what_and_where_and_never_who() -> None:
    (incident,) = listed(intrusion("ws-1", "srv-1"))
    assert incident.title == "Credential theft and spread from ws-1 to srv-1"
    assert incident.facts["title_key"] == "two_hosts"


def test_a_title_counts_the_hosts_it_does_not_name() -> None:
    who = ("account:example\\mei",)
    more = [
        found(
            f"more-{n}", f"srv-{n}", at("03-02 13:00") + n * HOUR, "high", by=who, techniques=("T1021.002",)
        )
        for n in (2, 3)
    ]
    (incident,) = listed([*intrusion("ws-1", "srv-1"), *more])
    assert incident.title == "Credential theft and spread from ws-1 to srv-3 and 2 more"


def test_the_same_lone_finding_on_several_hosts_is_one_entry() -> None:
    same = [found("odd-driver", f"ws-{n}", f"03-0{n} 09:00", "high") for n in range(1, 5)]
    (only,) = listed(same)
    assert (only.title, len(only.findings)) == ("Odd driver on ws-1 and 3 more", 4)
    assert part(only, "spread") == 0


def test_two_alike_stand_each_for_itself() -> None:
    same = [found("odd-driver", f"ws-{n}", f"03-0{n} 09:00", "high") for n in (1, 2)]
    assert [incident.title for incident in listed(same)] == ["Odd driver on ws-1", "Odd driver on ws-2"]
