"""Suricata 7: rules that name each entry, and datasets for who has thousands.

Names are met with all names below them (`dotprefix`), in DNS, TLS and HTTP; addresses in any packet, once an
hour and host; hashes in files that travel in the clear. The pages read, all of
https://docs.suricata.io/en/suricata-7.0.10/rules/: transforms.html, datasets.html, file-keywords.html.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp, lines, of, values

# Ids kept free for local rules: https://docs.suricata.io/en/suricata-7.0.10/rules/meta.html
FIRST, SLOTS, A_SLOT, DROPPING = 1_000_000, 120_000, 4, 500_000
_FILES = {32: "md5", 40: "sha1", 64: "sha256"}
_ONCE_AN_HOUR = "threshold:type limit, track by_src, count 1, seconds 3600"


def suricata(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`suricata.rules` that alert, `suricata-drop.rules` for a Suricata in line, and the lists they load."""
    slots = numbered(entries)
    kinds = sorted({_FILES[len(one.entry.value)] for one in entries if one.entry.type == "hash"})
    return {
        "suricata.rules": lines([*_rules(entries, slots, kinds, "alert")]),
        "suricata-drop.rules": lines([*_rules(of_block(entries), slots, kinds, "drop")]),
        "suricata-datasets.rules": lines([*_dataset_rules()]),
        "suricata-names.lst": lines([_encoded(name) for name in values(entries, "domain", BLOCK)]),
        "suricata-addresses.lst": lines(values(entries, "address", BLOCK)),
        **{f"suricata-{kind}.lst": _hashes(entries, length) for length, kind in _FILES.items()},
    }


def of_block(entries: Sequence[Published]) -> list[Published]:
    """Those to block."""
    return [one for one in entries if one.use == BLOCK]


def numbered(entries: Sequence[Published]) -> Mapping[str, int]:
    """A slot of rule ids for each entry's id: the one its hash says, or the next free one."""
    taken: dict[int, str] = {}
    for name in sorted({one.id for one in entries}):
        slot = int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % SLOTS
        while slot in taken:
            slot = (slot + 1) % SLOTS
        taken[slot] = name
    return {name: slot for slot, name in taken.items()}


def _rules(
    entries: Sequence[Published], slots: Mapping[str, int], kinds: Sequence[str], action: str
) -> Iterator[str]:
    for type_, matches in (("address", _address), ("domain", _domain), ("url", _url)):
        for use in (BLOCK, WATCH):
            for one in of(entries, type_, use):
                first = FIRST + A_SLOT * slots[one.id] + (DROPPING if action == "drop" else 0)
                for sid, match in enumerate(matches(one.entry.value), first):
                    yield _rule(action, match, f"{one.use} list {one.id}", sid)
    for number, kind in enumerate(kinds):
        sid = FIRST + 2 * DROPPING - (20 if action == "drop" else 10) + number
        match = "http any any -> any any", f"flow:established; file{kind}:suricata-{kind}.lst"
        yield _rule(action, match, f"file of the list ({kind})", sid)


def _rule(action: str, match: tuple[str, str], what: str, sid: int) -> str:
    head, options = match
    return f'{action} {head} (msg:"Sakimori {what}"; {options}; sid:{sid}; rev:1;)'


def _address(value: str) -> Iterator[tuple[str, str]]:
    yield f"ip any any -> [{value}] any", _ONCE_AN_HOUR


def _domain(value: str) -> Iterator[tuple[str, str]]:
    ends = f'dotprefix; content:".{value}"; nocase; endswith'
    yield "dns any any -> any any", f"dns.query; {ends}"
    yield "tls any any -> any any", f"flow:established,to_server; tls.sni; {ends}"
    yield "http any any -> any any", f"flow:established,to_server; http.host; {ends.replace(' nocase;', '')}"


def _url(value: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(value)
    asked = parts.path + (f"?{parts.query}" if parts.query else "")
    yield (
        "http any any -> any any",
        f'flow:established,to_server; http.host; content:"{literal(parts.hostname or "")}"; bsize:'
        f'{len(parts.hostname or "")}; http.uri.raw; content:"{literal(asked)}"; bsize:{len(asked)}',
    )


def literal(text: str) -> str:
    """The text for `content`, what has a meaning there in hexadecimal."""
    return re.sub(r"[^A-Za-z0-9/._~-]", lambda found: f"|{found.group().encode().hex(' ').upper()}|", text)


def _dataset_rules() -> Iterator[str]:
    names = "dataset:isset,sakimori-names,type string,load suricata-names.lst"
    addresses = "dataset:isset,sakimori-addresses,type ip,load suricata-addresses.lst"
    heads = (
        ("dns any any -> any any", f"dns.query; to_lowercase; {names}"),
        ("tls any any -> any any", f"flow:established,to_server; tls.sni; to_lowercase; {names}"),
        ("http any any -> any any", f"flow:established,to_server; http.host; {names}"),
        ("ip any any -> any any", f"ip.dst; {addresses}; {_ONCE_AN_HOUR}"),
    )
    for sid, match in enumerate(heads, FIRST + 2 * DROPPING - 40):
        yield _rule("alert", match, "block list (dataset)", sid)


def _encoded(name: str) -> str:
    # Datasets of the type string hold base64: .../rules/datasets.html#file-formats
    return base64.b64encode(name.encode()).decode()


def _hashes(entries: Sequence[Published], length: int) -> bytes:
    both = [*values(entries, "hash", BLOCK), *values(entries, "hash", WATCH)]
    return lines(sorted({value for value in both if len(value) == length}))
