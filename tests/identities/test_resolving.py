"""Findings about an address are told whose it was then; what nobody knows is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.engine.local import Local
from sakimori.findings import Finding, Severity, Subject
from sakimori.identities import Identities, Resolved
from sakimori.records.catalogue import Catalogue, Log
from tests.rows import catalogue_of, store_of

LEASES = Log(
    name="leases", family="t", columns=("when", "ip", "name"), time=("when",),
    tables={"address_lease": {"address": '"ip"', "host": '"name"', "action": "'assign'", "how": "'dhcp'"}},
)  # fmt: skip
PEOPLE = Log(
    name="people", family="t", columns=("when", "upn", "login"), time=("when",),
    tables={"account": {"account": '"upn"', "upn": '"upn"', "login": '"login"'}},
)  # fmt: skip
KNOWN: Catalogue = catalogue_of(LEASES, PEOPLE)
NOON = 1_772_452_800_000_000


def finding(*subjects: Subject, clock: int = NOON) -> Finding:
    return Finding(
        detector="d", title="t", severity=Severity.HIGH, confidence="high", techniques=(), subjects=subjects,
        first_seen=clock, last_seen=clock, count=1, places=(), because="b",
    )  # fmt: skip


def learnt(folder: Path) -> Identities:
    rows = {
        "leases": [{"when": "2026-03-02T09:00:00Z", "ip": "10.0.0.5", "name": "WS01.example.com"}],
        "people": [{"when": "2026-03-02T09:00:00Z", "upn": "mei@example.com", "login": "mei-gh"}],
    }
    store = store_of(folder / "store", KNOWN, rows)
    with Local(store, KNOWN, 200 << 20, folder / "temp") as local:
        return Identities.learn(local, {})


def test_a_finding_gets_the_machine_and_the_account_and_keeps_its_id(tmp_path: Path) -> None:
    before = finding(Subject("address", "10.0.0.5"), Subject("account", "mei-gh"))
    ((after,), counted) = learnt(tmp_path).resolve([before])
    assert after.subjects == (*before.subjects, Subject("host", "ws01"), Subject("account", "example\\mei"))
    assert after.facts == {"resolved.ws01": "10.0.0.5: dhcp", "resolved.example\\mei": "mei-gh"}
    assert after.id == before.id
    assert counted == Resolved(addresses=1, joined=2)


def test_an_inner_address_nobody_knows_is_counted_and_stays(tmp_path: Path) -> None:
    given = [finding(Subject("address", "10.9.9.9")), finding(Subject("address", "203.0.113.7"))]
    found, counted = learnt(tmp_path).resolve(given)
    assert list(found) == given
    assert counted == Resolved(unknown=1, joined=2)


def test_an_address_that_changed_hands_long_before_is_not_guessed(tmp_path: Path) -> None:
    late = finding(Subject("address", "10.0.0.5"), clock=NOON + 30 * 86_400_000_000)
    found, counted = learnt(tmp_path).resolve([late])
    assert found == (late,)
    assert counted == Resolved(unknown=1, joined=2)


FLOWS = Log(
    name="flows", family="t", columns=("when", "pc", "ip"), time=("when",),
    tables={"network_flow": {"host": '"pc"', "source_address": '"ip"', "direction": "'outbound'"}},
)  # fmt: skip
SIGN_INS = Log(
    name="sign_ins", family="t", columns=("when", "pc", "ip"), time=("when",),
    tables={"sign_in": {"source_host": '"pc"', "source_address": '"ip"', "result": "'success'"}},
)  # fmt: skip
STOCK = Log(
    name="stock", family="t", columns=("when", "pc", "ip"), time=("when",),
    tables={"device": {"host": '"pc"', "address": '"ip"'}},
)  # fmt: skip


@pytest.mark.parametrize("log", [FLOWS, SIGN_INS, STOCK], ids=lambda log: log.name)
def test_connections_sign_ins_and_inventories_tell_too(tmp_path: Path, log: Log) -> None:
    rows = [{"when": "2026-03-02T11:30:00Z", "pc": "ws02", "ip": "10.0.0.6"}] * 2
    catalogue = catalogue_of(log)
    store = store_of(tmp_path / "store", catalogue, {log.name: rows})
    with Local(store, catalogue, 200 << 20, tmp_path / "temp") as local:
        known = Identities.learn(local, {})
    ((after,), _) = known.resolve([finding(Subject("address", "10.0.0.6"))])
    assert after.subjects[1] == Subject("host", "ws02")


OWNED = Log(
    name="owned", family="t", columns=("when", "pc", "who"), time=("when",),
    tables={"device": {"host": '"pc"', "account": '"who"'}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("users", "told"), [(["mei@example.com"], True), (["mei@example.com", "ken@example.com"], False)]
)
def test_a_machine_of_one_person_is_that_persons(tmp_path: Path, users: list[str], told: bool) -> None:
    rows = [{"when": "2026-03-02T11:30:00Z", "pc": "mac01", "who": who} for who in users]
    catalogue = catalogue_of(OWNED)
    store = store_of(tmp_path / "store", catalogue, {"owned": rows})
    with Local(store, catalogue, 200 << 20, tmp_path / "temp") as local:
        known = Identities.learn(local, {})
    mine, other = Subject("host", "mac01"), Subject("account", "example\\rei")
    ((alone, named), _) = known.resolve([finding(mine), finding(mine, other)])
    assert (Subject("account", "example\\mei") in alone.subjects) is told
    assert named.subjects == (mine, other)
