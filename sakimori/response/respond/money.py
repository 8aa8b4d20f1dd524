"""Whether an incident touches money, and what to tell those who can still stop it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sakimori.findings import Finding
from sakimori.incidents.goals import goals_of
from sakimori.response.respond.platforms import Evidence

_WORDS = re.compile(
    r"wallet|keystore|key store|metamask|seed[ _-]?phrase|mnemonic|ledger live|trezor|exodus|phantom"
    r"|withdraw|custody|id\.json\b.*solana|\bmultisig",
    re.IGNORECASE,
)
# Shapes of addresses and transactions, checked by shape alone; https://eips.ethereum.org/EIPS/eip-55,
# https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki, base58 of TRON begins with T.
_SHAPES = (
    ("transaction", re.compile(r"(?<![0-9A-Za-z])0x[0-9a-fA-F]{64}(?![0-9A-Za-z])")),
    ("wallet", re.compile(r"(?<![0-9A-Za-z])0x[0-9a-fA-F]{40}(?![0-9A-Za-z])")),
    ("wallet", re.compile(r"(?<![0-9A-Za-z])bc1[ac-hj-np-z02-9]{11,71}(?![0-9A-Za-z])")),
    ("wallet", re.compile(r"(?<![0-9A-Za-z])T[1-9A-HJ-NP-Za-km-z]{33}(?![0-9A-Za-z])")),
)


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A wallet address or transaction that a finding quotes, with the finding."""

    kind: str
    value: str
    finding: str


def about_money(findings: Iterable[Finding], evidence: Evidence) -> tuple[Finding, ...]:
    """The findings that speak of payments, wallets or their keys."""
    return tuple(finding for finding in findings if _is_about_money(finding, evidence))


def _is_about_money(finding: Finding, evidence: Evidence) -> bool:
    if "payments" in evidence.platforms(finding) or "theft_or_forgery" in goals_of(finding.techniques):
        return True
    texts = (finding.title, *(s.value for s in finding.subjects), *_quoted(finding))
    return any(_WORDS.search(text) for text in texts)


def traces(findings: Iterable[Finding]) -> tuple[Trace, ...]:
    """Wallets and transactions by kind and value; each once, with the first finding that quotes it."""
    found: dict[tuple[str, str], Trace] = {}
    for finding in findings:
        for text in (*_quoted(finding), *(s.value for s in finding.subjects)):
            for kind, shape in _SHAPES:
                for value in shape.findall(text):
                    found.setdefault((kind, value), Trace(kind, value, finding.id))
    return tuple(sorted(found.values()))


def _quoted(finding: Finding) -> Iterator[str]:
    return (text for key, text in finding.facts.items() if key.startswith("field."))
