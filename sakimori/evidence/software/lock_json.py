"""Lock files and package lists in JSON.

https://docs.npmjs.com/cli/configuring-npm/package-lock-json https://getcomposer.org/doc/01-basic-usage.md
https://pipenv.pypa.io/en/latest/pipfile.html https://pip.pypa.io/en/stable/cli/pip_list/
https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
https://docs.brew.sh/Manpage https://learn.microsoft.com/windows/package-manager/winget/export
https://keith.github.io/xcode-man-pages/system_profiler.8.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from sakimori.evidence.software.json_forms import Entry, Form, has
from sakimori.evidence.software.package import Package, entries, objects, text

_WANTED = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_MODULE = re.compile(r"(?:^|/)node_modules/")
_EXACT = re.compile(r"[=v]?(\d+\.\d+\.\d+[\w.+-]*)")
_PIP = re.compile(
    rb'\[\s*\{\s*"name":\s*"[^"]*",\s*"version":\s*"[^"]*"\s*'
    rb'(?:,\s*"(?:latest_version|latest_filetype|editable_project_location|location|installer)":\s*"[^"]*"\s*)*\}'
)


def _npm(document: Any, path: str) -> Iterator[Entry]:
    modules = entries(document.get("packages"))
    state = "installed" if _hidden(document) else "locked"
    for key, entry in modules:
        name = text(entry.get("name")) or _MODULE.split(key)[-1]
        if _MODULE.search(key) and not entry.get("link"):
            yield key, entry, _module(name, entry, state, key)
    if not modules:
        yield from _npm_old(document)


def _npm_old(document: Any) -> Iterator[Entry]:
    """The first version of the format nests what a package brought along."""
    waiting = entries(document.get("dependencies"))[::-1]
    while waiting:
        name, entry = waiting.pop()
        waiting += entries(entry.get("dependencies"))[::-1]
        alone = {key: value for key, value in entry.items() if key != "dependencies"}
        yield name, alone, _module(name, entry, "locked", None)


def _module(name: str, entry: dict[str, Any], state: str, path: str | None) -> Package:
    return Package(
        ecosystem="npm",
        name=name,
        version=text(entry.get("version")),
        state=state,
        hashes=text(entry.get("integrity")),
        resolved=text(entry.get("resolved")),
        path=path,
    )


def _hidden(document: Any) -> bool:
    """Whether it is the lock file npm keeps inside node_modules: without an entry of the project itself."""
    packages = document.get("packages")
    return isinstance(packages, dict) and bool(packages) and "" not in packages


def _manifest(document: Any, path: str) -> Iterator[Entry]:
    """A package.json: the package itself where it lies in node_modules, else what it wants."""
    name = text(document.get("name"))
    if _MODULE.search(path) and name:
        package = Package(
            ecosystem="npm", name=name, version=text(document.get("version")), state="installed"
        )
        yield name, {"name": name, "version": document.get("version")}, package
        return
    for group in _WANTED:
        wanted = document.get(group)
        for wants, version in wanted.items() if isinstance(wanted, dict) else ():
            said = text(version) or ""
            exact = _EXACT.fullmatch(said)
            yield (
                wants,
                version,
                Package(ecosystem="npm", name=wants, version=exact and exact[1], wanted=said, state="listed"),
            )


def _is_manifest(head: bytes) -> bool:
    try:
        document = orjson.loads(head)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(document, dict) or "lockfileVersion" in document:
        return False
    groups = [document[key] for key in _WANTED if isinstance(document.get(key), dict)]
    plain = all(isinstance(v, str) for group in groups for v in group.values())
    module = {"name", "version"} <= document.keys() and ("_resolved" in document or "main" in document)
    return plain and ((bool(groups) and not {"_meta", "packages"} & document.keys()) or module)


def _pipfile(document: Any, path: str) -> Iterator[Entry]:
    for group, packages in entries(document):
        for name, entry in entries(packages) if group != "_meta" else ():
            version = (text(entry.get("version")) or "").removeprefix("==") or None
            hashes = entry.get("hashes")
            joined = " ".join(map(str, hashes)) if isinstance(hashes, list) else None
            yield (
                name,
                entry,
                Package(ecosystem="pypi", name=name, version=version, state="locked", hashes=joined),
            )


def _composer(document: Any, path: str) -> Iterator[Entry]:
    for entry in (*objects(document.get("packages")), *objects(document.get("packages-dev"))):
        name, dist = text(entry.get("name")), entry.get("dist")
        if name:
            hashes = text(dist.get("shasum")) if isinstance(dist, dict) else None
            version = text(entry.get("version"))
            yield (
                name,
                entry,
                Package(ecosystem="composer", name=name, version=version, state="locked", hashes=hashes),
            )


def _nuget(document: Any, path: str) -> Iterator[Entry]:
    for _, packages in entries(document.get("dependencies")):
        for name, entry in entries(packages):
            if entry.get("type") != "Project":
                yield (
                    name,
                    entry,
                    Package(
                        ecosystem="nuget",
                        name=name,
                        version=text(entry.get("resolved")),
                        state="locked",
                        hashes=text(entry.get("contentHash")),
                    ),
                )


def _pip(document: Any, path: str) -> Iterator[Entry]:
    for entry in objects(document):
        if name := text(entry.get("name")):
            version = text(entry.get("version"))
            yield name, entry, Package(ecosystem="pypi", name=name, version=version, state="installed")


def _brew(document: Any, path: str) -> Iterator[Entry]:
    for entry in objects(document.get("formulae")):
        name = text(entry.get("name")) or ""
        for one in objects(entry.get("installed")):
            said = {"version": one.get("version"), "time": one.get("time")}
            yield (
                name,
                said,
                Package(
                    ecosystem="brew",
                    name=name,
                    version=text(one.get("version")),
                    state="installed",
                    time=text(one.get("time")),
                ),
            )
    for entry in objects(document.get("casks")):
        name, version = text(entry.get("token")) or "", text(entry.get("installed"))
        if version:
            yield (
                name,
                {"installed": version},
                Package(
                    ecosystem="macos",
                    name=name,
                    version=version,
                    state="installed",
                    time=text(entry.get("installed_time")),
                ),
            )


def _winget(document: Any, path: str) -> Iterator[Entry]:
    for source in objects(document.get("Sources")):
        for entry in objects(source.get("Packages")):
            name = text(entry.get("PackageIdentifier"))
            if name:
                version = text(entry.get("Version"))
                yield name, entry, Package(ecosystem="windows", name=name, version=version, state="installed")


def _mac(document: Any, path: str) -> Iterator[Entry]:
    """Programs of a Mac; the time is that of the program's folder: installed or updated."""
    for entry in objects(document.get("SPApplicationsDataType")):
        if name := text(entry.get("_name")):
            signed = entry.get("signed_by")
            yield (
                name,
                entry,
                Package(
                    ecosystem="macos",
                    name=name,
                    version=text(entry.get("version")),
                    state="installed",
                    publisher=text(signed[0]) if isinstance(signed, list) and signed else None,
                    path=text(entry.get("path")),
                    time=text(entry.get("lastModified")),
                ),
            )


