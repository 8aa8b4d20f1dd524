"""Identifiers that carry a check: found in text without a list of them.

Cards: Luhn, ISO/IEC 7812-1 annex B; lengths and beginnings as the networks publish them. IBAN: ISO 13616,
modulo 97. Corporate Number of Japan: modulo 9, https://www.houjin-bangou.nta.go.jp (public by law, of use
where a list of customers is what must not leave). My Number is not among them, and never will be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_CARD = re.compile(r"(?<![\d.])(?<!\d[ \-])\d(?:[ \-]?\d){12,18}(?![ \-]?\d)")
_NETWORKS = (
    (r"4", (13, 16, 19)),
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
    (r"3[47]", (15,)),
    (r"35(?:2[89]|[3-8])", (16, 17, 18, 19)),
    (r"30[0-5]|36|3[89]", (14, 16)),
    (r"6011|64[4-9]|65|62", (16, 17, 18, 19)),
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
_CORPORATE = re.compile(r"(?<!\d)(?<!\d\.)[1-9]\d{12}(?!\d)")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{24,}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier: its kind, and its plain form without separators. Never printed, stored or logged."""

    kind: str
    plain: str


def found_in(text: str, kinds: frozenset[str]) -> Iterator[Found]:
    """The identifiers of these kinds in a text, in their order, each once."""
    seen: set[Found] = set()
    hashes = [match.span() for match in _HEXADECIMAL.finditer(text)] if kinds else []
    for kind in sorted(kinds):
        pattern, holds = KINDS[kind]
        for match in pattern.finditer(text):
            plain = re.sub(r"[ \-]", "", match[0])
            inside = any(start <= match.start() and match.end() <= end for start, end in hashes)
            one = Found(kind, plain)
            if not inside and one not in seen and holds(plain):
                seen.add(one)
                yield one


def luhn(digits: str) -> bool:
    """Whether the last digit is the check of the others."""
    doubled = (2 * int(d) if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _card(digits: str) -> bool:
    known = any(re.match(start, digits) and len(digits) in lengths for start, lengths in _NETWORKS)
    return known and len(set(digits)) > 1 and luhn(digits)


def _iban(text: str) -> bool:
    if not 15 <= len(text) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def _corporate(digits: str) -> bool:
    total = sum(int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(digits[1:])))
    return 9 - total % 9 == int(digits[0])


KINDS: Mapping[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "card": (_CARD, _card),
    "iban": (_IBAN, _iban),
    "corporate-number": (_CORPORATE, _corporate),
}
