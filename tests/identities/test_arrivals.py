"""A finding is told from which machine its account had come, and only that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sakimori.engine.local import Local
from sakimori.findings import Finding, Severity, Subject
from sakimori.identities import Identities
from sakimori.identities.arrivals import WITHIN, Arrival, Arrivals
from sakimori.records.catalogue import Log
from tests.identities.test_resolving import NOON, finding
from tests.rows import catalogue_of, store_of

MINUTE = 60_000_000
SIGN_INS = Log(
    name="sign_ins", family="t", columns=("when", "pc", "who", "from", "ip", "kind"), time=("when",),
    tables={"sign_in": {"host": '"pc"', "account": '"who"', "source_host": '"from"', "source_address": '"ip"',
                        "logon_type": '"kind"', "result": "'success'"}},
)  # fmt: skip
HERE, WHO = Subject("host", "srv01"), Subject("account", "example\\mei")


def test_the_last_sign_in_before_counts_for_half_a_day() -> None:
    arrivals = Arrivals([("srv01", "mei", Arrival(0, "pc1")), ("srv01", "mei", Arrival(10, "pc2"))])
    assert arrivals.before("srv01", "mei", 9) == Arrival(0, "pc1")
    assert arrivals.before("srv01", "mei", WITHIN + 10) == Arrival(10, "pc2")
    assert arrivals.before("srv01", "mei", WITHIN + 11) is None
    assert arrivals.before("srv01", "ken", 20) is None


def told(folder: Path, row: dict[str, object], given: Finding) -> tuple[Subject, ...]:
    signed = {
        "when": "2026-03-02T11:30:00Z",
        "pc": "SRV01.example.com",
        "who": "EXAMPLE\\mei",
        "kind": "3",
        **row,
    }
    catalogue = catalogue_of(SIGN_INS)
    store = store_of(folder / "store", catalogue, {"sign_ins": [signed]})
    with Local(store, catalogue, 200 << 20, folder / "temp") as local:
        known = Identities.learn(local, {}, [given])
    ((after,), _) = known.resolve([given])
    return after.subjects[2:]


def test_the_machine_it_came_from_stands_beside(tmp_path: Path) -> None:
    assert told(tmp_path, {"from": "PC7"}, finding(HERE, WHO)) == (Subject("host", "pc7"),)


@pytest.mark.parametrize(
    ("row", "given"),
    [
        ({"from": "SRV01"}, finding(HERE, WHO)),
        ({"from": "PC7", "kind": "2"}, finding(HERE, WHO)),
        ({"from": "PC7", "who": "EXAMPLE\\ken"}, finding(HERE, WHO)),
        ({"from": "PC7"}, finding(HERE, WHO, clock=NOON - 31 * MINUTE)),
        ({"from": "PC7"}, finding(HERE, WHO, clock=NOON + WITHIN)),
        ({"from": "PC7"}, replace(finding(HERE, WHO), severity=Severity.LOW)),
        ({"ip": "10.0.0.9"}, finding(HERE, WHO)),
    ],
)
def test_just_beside_it_nothing_is_told(tmp_path: Path, row: dict[str, object], given: Finding) -> None:
    assert told(tmp_path, row, given) == ()
