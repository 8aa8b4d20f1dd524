"""Each value is written in one way, and what is defanged comes back as it was."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.indicators.indicator import TYPES
from sakimori.detection.indicators.normalising import guess, refang, value_of
from sakimori.response.defanging import defang

LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12).filter(
    lambda s: s[0].isalpha()
)
NAME = st.builds(lambda a, b: f"{a}.{b}.com", LABEL, LABEL)
ADDRESS = st.ip_addresses(v=4).map(str)
URL = st.builds(
    lambda s, n, p: f"{s}://{n}/{p}/x.php", st.sampled_from(["http", "https"]), NAME | ADDRESS, LABEL
)


@given(NAME | ADDRESS | URL)
def test_what_is_defanged_comes_back(text: str) -> None:
    assert refang(defang(text)) == text


@given(st.text(max_size=80))
def test_refanging_twice_changes_nothing_that_defanging_made(text: str) -> None:
    assert defang(refang(defang(text))) == defang(refang(defang(refang(defang(text)))))


@given(st.sampled_from(TYPES), st.text(max_size=120))
def test_a_value_is_written_once_and_for_all_or_refused(type_: str, text: str) -> None:
    try:
        value = value_of(type_, text)
    except ValueError:
        return
    assert value_of(type_, value) == value


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("hxxps://c2[.]example[.]com/A.php", "url", "https://c2.example.com/A.php"),
        ("hXXp://c2(.)example(.)com:8080/", "domain", "c2.example.com"),
        ("hxxp[:]//c2.example[.]com/a.php", "url", "http://c2.example.com/a.php"),
        ("c2[dot]example(dot)com", "domain", "c2.example.com"),
        ("C2 [.] example.com".replace(" ", ""), "domain", "c2.example.com"),
        ("203.0.113[.]7", "address", "203.0.113.7"),
        ("203.0.113.7[:]443", "address_port", "203.0.113.7:443"),
        ("203.0.113.0/24", "address", "203.0.113.0/24"),
        ("2001:DB8:0:0::7", "address", "2001:db8::7"),
        ("AB" * 20, "hash", "ab" * 20),
        ("例え.example.com", "domain", "xn--r8jz45g.example.com"),
        (r"HKEY_LOCAL_MACHINE\Software\Bad\Key", "registry_key", r"hklm\software\bad\key"),
        (r"%APPDATA%\Bad\a.dll", "path", r"*\bad\a.dll"),
    ],
)
def test_a_value_without_a_type_is_told_by_its_form(text: str, type_: str, value: str) -> None:
    assert guess(text) == (type_, value)