FORMS = (
    Form(
        claims=has(r'^\{\s*"SPApplicationsDataType"\s*:\s*\['),
        log=lambda _: "software_mac_apps",
        entries=_mac,
    ),
    Form(
        claims=has(r'^\{[^{\[]*"lockfileVersion":\s*[123]\b'),
        log=lambda document: "software_npm_installed" if _hidden(document) else "software_npm_lock",
        entries=_npm,
    ),
    Form(claims=has(r'"pipfile-spec":'), log=lambda _: "software_pipfile_lock", entries=_pipfile),
    Form(
        claims=has(r'"content-hash":\s*"', r'"packages":\s*\['),
        log=lambda _: "software_composer_lock",
        entries=_composer,
    ),
    Form(
        claims=has(r'^\{\s*"version":\s*[12],\s*"dependencies":', r'"contentHash":'),
        log=lambda _: "software_nuget_lock",
        entries=_nuget,
    ),
    Form(claims=lambda head: _PIP.match(head) is not None, log=lambda _: "software_pip_list", entries=_pip),
    Form(
        claims=has(r'^\{\s*"formulae":\s*\['),
        log=lambda _: "software_brew_info",
        entries=_brew,
    ),
    Form(
        claims=has(r"winget-packages\.schema", r'"Sources":'),
        log=lambda _: "software_winget",
        entries=_winget,
    ),
    Form(claims=_is_manifest, log=lambda _: "software_npm_manifest", entries=_manifest),
)
