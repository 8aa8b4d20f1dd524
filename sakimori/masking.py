"""What nobody may read in any output: words like a wallet's seed phrase, private keys, My Number.

They are known by their shape, never by a list of values, and where a shape is doubtful it is masked: a line
of twelve short words too many is a smaller harm than a wallet. Nothing here stores, counts or compares them.

Seed phrases: 12 to 24 words (https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki). The published
lists are not needed: their words have 3 to 9 letters, and prose hardly ever has twelve such words in a row
without a shorter or a longer one, or one of those ("the", "with") that stand in no list. My Number: twelve
digits, the last a check digit (order no. 85 of 2014 of Japan's Ministry of Internal Affairs, article 5).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import lru_cache

from sakimori.findings import Finding, Subject

# Words that stand in none of the published lists (compared with those of python-mnemonic 0.21), and in most
# prose.
PROSE = (
    "after|against|and|are|been|being|both|but|came|cannot|could|did|does|doing|done|each|even|every|for|"
    "from|gave|given|gives|goes|going|gone|had|has|her|here|him|his|how|however|its|knew|known|last|"
    "least|less|made|makes|making|many|may|might|nobody|nor|not|onto|our|ours|out|per|said|says|shall|"
    "she|should|some|taken|than|the|their|them|these|those|though|told|took|uses|using|via|was|were|"
    "whether|which|while|who|whom|whose|why|with|within|without|would|your"
)
_CACHED = 2_000  # characters; longer texts are records, which come once
# Letters with their accents, also decomposed; kana; one ideograph; syllables and their parts.
_LETTERS = "A-Za-zÀ-ÖØ-öø-žЀ-ӿ"
_LATIN = rf"(?!(?i:{PROSE})(?![{_LETTERS}\u0300-\u036f]))(?:[{_LETTERS}][\u0300-\u036f]*){{3,9}}"
_WORD = (
    rf"(?:{_LATIN}|[\u3041-\u309f]{{2,12}}|[\u4e00-\u9fff]|[\uac00-\ud7a3]{{1,8}}|[\u1100-\u11ff]{{2,24}})"
)
_GAP = (
    r"[\"'`“”\\]{0,3}(?:[\s,;|+_.\-]|\\[nrt]|%20|%0[aAdD]|&nbsp;|<br\s?/?>){1,12}[\"'`“”\\]{0,3}"
    r"(?:[#(]?\d{1,2}[.):=\]]{0,2}\s{0,3}[\"'`]?)?"
)
_BEFORE = rf"(?:(?<![{_LETTERS}])|(?<=\\[nrt]))"
_PHRASE = re.compile(rf"{_BEFORE}{_WORD}(?:{_GAP}{_WORD}){{11,}}(?![{_LETTERS}])")
# Cheap looks before the dear ones: enough words at all, a long enough run of signs.
_ANY_WORD = re.compile(
    rf"[{_LETTERS}\u0300-\u036f]{{3,}}|[\u3041-\u309f]{{2,}}|[\u1100-\u11ff\u4e00-\u9fff\uac00-\ud7a3]+"
)
_ANY_KEY = re.compile(r"[0-9A-Za-z]{50}")
# To the end of the text where the last line is missing: a record may be cut.
_BLOCK = re.compile(
    r"-{3,}\s?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?\s?-{3,}.*?"
    r"(?:-{3,}\s?END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?\s?-{3,}|\Z)",
    re.DOTALL,
)
_PUTTY = re.compile(r"(Private-Lines:\s*\d+(?:\s|\\[rn])+)(?:[A-Za-z0-9+/=]+(?:\s|\\[rn]|\Z)+)+")
_NAMED = re.compile(
    r"((?:priv(?:ate)?[\w \-]{0,3}key|privkey|secret|signing[_ \-]?key|mnemonic|seed|\b[ps]k\b)[^\n]{0,40}?)"
    r"((?<![0-9a-f])(?:0x)?(?:[0-9a-f]{128}|[0-9a-f]{64})(?![0-9a-f])|"
    r"(?<![1-9A-HJ-NP-Za-km-z])[1-9A-HJ-NP-Za-km-z]{86,88}(?![1-9A-HJ-NP-Za-km-z]))",
    re.IGNORECASE,
)
# Wallet import format and extended private keys: https://en.bitcoin.it/wiki/Wallet_import_format and BIP 32.
_IMPORT = re.compile(r"(?<![1-9A-HJ-NP-Za-km-z])[5KL9c][1-9A-HJ-NP-Za-km-z]{50,51}(?![1-9A-HJ-NP-Za-km-z])")
_EXTENDED = re.compile(r"(?<![A-Za-z0-9])[xyzYZtuvUV]prv[1-9A-HJ-NP-Za-km-z]{100,112}")
# Key files of Solana's tools are 64 numbers of a byte.
_BYTES = re.compile(r"\[\s*(?:\d{1,3}\s*,\s*){63}\d{1,3}\s*\]")
_TWELVE = re.compile(r"(?<!\d)(?<!\d\.)(\d{4})([ \-‐－\u3000]?)(\d{4})\2(\d{4})(?!\d)")
# Digits within a hash or a GUID are nobody's number.
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-Fa-f]{24,128}")
# Twelve digits that are an AWS account, in the words in which AWS writes it.
_ACCOUNT = re.compile(
    r"(?:arn:aws[\w\-]*:[\w\-]*:[\w\-]*:|account_?-?id\\?[\"']?\s*[:=]\s*\\?[\"']?)\Z", re.IGNORECASE
)
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def masked(text: str) -> str:
    """The text; what has the shape of a secret is replaced by what it looked like, in brackets.

    Give it whole texts, before they are cut or split: half a phrase has no shape any more.
    """
    return _kept(text) if len(text) <= _CACHED else _masked(text)


def without_secrets(finding: Finding) -> Finding:
    """The finding; its sentence, facts and subjects masked. Most hold nothing and stay the same object."""
    because = masked(finding.because)
    facts = {name: masked(value) for name, value in finding.facts.items()}
    subjects = tuple(Subject(subject.type, masked(subject.value)) for subject in finding.subjects)
    if (because, facts, subjects) == (finding.because, finding.facts, finding.subjects):
        return finding
    return replace(finding, because=because, facts=facts, subjects=subjects)


def check_digit(eleven: str) -> int:
    """The last digit of a My Number, by its first eleven."""
    digits = [int(digit) for digit in reversed(eleven)]
    total = sum(p * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(digits, 1))
    return 0 if total % 11 <= 1 else 11 - total % 11


def _masked(text: str) -> str:
    if len(text) < 12:
        return text
    if "PRIVATE KEY" in text:
        text = _BLOCK.sub("[masked: private key]", text)
    if "Private-Lines" in text:
        text = _PUTTY.sub(r"\1[masked: private key]", text)
    if len(text) >= 23 and len(_ANY_WORD.findall(text)) >= 12:
        text = _PHRASE.sub("[masked: words like a seed phrase]", text)
    if _ANY_KEY.search(text):
        text = _keys(text)
    if text.count(",") >= 63:
        text = _BYTES.sub("[masked: private key]", text)
    return _TWELVE.sub(_number, text)


_kept = lru_cache(maxsize=1 << 14)(_masked)


def _keys(text: str) -> str:
    text = _NAMED.sub(r"\1[masked: private key]", text)
    text = _EXTENDED.sub("[masked: private key]", text)
    return _IMPORT.sub(lambda found: "[masked: private key]" if _checks(found[0]) else found[0], text)


def _checks(text: str) -> bool:
    """Whether the last four bytes are the check of the others."""
    number = 0
    for sign in text:
        number = number * 58 + _ALPHABET.index(sign)
    data = number.to_bytes(40, "big").lstrip(b"\0")
    return hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()[:4] == data[-4:]


def _number(found: re.Match[str]) -> str:
    digits = "".join(str(int(sign)) for sign in found[1] + found[3] + found[4])
    text, start, end = found.string, found.start(), found.end()
    within = any(
        one.start() <= start and end <= one.end()
        for one in _HEXADECIMAL.finditer(text, max(0, start - 130), end + 130)
    )
    if (
        within
        or check_digit(digits[:11]) != int(digits[11])
        or _ACCOUNT.search(text[max(0, start - 60) : start])
    ):
        return found[0]
    return "[masked: 12 digits like a My Number]"
