"""A plan as an nftables ruleset for a router between segments: `nft -c -f FILE` checks it.

https://wiki.nftables.org/wiki-nftables/index.php/Main_Page, https://netfilter.org/projects/nftables/manpage.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from itertools import product

from sakimori.audits.segments.plan import ANY, INTERNAL, Network, Plan, Ports, Rule, Segment
from sakimori.errors import UsageError

TABLE = "sakimori_segments"
_FAMILIES = ((4, "ip", "ipv4_addr"), (6, "ip6", "ipv6_addr"))


def nftables(plan: Plan, on: date) -> str:
    """The ruleset as text: `must_not` drops first, then what may passes, and the rest is dropped.

    Host names cannot be carried over and are named in a comment. Raises UsageError where a rule stands on a
    segment that has names only: it would be a wall with a hole.
    """
    lines = [f"# {text}" for text in left_out(plan, on)]
    lines += [f"table inet {TABLE}", f"delete table inet {TABLE}", f"table inet {TABLE} {{"]
    for name, networks in _sets(plan).items():
        lines += [line for family in _FAMILIES for line in _set(name, networks, family)]
    lines += ["  chain forward {", "    type filter hook forward priority filter; policy drop;"]
    # A segment that is closed today stays closed for connections that began before.
    lines += [f"    {line}" for rule in plan.must_not for line in _rule(plan, rule, "counter drop")]
    lines.append("    ct state established,related accept")
    granting = (*plan.may, *(rule for rule in plan.exceptions if not rule.expired(on)))
    lines += [f"    {line}" for rule in granting for line in _rule(plan, rule, "accept")]
    within = [Rule(name="within", source=n, target=n) for n, s in plan.segments.items() if s.networks]
    lines += [f"    {line}" for rule in within for line in _rule(plan, rule, "accept")]
    return "\n".join([*lines, "    counter", "  }", "}", ""])


def left_out(plan: Plan, on: date) -> Iterator[str]:
    """What the ruleset cannot say or does not hold any more, and what in it ends one day."""
    for one in plan.segments.values():
        if one.hosts:
            yield f"not in here: the host names of {one.name} ({', '.join(map(_plain, one.hosts))})"
    for rule in plan.exceptions:
        word = "expired, not in here" if rule.expired(on) else "ends by a new export only"
        yield f"exception {_plain(rule.name)}, until {rule.expires}: {word}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _sets(plan: Plan) -> dict[str, list[Network]]:
    own = {f"seg_{one.name}": _alone(one, plan) for one in plan.segments.values() if one.networks}
    if any(one.external for one in plan.segments.values()):
        every = [network for one in plan.segments.values() for network in one.networks]
        own["not_external"] = _collapsed([*INTERNAL, *every])
    return own


def _alone(segment: Segment, plan: Plan) -> list[Network]:
    """Its ranges without the narrower ones that other segments have inside them."""
    others = [n for one in plan.segments.values() if one is not segment for n in one.networks]
    left: list[Network] = []
    for network in segment.networks:
        parts = [network]
        for other in others:
            # One of its own that is narrower still is the segment's again: it is taken up by itself.
            parts = [piece for part in parts for piece in _without(part, other)]
        left += parts
    return _collapsed(left)


def _without(part: Network, other: Network) -> Iterable[Network]:
    if isinstance(part, IPv4Network) and isinstance(other, IPv4Network):
        return part.address_exclude(other) if other != part and other.subnet_of(part) else (part,)
    if isinstance(part, IPv6Network) and isinstance(other, IPv6Network):
        return part.address_exclude(other) if other != part and other.subnet_of(part) else (part,)
    return (part,)


def _collapsed(networks: Iterable[Network]) -> list[Network]:
    networks = list(networks)
    four = collapse_addresses(n for n in networks if isinstance(n, IPv4Network))
    six = collapse_addresses(n for n in networks if isinstance(n, IPv6Network))
    return [*four, *six]


def _set(name: str, networks: Iterable[Network], family: tuple[int, str, str]) -> Iterator[str]:
    version, _, kind = family
    elements = ", ".join(str(n) for n in networks if n.version == version)
    yield f"  set {name}_{version} {{"
    yield f"    type {kind}; flags interval;"
    if elements:
        yield f"    elements = {{ {elements} }}"
    yield "  }"


def _rule(plan: Plan, rule: Rule, verdict: str) -> Iterator[str]:
    for family, ports in product(_FAMILIES, rule.ports or (None,)):
        source, target = _match(plan, rule, "saddr", family), _match(plan, rule, "daddr", family)
        if source is None or target is None:
            continue
        wholly = f"meta nfproto ipv{family[0]}" if not source and not target else ""
        yield " ".join(part for part in (wholly, source, target, _by(ports), verdict) if part)


def _match(plan: Plan, rule: Rule, side: str, family: tuple[int, str, str]) -> str | None:
    """The words for one end; none where every address is meant; None where no address of the family is."""
    version, word, _ = family
    end = rule.source if side == "saddr" else rule.target
    if not isinstance(end, str):
        return f"{word} {side} {end}" if end.version == version else None
    if end == ANY:
        return ""
    segment = plan.segments[end]
    if segment.external:
        return f"{word} {side} != @not_external_{version}"
    if not segment.networks:
        raise UsageError(
            f"{rule.name}: segment {end} has host names only, and nftables needs addresses; give it cidrs"
        )
    return f"{word} {side} @seg_{end}_{version}"


def _by(ports: Ports | None) -> str:
    if ports is None:
        return ""
    if ports.protocol == "icmp":
        return "meta l4proto { icmp, ipv6-icmp }"
    if ports.whole:
        return f"meta l4proto {ports.protocol}"
    span = str(ports.first) if ports.first == ports.last else f"{ports.first}-{ports.last}"
    return f"{ports.protocol} dport {span}"
