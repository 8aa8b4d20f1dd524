"""What is met everywhere says little anywhere."""

from sakimori.findings import Finding, Subject
from sakimori.incidents.context import Context
from sakimori.incidents.rarity import Rarity, learn
from tests.incidents.scene import found

SYSTEM_PROGRAM = "process:c:\\windows\\system32\\rundll32.exe"


def known(findings: list[Finding], hosts: int = 50) -> Rarity:
    return learn(findings, Context(hosts=hosts))


def on_hosts(number: int) -> list[Finding]:
    return [found("rule", f"ws-{n}", "03-02 09:00") for n in range(number)]


def on_days(first: int, last: int) -> list[Finding]:
    return [found("rule", "ws-0", f"03-{day:02} 09:00") for day in range(first, last + 1)]


def test_a_detector_on_three_hosts_is_rare_and_the_more_hosts_the_less() -> None:
    rarities = [known(on_hosts(n)).habits["sigma:rule"].rarity for n in (1, 3, 4, 10, 50)]
    assert rarities[:2] == [1.0, 1.0]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[-1] < 0.05


def test_twenty_hosts_of_four_thousand_are_few() -> None:
    assert known(on_hosts(20), hosts=4000).habits["sigma:rule"].rarity > 0.9


def test_a_detector_that_began_late_is_rarer_than_one_settled_here() -> None:
    rest = [found("other", "ws-1", f"03-{day:02} 09:00") for day in range(1, 15)]
    settled = known([*on_days(1, 6), *rest]).habits["sigma:rule"].rarity
    late = known([*on_days(9, 14), *rest]).habits["sigma:rule"].rarity
    assert late > 2 * settled


def test_a_program_of_the_system_gives_away_its_hash() -> None:
    stock = known([found("a", "ws-1", "03-02 09:00", by=(SYSTEM_PROGRAM, "hash:aa"))]).stock
    assert stock == {Subject("hash", "aa")}


def test_a_strange_program_keeps_its_hash() -> None:
    strange = ("process:c:\\programdata\\x.dat", SYSTEM_PROGRAM, "hash:aa")
    assert known([found("a", "ws-1", "03-02 09:00", by=strange)]).stock == frozenset()


def test_hosts_under_two_names_are_counted_once() -> None:
    address = Subject("address", "10.0.4.7")
    context = Context(addresses={address: Subject("host", "ws-1")})
    both = [
        found("rule", "ws-1", "03-02 09:00"),
        found("rule", "ws-2", "03-02 09:00", by=("address:10.0.4.7",)),
    ]
    assert learn(both, context).met_on == {Subject("host", "ws-1"): 1}
