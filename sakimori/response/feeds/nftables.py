"""A table of nftables with sets to reject and to count; loading the file replaces the table in one step.

https://wiki.nftables.org/wiki-nftables/index.php/Sets
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp, lines, values

_KINDS = (("4", "ipv4_addr", "ip"), ("6", "ipv6_addr", "ip6"))
_PREFIX = "sakimori"


def nftables(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`nftables.nft`, for `nft -f`; domains and links are beyond a packet filter and stay out."""
    return {"nftables.nft": lines([*_table(entries)])}


def _table(entries: Sequence[Published]) -> Iterator[str]:
    # Declaring before deleting keeps the first load from failing where there is no table yet.
    yield f"table inet {_PREFIX}"
    yield f"delete table inet {_PREFIX}"
    yield f"table inet {_PREFIX} {{"
    for use in (BLOCK, WATCH):
        for version, type_, _ in _KINDS:
            addresses = [a for a in values(entries, "address", use) if (":" in a) == (version == "6")]
            yield from _set(f"{use}{version}", type_, addresses)
    for chain, hook in (("outgoing", "output"), ("passing", "forward")):
        yield f"  chain {chain} {{"
        yield f"    type filter hook {hook} priority filter - 5; policy accept;"
        yield from (f"    {rule}" for rule in _rules())
        yield "  }"
    yield "}"


def _set(name: str, type_: str, addresses: Sequence[str]) -> Iterator[str]:
    yield f"  set {name} {{"
    yield f"    type {type_}"
    if addresses:
        yield f"    elements = {{ {', '.join(addresses)} }}"
    yield "  }"


def _rules() -> Iterator[str]:
    for version, _, word in _KINDS:
        yield f'{word} daddr @watch{version} counter log prefix "{_PREFIX} watch "'
        yield f'{word} daddr @block{version} counter log prefix "{_PREFIX} block " reject'
