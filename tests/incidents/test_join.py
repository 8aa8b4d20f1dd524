"""What belongs together is joined, and nothing else."""

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.findings import Finding, Subject
from sakimori.incidents.context import Context
from sakimori.incidents.join import join
from tests.incidents.scene import DAY, HOUR, at, found, intrusion, noise

ESTATE = Context(hosts=60)


def groups(findings: Sequence[Finding], context: Context = ESTATE) -> set[frozenset[str]]:
    return {frozenset(finding.id for finding in group.findings) for group in join(findings, context)}


def sizes(findings: Sequence[Finding], context: Context = ESTATE) -> list[int]:
    return sorted((len(group.findings) for group in join(findings, context)), reverse=True)


# --- one host ----------------------------------------------------------------------------------------------


def test_findings_of_one_working_day_on_a_host_belong_together() -> None:
    assert sizes([found("a", "ws-1", "03-02 09:00"), found("b", "ws-1", "03-02 17:00")]) == [2]


def test_findings_a_night_apart_on_a_host_do_not() -> None:
    assert sizes([found("a", "ws-1", "03-02 09:00"), found("b", "ws-1", "03-03 09:00")]) == [1, 1]


def test_serious_rare_findings_on_a_host_belong_together_over_the_next_days() -> None:
    assert sizes([found("a", "ws-1", "03-02 09:00", "high"), found("b", "ws-1", "03-04 15:00", "high")]) == [
        2
    ]


def test_a_busy_host_over_weeks_is_no_single_blob() -> None:
    busy = [
        found(f"rule-{n % 40}", "srv-1", at("03-01 00:00") + n * 3 * HOUR, by=("account:example\\svc",))
        for n in range(160)
    ]
    assert max(sizes(busy)) <= 10


def test_serious_findings_alone_never_make_a_month() -> None:
    steady = [found(f"rule-{n}", "srv-1", at("03-01 00:00") + n * DAY, "high") for n in range(28)]
    assert max(sizes(steady)) <= 8


def test_a_dropped_file_carries_over_days_where_hours_do_not() -> None:
    tool = ("file:c:\\programdata\\x.dat",)
    assert sizes(
        [found("a", "ws-1", "03-02 09:00", by=tool), found("b", "ws-1", "03-08 09:00", by=tool)]
    ) == [2]


def test_the_users_own_account_does_not_carry_over_days() -> None:
    who = ("account:example\\mei",)
    assert sizes([found("a", "ws-1", "03-02 09:00", by=who), found("b", "ws-1", "03-04 09:00", by=who)]) == [
        1,
        1,
    ]


# --- between hosts -----------------------------------------------------------------------------------------


def test_a_rare_account_joins_two_hosts_within_a_day() -> None:
    who = ("account:example\\mei",)
    assert sizes([found("a", "ws-1", "03-02 09:00", by=who), found("b", "srv-1", "03-02 12:00", by=who)]) == [
        2
    ]
    assert sizes([found("a", "ws-1", "03-02 09:00", by=who), found("b", "srv-1", "03-04 12:00", by=who)]) == [
        1,
        1,
    ]


def test_system_joins_nobody() -> None:
    who = ("account:nt authority\\system", "session:0x3e7", "address:127.0.0.1")
    assert sizes([found("a", "ws-1", "03-02 09:00", by=who), found("b", "srv-1", "03-02 09:01", by=who)]) == [
        1,
        1,
    ]


def test_a_logon_id_means_nothing_on_another_host() -> None:
    who = ("session:0x5f3a1",)
    assert sizes([found("a", "ws-1", "03-02 09:00", by=who), found("b", "srv-1", "03-02 09:01", by=who)]) == [
        1,
        1,
    ]


def test_a_proxy_that_every_host_uses_joins_nobody() -> None:
    proxy = ("address:10.0.0.8",)
    each = [found(f"rule-{n}", f"ws-{n}", "03-02 09:00", by=proxy) for n in range(12)]
    assert sizes(each, Context(hosts=12)) == [1] * 12


