"""What everybody meets is never looked for, whoever lists it."""

from __future__ import annotations

import pytest

from sakimori.detection.indicators.indicator import SYNTHETIC, Indicator
from sakimori.detection.indicators.warning import shared, warned


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("address", "10.0.0.5"), ("address", "127.0.0.1"), ("address", "8.8.8.8"), ("address", "192.0.2.7"),
        ("address_port", "192.168.0.1:443"), ("domain", "github.com"), ("domain", "a.example.com"),
        ("hash", "d41d8cd98f00b204e9800998ecf8427e"), ("url", "http://10.0.0.5/a.php"),
    ],
)  # fmt: skip
def test_it_is_never_looked_for(type_: str, value: str) -> None:
    assert warned(Indicator(type=type_, value=value))


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("address", "45.61.136.12"),
        ("domain", "x.github.io"),
        ("url", "https://github.com/a/b.zip"),
        ("hash", "ab" * 16),
    ],
)
def test_it_is_looked_for(type_: str, value: str) -> None:
    assert warned(Indicator(type=type_, value=value)) == ""


def test_examples_are_looked_for_in_exercises() -> None:
    assert warned(Indicator(type="address", value="192.0.2.7", tags=(SYNTHETIC,))) == ""


def test_a_name_under_a_shared_service_is_marked() -> None:
    assert (shared("domain", "x.github.io"), shared("domain", "c2.example.com")) == (("shared hosting",), ())
