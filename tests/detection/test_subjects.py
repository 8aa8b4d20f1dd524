"""One thing has one name, whichever log named it."""

from __future__ import annotations

import pytest

from sakimori.detection.subjects import normal, primary, subjects
from sakimori.findings import Subject
from sakimori.records.catalogue import Log

LOG = Log(
    name="test", family="test", columns=("Computer", "Domain", "User", "Session", "Ip"),
    subjects={"host": ("Computer",), "account": ("{Domain}\\{User}",), "session": ("Session",),
              "address": ("Ip",)},
)  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "value", "name"),
    [
        ("host", "WS-01.example.com", "ws-01"),
        ("host", "192.0.2.7", "192.0.2.7"),
        ("account", "EXAMPLE\\Mei", "example\\mei"),
        ("account", "mei@example.com", "example\\mei"),
        ("account", "EXAMPLE\\example.com\\mei", "example\\mei"),
        ("account", "Administrator", "administrator"),
        (
            "account",
            "arn:aws:sts::1:assumed-role/R/mei@example.com",
            "arn:aws:sts::1:assumed-role/r/mei@example.com",
        ),
        ("address", "::ffff:10.0.0.5", "10.0.0.5"),
        ("address", "2001:DB8::0001", "2001:db8::1"),
        ("address", "192.0.2.9:50123", "192.0.2.9"),
        ("address", "[2001:DB8::9]:443", "2001:db8::9"),
        ("domain", "Mail.Example.ORG.", "mail.example.org"),
    ],
)
def test_names_are_normalised(type_: str, value: str, name: str) -> None:
    assert normal(type_, value) == name


def test_a_service_s_name_in_the_place_of_an_address_is_none() -> None:
    log = Log(name="l", family="f", columns=("from",), subjects={"address": ("from",)})
    assert subjects(log, {"from": "ec2.amazonaws.com"}) == ()
    assert subjects(log, {"from": "10.0.0.5"}, "osaka") == (Subject("address", "osaka|10.0.0.5"),)


def test_a_private_address_belongs_to_its_site() -> None:
    assert normal("address", "10.0.0.5", "osaka") == "osaka|10.0.0.5"
    assert normal("address", "8.8.8.8", "osaka") == "8.8.8.8"


def test_a_template_with_a_missing_part_names_nobody() -> None:
    assert subjects(LOG, {"Computer": "WS-01", "Domain": "-", "User": "mei"}) == (Subject("host", "ws-01"),)


def test_a_session_is_one_of_its_host_and_the_systems_own_is_none() -> None:
    assert subjects(LOG, {"Computer": "WS-01", "Session": "0x5F3A1"})[1:] == (
        Subject("session", "ws-01|0x5f3a1"),
    )
    assert subjects(LOG, {"Computer": "WS-01", "Session": "0x3e7"})[1:] == ()


def test_the_primary_subject_is_the_host_else_the_next_best() -> None:
    whole = subjects(LOG, {"Computer": "WS-01", "Domain": "EXAMPLE", "User": "mei", "Ip": "192.0.2.1"})
    assert primary(whole, "file.json") == Subject("host", "ws-01")
    assert primary(whole[1:], "file.json") == Subject("account", "example\\mei")
    assert primary((), "file.json") == Subject("file", "file.json")


@pytest.mark.parametrize(
    "text", ["203.0.113.5", "203.0.113.5:50123", "[::ffff:203.0.113.5]:443", "[203.0.113.5]"]
)
def test_an_address_loses_its_port_and_brackets(text: str) -> None:
    assert normal("address", text) == "203.0.113.5"


def test_documentation_ranges_are_outside_and_inner_ones_carry_their_site() -> None:
    assert normal("address", "203.0.113.5", "tokyo") == "203.0.113.5"
    assert normal("address", "10.0.0.5", "tokyo") == "tokyo|10.0.0.5"
