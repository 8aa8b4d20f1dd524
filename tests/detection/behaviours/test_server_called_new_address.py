"""A server called an address nobody here had called before."""

from __future__ import annotations

from pathlib import Path

from sakimori.detection.behaviours.server_called_new_address import server_called_new_address
from sakimori.findings import Subject
from tests.detection.behaviours.flows import OUT, flow, lookup
from tests.detection.behaviours.told import heard

SERVER = "10.0.1.1"
UPDATES = "198.51.100.7"


def fortnight(*extra: dict[str, object], clients: int = 3) -> list[dict[str, object]]:
    """Days on which clients use the server, and all fetch updates."""
    rows = [flow(0.01, SERVER, UPDATES), flow(0.02, "10.0.0.1", UPDATES)]
    for day in range(10):
        rows += [flow(day + 0.3, f"10.0.0.{n}", SERVER, 445) for n in range(clients)]
        rows.append(flow(day + 0.5, SERVER, UPDATES))
    return [*rows, *extra]


def test_one_connection_of_a_server_to_a_new_address_is_found(tmp_path: Path) -> None:
    names = [lookup(6, SERVER, "shop.example.org", OUT)]
    rows = fortnight(flow(6.0001, SERVER, OUT, 8443, out=0.002))
    (found,) = heard(tmp_path, server_called_new_address, network_flow=rows, dns_query=names).findings
    assert found.because == (
        "10.0.1.1, which 3 machines use and which speaks in 1 hours of a day, called "
        "203.0.113.9 on port 8443 for "
        "the first time on 2026-03-08T00:00:08.640000Z (1 connections, 2000 bytes sent; name: "
        "shop.example.org); in "
        "5 days before nobody here did, and the server called new ones on 0 of them."
    )
    assert found.subjects == (Subject("address", SERVER), Subject("address", OUT))
    assert len(found.places) == 1


def test_a_workstation_may_call_whom_it_likes(tmp_path: Path) -> None:
    rows = fortnight(flow(6, "10.0.0.1", OUT))
    assert heard(tmp_path, server_called_new_address, network_flow=rows).findings == ()


def test_what_another_machine_called_before_is_not_new(tmp_path: Path) -> None:
    rows = fortnight(flow(2, "10.0.0.1", OUT), flow(6, SERVER, OUT))
    assert heard(tmp_path, server_called_new_address, network_flow=rows).findings == ()


def test_another_address_of_a_domain_in_use_is_not_new(tmp_path: Path) -> None:
    names = [
        lookup(1, SERVER, "a.updates.example.com", UPDATES),
        lookup(6, SERVER, "b.updates.example.com", OUT),
    ]
    rows = fortnight(flow(6.0001, SERVER, OUT))
    assert heard(tmp_path, server_called_new_address, network_flow=rows, dns_query=names).findings == ()


def test_without_a_name_a_network_in_use_is_not_new(tmp_path: Path) -> None:
    rows = fortnight(flow(6, SERVER, "198.51.100.8"))
    assert heard(tmp_path, server_called_new_address, network_flow=rows).findings == ()


def test_a_server_that_meets_new_addresses_on_many_days_is_a_proxy(tmp_path: Path) -> None:
    rows = fortnight(*(flow(day + 0.6, SERVER, f"100.{64 + 64 + day}.0.1") for day in range(1, 8)))
    assert heard(tmp_path, server_called_new_address, network_flow=rows).findings == ()


def test_in_the_first_days_everything_is_new(tmp_path: Path) -> None:
    rows = fortnight(flow(2.9, SERVER, OUT))
    assert heard(tmp_path, server_called_new_address, network_flow=rows).findings == ()


def test_two_clients_make_no_server_but_speaking_day_and_night_does(tmp_path: Path) -> None:
    rows = fortnight(flow(6, SERVER, OUT), clients=2)
    assert heard(tmp_path / "a", server_called_new_address, network_flow=rows).findings == ()
    awake = [flow(hour / 24 + 0.01, SERVER, UPDATES) for hour in range(240) if hour % 24 < 17]
    assert len(heard(tmp_path / "b", server_called_new_address, network_flow=rows + awake).findings) == 1
