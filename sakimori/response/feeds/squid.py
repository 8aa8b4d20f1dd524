"""Squid: lists that acls read from files, and the few lines of configuration that use them.

https://www.squid-cache.org/Doc/config/acl/: dstdomain with a leading dot holds the names below as well, and
complains about a name below another one of the list, so those are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp, lines, values

FOLDER = "/etc/squid/sakimori"
_USES = {BLOCK: "http_access deny", WATCH: "note sakimori watch"}


def squid(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`squid-block-domain.txt` and its like, and `squid.conf` for files that lie in FOLDER.

    Links are met in plain HTTP, and in HTTPS only where Squid looks into it.
    """
    files = {"squid.conf": _configuration()}
    for use in _USES:
        domains = topmost(values(entries, "domain", use))
        files[f"squid-{use}-domain.txt"] = lines([f".{name}" for name in domains])
        files[f"squid-{use}-address.txt"] = lines(values(entries, "address", use))
        files[f"squid-{use}-url.txt"] = lines([pattern(link) for link in values(entries, "url", use)])
    return files


def _configuration() -> bytes:
    kinds = (("domain", "dstdomain"), ("address", "dst"), ("url", "url_regex"))
    written = [f"# Include before other http_access lines: include {FOLDER}/squid.conf"]
    for use, action in _USES.items():
        for kind, acl in kinds:
            written.append(f'acl sakimori_{use}_{kind} {acl} "{FOLDER}/squid-{use}-{kind}.txt"')
            written.append(f"{action} sakimori_{use}_{kind}")
    return lines(written)


def topmost(names: Sequence[str]) -> list[str]:
    """The names without those that lie below another of them."""
    known = set(names)
    return [name for name in names if not any(above in known for above in _above(name))]


def _above(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[at:]) for at in range(1, len(labels))]


def pattern(link: str) -> str:
    """An extended regular expression that matches this link and nothing else."""
    return f"^{re.sub(r'[^A-Za-z0-9/_~:%&=,;@!-]', _literal, link)}$"


def _literal(found: re.Match[str]) -> str:
    # A bracket expression is the one quoting that basic, extended and Perl expressions agree on.
    return f"\\{found.group()}" if found.group() in "[]^\\" else f"[{found.group()}]"
