"""One thing seen once, however many rules noticed it."""

from collections.abc import Sequence
from dataclasses import replace

from sakimori.findings import Finding
from sakimori.incidents.context import Context
from sakimori.incidents.observation import Observation, observations
from sakimori.incidents.rarity import learn
from tests.incidents.scene import found


def seen(*findings: Finding) -> Sequence[Observation]:
    return observations(findings, learn(findings, Context(hosts=50)))


def test_the_strongest_finding_about_a_record_leads_and_the_others_echo() -> None:
    weak = found("weak", "ws-1", "03-02 09:00", "low", record=5)
    strong = found("strong", "ws-1", "03-02 09:00", "high", record=5)
    (only,) = seen(weak, strong)
    assert (only.finding, only.echoes) == (strong, (weak,))


def test_findings_about_different_records_are_different_observations() -> None:
    assert len(seen(found("a", "ws-1", "03-02 09:00"), found("b", "ws-1", "03-02 09:00"))) == 2


def test_findings_without_places_never_echo_each_other() -> None:
    bare = [replace(found(name, "ws-1", "03-02 09:00"), places=()) for name in "ab"]
    assert len(seen(*bare)) == 2


def test_an_echo_gives_a_stage_where_the_leader_names_none() -> None:
    silent = found("no-technique", "ws-1", "03-02 09:00", "high", record=5, techniques=())
    telling = found("dump", "ws-1", "03-02 09:00", "low", record=5, techniques=("T1003.001",))
    assert seen(silent, telling)[0].stages == ("tool_up",)


def test_doubt_and_commonness_lower_what_a_finding_is_worth() -> None:
    (sure,) = seen(found("a", "ws-1", "03-02 09:00", "high", confidence="high"))
    (doubted,) = seen(found("a", "ws-1", "03-02 09:00", "high", confidence="low"))
    common = seen(*[found("a", f"ws-{n}", "03-02 09:00", "high", confidence="high") for n in range(20)])[0]
    assert (sure.worth, doubted.worth) == (10.0, 6.0)
    assert common.worth < 4
