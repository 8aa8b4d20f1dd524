"""A first upload to a service anybody can upload to."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.first_upload_to_service import first_upload_to_service
from sakimori.detection.upload_services import KINDS, services
from tests.detection.behaviours.flows import OUT, flow, lookup
from tests.detection.behaviours.told import at, heard

PC = "10.0.0.5"
NAME = "api.dropboxapi.com"


def week(*extra: dict[str, object]) -> list[dict[str, object]]:
    return [*(flow(day, f"10.0.0.{n}", "198.51.100.7") for day in range(7) for n in range(5, 15)), *extra]


def shaken(day: float, source: str = PC, name: str = NAME) -> dict[str, object]:
    return at(day, host=source, source_address=source, destination_address=OUT, destination_host=name)


def requested(day: float, out: float, source: str = PC, host: str = NAME) -> dict[str, object]:
    return at(
        day,
        host=source,
        source_address=source,
        url_host=host,
        method="POST",
        bytes_out=round(out * 1e6),
        bytes_in=900,
    )


def test_an_upload_by_the_name_of_the_handshake_is_found(tmp_path: Path) -> None:
    rows = week(flow(5, PC, OUT, out=8))
    (found,) = heard(tmp_path, first_upload_to_service, network_flow=rows, tls_handshake=[shaken(5)]).findings
    assert found.because == (
        "10.0.0.5 sent 8.0 MB to Dropbox (api.dropboxapi.com) on this day, for the first time "
        "in 5 days; 0 of 10 "
        "machines had sent there before."
    )
    assert (found.facts["field.kind"], len(found.places)) == ("storage", 2)  # and the handshake


def test_an_upload_by_the_answer_that_named_the_address_is_found(tmp_path: Path) -> None:
    rows, names = week(flow(5, PC, OUT, out=8)), [lookup(5, PC, NAME, f'["{OUT}"]')]
    assert len(heard(tmp_path, first_upload_to_service, network_flow=rows, dns_query=names).findings) == 1


def test_an_upload_through_a_proxy_is_found(tmp_path: Path) -> None:
    rows = [requested(0, 0), requested(5, 8)]
    (found,) = heard(tmp_path, first_upload_to_service, http_request=rows, network_flow=week()).findings
    assert found.because.startswith("10.0.0.5 sent 8.0 MB to Dropbox (api.dropboxapi.com)")


def test_an_address_that_has_other_names_too_tells_nothing(tmp_path: Path) -> None:
    rows = week(flow(5, PC, OUT, out=8))
    names = [lookup(5, PC, NAME, OUT), lookup(5, PC, "www.example.com", OUT)]
    assert (
        len(heard(tmp_path / "a", first_upload_to_service, network_flow=rows, dns_query=names).findings) == 0
    )
    named = [lookup(5, PC, "dropboxapi.com.example.org", OUT)]
    assert (
        len(heard(tmp_path / "b", first_upload_to_service, network_flow=rows, dns_query=named).findings) == 0
    )


@pytest.mark.parametrize(
    ("day", "out", "users", "found"),
    [(2.1, 2, 0, 1), (1.9, 2, 0, 0), (5, 1.9, 0, 0), (5, 2, 1, 1), (5, 2, 2, 0)],
)
def test_just_beside_the_thresholds(tmp_path: Path, day: float, out: float, users: int, found: int) -> None:
    before = [requested(0.5, 5, f"10.0.0.{6 + n}") for n in range(users)]
    rows = [*before, requested(day, out)]
    assert (
        len(heard(tmp_path, first_upload_to_service, http_request=rows, network_flow=week()).findings)
        == found
    )


def test_the_second_upload_is_not_the_first(tmp_path: Path) -> None:
    rows = [requested(1, 8), requested(5, 8)]
    assert heard(tmp_path, first_upload_to_service, http_request=rows, network_flow=week()).findings == ()


def test_the_list_of_services_names_each_domain_once_and_each_kind_has_a_technique() -> None:
    domains = [domain for one in services() for domain in one.domains]
    assert len(domains) == len(set(domains))
    assert {one.kind for one in services()} == set(KINDS)
    assert all(one.page.startswith("https://") for one in services())
