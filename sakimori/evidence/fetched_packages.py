"""Packages that the output of a package manager says it fetched or installed.

Only lines that name a package with its version count. What they look like:
npm with `--loglevel http`: `npm http fetch GET 200 https://packages.example.org/@scope/a/-/a-1.2.3.tgz 12ms`
(https://docs.npmjs.com/cli/using-npm/logging); Yarn: `YN0013: a@npm:1.2.3 can't be found in the cache`
(https://yarnpkg.com/advanced/error-codes); pip: `Downloading a-1.2.3-py3-none-any.whl (62 kB)` and
`Successfully installed a-1.2.3 b-4.5` (https://pip.pypa.io/en/stable/user_guide/, and for names of wheels
https://packaging.python.org/specifications/binary-distribution-format/); Go: `go: downloading example.com/m
v1.2.3` (https://go.dev/ref/mod); Cargo: `Downloaded a v1.2.3` (https://doc.rust-lang.org/cargo/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sakimori.evidence.software.package import Package

_LONGEST = 214  # characters of a name or version: npm allows no more, and no line may cost more
_VERSION = rf"\d[\w.+!-]{{0,{_LONGEST}}}"
_NPM_NAME = rf"(?:@[\w.-]{{1,{_LONGEST}}}(?:/|%2[fF]))?[\w.-]{{1,{_LONGEST}}}"
_TARBALL = re.compile(
    rf"https?://[^\s\"']{{1,300}}?/(?P<name>{_NPM_NAME})/-/(?:@[\w.-]{{1,{_LONGEST}}}/)?"
    rf"[\w.-]{{0,{_LONGEST}}}?-(?P<version>{_VERSION})\.tgz"
)
_YARN = re.compile(
    rf"(?P<name>(?:@[\w.-]{{1,{_LONGEST}}}/)?[\w.-]{{1,{_LONGEST}}})@npm:(?P<version>{_VERSION})"
)
_PIP = re.compile(r"\s*(?:Downloading|Using cached) (?P<file>\S{1,1000})")
_NAMED = re.compile(rf"(?P<name>[A-Za-z0-9][\w.-]{{0,{_LONGEST}}})-(?P<version>\d[\w.+!]{{0,{_LONGEST}}})$")
_GO = re.compile(
    rf"go: downloading (?P<name>[\w./~-]{{1,{_LONGEST}}}) (?P<version>v\d[\w.+-]{{0,{_LONGEST}}})"
)
_CARGO = re.compile(rf"\s*Downloaded (?P<name>[\w-]{{1,{_LONGEST}}}) v(?P<version>{_VERSION})")


def packages(line: str) -> Iterator[Package]:
    """The packages a line names, each with what was done with it."""
    for word, read in _LINES:
        if word in line:
            yield from read(line)


def _npm(line: str) -> Iterator[Package]:
    for found in _TARBALL.finditer(line):
        name = found["name"].replace("%2f", "/").replace("%2F", "/")
        yield Package(
            ecosystem="npm", name=name, version=found["version"], state="fetched", resolved=found[0]
        )


def _yarn(line: str) -> Iterator[Package]:
    for found in _YARN.finditer(line):
        yield Package(ecosystem="npm", name=found["name"], version=found["version"], state="fetched")


def _pip(line: str) -> Iterator[Package]:
    found = _PIP.match(line)
    named = _of_file(found["file"].rpartition("/")[2]) if found else None
    if named:
        yield Package(ecosystem="pypi", name=named[0], version=named[1], state="fetched")


def _of_file(file: str) -> tuple[str, str] | None:
    """Name and version in the name of a wheel or of a source archive."""
    if file.endswith(".whl"):
        parts = file.removesuffix(".whl").split("-")
        return (parts[0], parts[1]) if len(parts) in (5, 6) else None
    whole = file.removesuffix(".tar.gz").removesuffix(".zip")
    found = _NAMED.match(whole) if whole != file else None
    return (found["name"], found["version"]) if found else None


def _pip_installed(line: str) -> Iterator[Package]:
    for word in line.partition("Successfully installed ")[2].split():
        if len(word) <= 2 * _LONGEST and (found := _NAMED.match(word)):
            yield Package(ecosystem="pypi", name=found["name"], version=found["version"], state="installed")


def _go(line: str) -> Iterator[Package]:
    if found := _GO.search(line):
        yield Package(ecosystem="go", name=found["name"], version=found["version"], state="fetched")


def _cargo(line: str) -> Iterator[Package]:
    if found := _CARGO.match(line):
        yield Package(ecosystem="cargo", name=found["name"], version=found["version"], state="fetched")


# A word that a line must hold before it is looked at closely: most lines hold none.
_LINES: tuple[tuple[str, Callable[[str], Iterator[Package]]], ...] = (
    (".tgz", _npm),
    ("YN0013", _yarn),
    ("YN0085", _yarn),
    ("Downloading ", _pip),
    ("Using cached ", _pip),
    ("Successfully installed ", _pip_installed),
    ("go: downloading ", _go),
    ("Downloaded ", _cargo),
)
