"""One host may be called by its name, its domain name and its address."""

from dataclasses import replace

from sakimori.findings import Subject
from sakimori.incidents.context import Context
from sakimori.incidents.join import join
from sakimori.incidents.places import Places
from tests.incidents.scene import found

ADDRESS, HOST = Subject("address", "tokyo|10.0.4.7"), Subject("host", "ws-07")
KNOWN = Context(hosts=50, addresses={ADDRESS: HOST})


def domain(name: str) -> Subject:
    return Subject("domain", name)


def places(*names: str, context: Context = KNOWN) -> Places:
    by = tuple(f"domain:{name}" for name in names)
    return Places([found("a", "ws-07", "03-02 09:00", by=by), found("b", "mail", "03-02 09:00")], context)


def test_an_address_is_the_host_that_the_records_show_it_to_be() -> None:
    assert places().resolve(ADDRESS) == HOST
    assert places(context=Context()).resolve(ADDRESS) == ADDRESS


def test_a_domain_name_of_a_numbered_host_is_that_host() -> None:
    assert places().resolve(domain("ws-07.corp.example.com")) == HOST


def test_a_name_that_only_begins_like_a_host_is_none() -> None:
    assert places().resolve(domain("mail.example.net")) == domain("mail.example.net")


def test_a_suffix_that_two_hosts_carry_is_our_own() -> None:
    ours = places("ws-07.corp.example.com", "mail.corp.example.com")
    assert ours.resolve(domain("files.corp.example.com")) == Subject("host", "files")


def test_inside_are_our_hosts_and_private_addresses() -> None:
    named = [ADDRESS, Subject("address", "192.168.1.9"), domain("ws-07.corp.example.com")]
    foreign = [
        Subject("address", "203.0.113.9"),
        domain("cdn.example.net"),
        Subject("account", "example\\mei"),
    ]
    assert [places().inside(subject) for subject in named] == [True, True, True]
    assert [places().inside(subject) for subject in foreign] == [False, False, False]


def test_what_the_network_saw_joins_what_the_host_saw() -> None:
    host = found("run", "ws-07", "03-02 09:00", "high")
    flow = replace(found("beacon", "", "03-02 09:05", "high"), subjects=(ADDRESS,))
    seen = [host, flow]
    assert [len(group.findings) for group in join(seen, KNOWN)] == [2]
    assert [len(group.findings) for group in join(seen, Context(hosts=50))] == [1, 1]


def test_a_shared_inside_server_joins_nobody() -> None:
    both = [found(f"rule-{n}", f"ws-{n}", "03-02 09:00", by=("address:10.0.0.9",)) for n in (1, 2)]
    assert [len(group.findings) for group in join(both, KNOWN)] == [1, 1]
