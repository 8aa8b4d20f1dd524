"""Programs and libraries by short name, from `data/programs.toml`; images in a profile are made per user."""

from __future__ import annotations

import hashlib
from functools import cache

from sakimori.errors import CatalogueError
from sakimori.scenario.data import toml
from sakimori.scenario.world import Program


@cache
def _entries() -> dict[str, dict[str, str]]:
    data = toml("programs.toml")
    return {
        entry["name"]: {**data["vendor"].get(entry.get("vendor", ""), {}), **entry}
        for entry in data["program"]
    }


@cache
def known(name: str, user: str = "") -> Program:
    """The program of that short name; raises CatalogueError if the data has none."""
    if name not in _entries():
        raise CatalogueError(f"scenario data: no program is called {name!r}")
    entry = _entries()[name]
    image = entry["image"].replace("{user}", user)
    return program(
        image,
        company=entry.get("company", "-"),
        product=entry.get("product", "-"),
        description=entry.get("description", "-"),
        original=entry.get("original", image.rpartition("\\")[2]),
        version=entry.get("version", "-"),
        signature=entry.get("signature", entry.get("company", "-")),
        content=name,
    )


def in_profile(name: str) -> bool:
    """Whether the program lives in its user's profile."""
    return name in _entries() and "{user}" in _entries()[name]["image"]


@cache
def program(
    image: str,
    company: str = "-",
    product: str = "-",
    description: str = "-",
    original: str = "-",
    version: str = "-",
    signature: str = "-",
    content: str = "",
) -> Program:
    """A program with hashes that follow from `content` (its path where nothing else is said)."""
    seed = f"kitaura/{content or image}/{version}".encode()
    digest = hashlib.sha256(seed).hexdigest().upper()
    other = hashlib.sha256(seed + b"/md5").hexdigest().upper()
    hashes = f"MD5={other[:32]},SHA256={digest},IMPHASH={other[32:]}"
    return Program(image, company, product, description, original, version, signature, hashes)
