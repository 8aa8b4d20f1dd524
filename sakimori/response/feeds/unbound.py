"""Unbound: local zones that answer NXDOMAIN, for who keeps no policy zones.

https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html: `always_nxdomain` holds for the names
below as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sakimori.response.feeds.published import BLOCK, Published, Stamp, lines, values


def unbound(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`unbound.conf`, to be included; names to watch are left to rpz-watch.zone, which Unbound also reads."""
    zones = [f'    local-zone: "{name}." always_nxdomain' for name in values(entries, "domain", BLOCK)]
    return {"unbound.conf": lines(["server:", *zones])}
