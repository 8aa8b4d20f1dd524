"""JavaScript: yarn.lock, pnpm-lock.yaml, npm's cache index and debug logs.

https://classic.yarnpkg.com/en/docs/yarn-lock https://github.com/pnpm/spec/tree/master/lockfile
https://github.com/npm/cacache (index-v5) https://docs.npmjs.com/cli/using-npm/logging
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

import orjson

from sakimori.evidence.software.package import Package, text
from sakimori.evidence.software.text_forms import Form, every_line, of_lines

_YARN_KEY = re.compile(r'^"?((?:@[^/@\s"]+/)?[^@\s"]+)@')
_YARN_FIELD = re.compile(r'^  (version|resolved|integrity|resolution|checksum):?\s+"?([^"]+)"?\s*$')
_PNPM_KEY = re.compile(
    r"^  ['\"]?/?((?:@[^/@\s'\"]+/)?[^@/\s'\"(]+)[@/]([0-9][^\s'\"(_:]*)[^\s'\"]*['\"]?:(?:\s|$)"
)
_INTEGRITY = re.compile(r"integrity: ([^\s,}]+)")
_TARBALL = re.compile(
    r"https?://[^/\s]+/(?:[^\s]*/)?((?:@|%40)[^/\s]+(?:/|%2[fF]))?([^/\s@]+)/-/([^/\s]+)\.tgz"
)
_CACHE = re.compile(r"^\s*[0-9a-f]{40}\t\{")
_FETCH = re.compile(r"http fetch GET (\d{3}) (\S+)")
_STARTED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d)_(\d\d)_(\d\d)_(\d{3})Z")
_NPM_LOG = re.compile(r"^\d+ (?:silly|verbose|info|http|timing|warn|notice) ", re.M)


def _yarn(lines: Sequence[str]) -> Iterator[Package]:
    key = _YARN_KEY.match(lines[0])
    if key is None or not lines[0].rstrip().endswith(":"):
        return
    told = {found[1]: found[2] for line in lines[1:] if (found := _YARN_FIELD.match(line))}
    resolution = re.match(r"((?:@[^/@]+/)?[^@]+)@", told.get("resolution", ""))
    if "version" in told and not told.get("version", "").startswith("0.0.0-use.local"):
        yield Package(
            ecosystem="npm",
            name=resolution[1] if resolution else key[1],
            version=told["version"],
            state="locked",
            hashes=told.get("integrity") or told.get("checksum"),
            resolved=told.get("resolved") or told.get("resolution"),
        )


def _pnpm(lines: Sequence[str]) -> Iterator[Package]:
    key = _PNPM_KEY.match(lines[0])
    if key is not None:
        integrity = _INTEGRITY.search("\n".join(lines[:20]))
        yield Package(
            ecosystem="npm",
            name=key[1],
            version=key[2],
            state="locked",
            hashes=integrity[1] if integrity else None,
        )


def of_tarball(url: str) -> tuple[str, str] | None:
    """Name and version that a registry's address of a package names; None where it is none."""
    found = _TARBALL.search(url)
    if found is None:
        return None
    base, file = unquote(found[2]), unquote(found[3])
    scope = unquote(found[1] or "")
    return (scope + base, file[len(base) + 1 :]) if file.startswith(f"{base}-") else None


def _cached(line: str) -> Package | None:
    _, _, told = line.partition("\t")
    try:
        entry: Any = orjson.loads(told)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(entry, dict):
        return None
    _, _, url = str(entry.get("key")).partition("request-cache:")
    named = of_tarball(url)
    return named and Package(
        ecosystem="npm",
        name=named[0],
        version=named[1],
        state="fetched",
        hashes=text(entry.get("integrity")),
        resolved=url,
        time=text(entry.get("time")),
    )


def _logged(line: str) -> Package | None:
    fetch = _FETCH.search(line)
    named = of_tarball(fetch[2]) if fetch and fetch[1] in ("200", "304") else None
    if fetch is None or named is None:
        return None
    return Package(ecosystem="npm", name=named[0], version=named[1], state="fetched", resolved=fetch[2])


def _started(said: str) -> str | None:
    """When the run began: its log has that in the name of its own file, which the log also names."""
    found = _STARTED.search(said)
    return f"{found[1]}:{found[2]}:{found[3]}.{found[4]}Z" if found else None


def _unindented(line: str) -> bool:
    return bool(line) and not line[0].isspace() and not line.startswith("#")


FORMS = (
    Form(
        log="software_yarn_lock",
        claims=lambda head: "# yarn lockfile v1" in head[:500] or "\n__metadata:\n  version:" in head[:2000],
        starts=_unindented,
        packages=_yarn,
    ),
    Form(
        log="software_pnpm_lock",
        claims=lambda head: re.match(r"lockfileVersion: ['\"]?\d", head) is not None,
        starts=lambda line: re.match(r"^ ? ?[^\s]", line) is not None,
        packages=_pnpm,
    ),
    Form(
        log="software_npm_cache",
        claims=lambda head: _CACHE.match(head) is not None and '"key":' in head[:4000],
        starts=every_line,
        packages=of_lines(_cached),
    ),
    Form(
        log="software_npm_log",
        claims=lambda head: _NPM_LOG.match(head) is not None and "npm" in head[:2000],
        starts=every_line,
        packages=of_lines(_logged),
        time=_started,
    ),
)
