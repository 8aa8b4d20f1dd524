"""One package as a file names it, and its package URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from sakimori.evidence.collected import account_of, host_of, original_path

# Types that name and version make whole; a deb or rpm also needs its distribution.
# https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst
_TYPES = {
    "npm": "npm", "pypi": "pypi", "cargo": "cargo", "go": "golang", "composer": "composer", "gem": "gem",
    "nuget": "nuget",
}  # fmt: skip
_ECOSYSTEMS = {**{type_: name for name, type_ in _TYPES.items()}, "deb": "deb", "rpm": "rpm", "apk": "apk"}
_LOWER = frozenset({"pypi", "golang", "composer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package and what is said of it; `state` is installed, locked, fetched, listed or removed.

    `wanted` is a range where the file names no version.
    """

    ecosystem: str | None
    name: str
    version: str | None = None
    state: str
    hashes: str | None = None
    publisher: str | None = None
    path: str | None = None
    resolved: str | None = None
    purl: str | None = None
    time: str | None = None
    account: str | None = None
    container: str | None = None
    wanted: str | None = None

    def row(self, member: str) -> Mapping[str, Any]:
        """The fields as a record; `member` is the path of the file that names it."""
        return {
            "host": host_of(member),
            "account": self.account or account_of(member),
            "container": self.container or member,
            "ecosystem": self.ecosystem,
            "name": self.name,
            "version": self.version,
            "publisher": self.publisher,
            "path": self.path or original_path(member),
            "resolved": self.resolved,
            "wanted": self.wanted,
            "purl": self.purl or purl(self.ecosystem, self.name, self.version),
            "hashes": self.hashes,
            "state": self.state,
            "time": self.time,
        }


def purl(ecosystem: str | None, name: str, version: str | None) -> str | None:
    """The package URL: `pkg:npm/%40scope/name@1.0.0`; None where name and version alone do not make one.

    https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst
    """
    type_ = _TYPES.get(ecosystem or "")
    if type_ is None or not name:
        return None
    plain = name.lower() if type_ in _LOWER else name
    plain = re.sub(r"[-_.]+", "-", plain) if type_ == "pypi" else plain
    path = "/".join(_encoded(part) for part in plain.split("/") if part)
    return f"pkg:{type_}/{path}" + (f"@{_encoded(version)}" if version else "")


def _encoded(text: str) -> str:
    return quote(text, safe=".-_~:")


def of_purl(text: str) -> tuple[str, str, str | None] | None:
    """Ecosystem, name and version of a package URL; None where it is none we know."""
    found = re.match(r"pkg:/*([a-zA-Z0-9.+-]+)/([^?#]+)", text)
    if found is None:
        return None
    path, at, version = found[2].rpartition("@") if "@" in found[2].lstrip("@") else (found[2], "", "")
    parts = [unquote(part) for part in path.split("/") if part]
    ecosystem = _ECOSYSTEMS.get(found[1].lower(), found[1].lower())
    whole = ecosystem in ("deb", "rpm", "apk")
    name = parts[-1] if whole and parts else "/".join(parts)
    return (ecosystem, name, unquote(version) if at else None) if name else None


def text(value: Any) -> str | None:
    """A text or number as text; None for what is neither, or empty."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def entries(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """Names and objects of an object of objects; none where it is something else."""
    pairs = value.items() if isinstance(value, dict) else ()
    return [(name, one) for name, one in pairs if isinstance(one, dict)]
