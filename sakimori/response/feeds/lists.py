"""Plain lists, one value a line: external dynamic lists of firewalls and proxies, and lists to watch.

Links stand without their scheme, as Palo Alto Networks asks
(https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/policy/use-an-external-dynamic-list-in-policy/formatting-guidelines-for-an-external-dynamic-list),
No comment stands in them, for not every consumer knows one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp, lines, values


def lists(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`edl-address.txt` and its like to block, `watch-address.txt` and its like to look for."""
    files = {}
    for use, prefix in ((BLOCK, "edl"), (WATCH, "watch")):
        for type_ in ("address", "domain", "hash"):
            files[f"{prefix}-{type_}.txt"] = lines(values(entries, type_, use))
        links = sorted({link.partition("://")[2] for link in values(entries, "url", use)})
        files[f"{prefix}-url.txt"] = lines(links)
    return files
