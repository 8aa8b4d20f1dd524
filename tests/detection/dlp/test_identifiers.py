"""Identifiers by their check, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.dlp.identifiers import KINDS, found_in, luhn

ALL = frozenset(KINDS)
# Numbers that the networks and banks publish for tests; nobody's.
CARD, IBAN, CORPORATE = "4111111111111111", "GB82WEST12345698765432", "7000012050002"


def kinds(text: str) -> list[str]:
    return [found.kind for found in found_in(text, ALL)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"card {CARD}", ["card"]),
        ("card 4111 1111 1111 1111, again 4111-1111-1111-1111", ["card"]),
        ("371449635398431", ["card"]),
        (f"pay {IBAN}", ["iban"]),
        ("pay GB82 WEST 1234 5698 7654 32.", ["iban"]),
        (f"T{CORPORATE}", ["corporate-number"]),
        ("4111111111111112", []),
        ("9111111111111111", []),
        ("0.4111111111111111", []),
        ("1772409600123456", []),
        ("5555555555555555", []),
        (f"SHA1={'ab' * 6}{CARD}{'cd' * 6}", []),
        ("GB82WEST12345698765433", []),
        ("7000012050003", []),
        (f"12{CARD}34", []),
    ],
)
def test_an_identifier_is_found_by_its_check(text: str, found: list[str]) -> None:
    assert kinds(text) == found


@given(st.text("0123456789", min_size=12, max_size=18))
def test_one_digit_in_ten_is_the_check(digits: str) -> None:
    assert sum(luhn(digits + last) for last in "0123456789") == 1


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(found.kind in ALL for found in found_in(text, ALL))


def test_only_the_kinds_asked_for_are_looked_for() -> None:
    assert list(found_in(f"{CARD} {IBAN}", frozenset())) == []
    assert [one.kind for one in found_in(f"{CARD} {IBAN}", frozenset({"iban"}))] == ["iban"]
    assert "my-number" not in KINDS