def test_a_domain_the_records_show_everywhere_joins_nobody() -> None:
    both = [found(f"rule-{n}", f"ws-{n}", "03-02 09:00", by=("domain:cdn.example.com",)) for n in range(2)]
    assert sizes(both) == [2]
    assert sizes(both, Context(hosts=60, seen_on={Subject("domain", "cdn.example.com"): 55})) == [1, 1]


def test_a_scanner_that_visits_everybody_joins_nobody() -> None:
    visits = [
        found("scan", "scanner-1", at("03-02 01:00") + n * 60_000_000, by=(f"host:ws-{n}",))
        for n in range(20)
    ]
    own = [found(f"rule-{n}", f"ws-{n}", "03-02 09:00", by=("address:10.0.9.9",)) for n in range(20)]
    assert sizes([*visits, *own], Context(hosts=21)) == [20] + [1] * 20


def test_a_finding_that_names_another_host_joins_what_came_there_next() -> None:
    there = found("remote-service", "ws-1", "03-02 09:00", by=("host:srv-1",))
    assert sizes([there, found("b", "srv-1", "03-02 09:10")]) == [2]
    assert sizes([there, found("b", "srv-1", "03-05 09:10")]) == [1, 1]


def test_two_intrusions_on_disjoint_hosts_stay_two() -> None:
    one, two = intrusion("ws-1", "srv-1"), intrusion("ws-2", "srv-2", user="example\\ken")
    expected = {frozenset(f.id for f in one), frozenset(f.id for f in two)}
    assert groups([*one, *two]) == expected


def test_a_rule_that_speaks_everywhere_glues_nothing_together() -> None:
    one, two = intrusion("pc-01", "pc-02"), intrusion("pc-03", "pc-04", user="example\\ken")
    assert sizes([*one, *two, *noise()], Context(hosts=50))[:2] == [7, 7]


# --- weak findings -----------------------------------------------------------------------------------------


def test_a_weak_finding_hangs_itself_onto_the_group_near_it() -> None:
    chain = intrusion("ws-1", "srv-1")
    weak = found("whoami", "ws-1", "03-02 10:00", "low")
    away = found("whoami", "ws-9", "03-02 10:00", "low")
    assert groups([*chain, weak, away]) == {frozenset(f.id for f in [*chain, weak])}


def test_a_weak_finding_never_joins_two_groups() -> None:
    hosts = ("ws-1", "ws-2")
    bridge = found("logon", "ws-1", "03-02 09:30", "low", by=("host:ws-2", "account:example\\mei"))
    strong = [found("a", host, "03-02 09:00", "high", by=(f"account:example\\{host}",)) for host in hosts]
    assert sizes([*strong, bridge]) == [2, 1]


def test_weak_findings_alone_make_no_group() -> None:
    assert (
        groups([found("whoami", "ws-1", "03-02 10:00", "low"), found("ver", "ws-1", "03-02 10:01", "low")])
        == set()
    )


def test_findings_without_a_time_are_joined_by_host_only_among_themselves() -> None:
    untimed = [found("a", "ws-1", None, "high"), found("b", "ws-1", None, "high")]
    assert sizes([*untimed, found("c", "ws-1", "03-02 09:00", "high")]) == [2, 1]


# --- order and size ----------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(shuffler: random.Random) -> None:
    shuffled = list(SCENE)
    shuffler.shuffle(shuffled)
    assert join(shuffled, ESTATE) == join(SCENE, ESTATE)


SCENE = [
    *intrusion("pc-01", "pc-02"),
    *intrusion("ws-2", "srv-2", user="example\\ken"),
    *noise(hosts=8, days=3, level="medium"),
    found("whoami", "ws-2", "03-02 10:00", "low"),
    found("untimed", "ws-2", None, "high"),
]


def test_twenty_thousand_findings_compare_neighbours_only() -> None:
    shared = ("hash:aa", "account:example\\svc", "address:203.0.113.9")
    many = [
        found(
            f"rule-{n % 2800}",
            f"h-{n % 400}",
            at("03-01 00:00") + n * 60_000_000,
            "critical",
            by=shared,
            record=n,
        )
        for n in range(20_000)
    ]
    joined = join(many, Context(hosts=400))
    assert sum(len(group.findings) for group in joined) == len(many)
    assert max(len(group.findings) for group in joined) <= 4
