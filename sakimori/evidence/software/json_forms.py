"""Reads JSON documents that name packages: lock files, lists of programs, bills of materials."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.json_records import BOM
from sakimori.evidence.reader import Source
from sakimori.evidence.software.package import Package
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_BYTES = 128 << 20

# What the document calls the package, as it is looked for in the text; its entry; what it says.
Entry = tuple[str, Any, Package]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One format. `log` may depend on the document; `claims` sees the head."""

    claims: Callable[[bytes], bool]
    log: Callable[[Any], str]
    entries: Callable[[Any, str], Iterable[Entry]]


def has(*patterns: str) -> Callable[[bytes], bool]:
    """For heads in which all of these patterns are found."""
    compiled = [re.compile(pattern.encode()) for pattern in patterns]
    return lambda head: all(pattern.search(head) for pattern in compiled)


class SoftwareJson:
    """Packages and programs in JSON: npm's package-lock.json, npm-shrinkwrap.json, package.json and
    node_modules/.package-lock.json, Pipfile.lock, composer.lock, NuGet's packages.lock.json,
    `pip list --format json`, CycloneDX, SPDX, Syft and Trivy (`--list-all-pkgs`),
    `brew info --json=v2 --installed`, `system_profiler -json SPApplicationsDataType`, `winget export`.

    Watch: package.json names ranges, not what was installed: hand over the lock file and node_modules too.
    """

    name = "software_json"
    version = 1
    lines = False

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = forms

    def claims(self, head: bytes) -> bool:
        """A head with the keys of one of the formats."""
        return self._form(head) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """A record a package, numbered in order, at the place of its name."""
        return batches(self._found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The package's own entry in the document."""
        found = (one for one in self._found(source) if isinstance(one, Found) and one.record == number)
        return next((one.raw.decode("utf-8", "replace") for one in found), None)

    def _form(self, head: bytes) -> Form | None:
        text = head.removeprefix(BOM).lstrip()
        if not text.startswith((b"{", b"[")):
            return None
        return next((form for form in self._forms if form.claims(text)), None)

    def _found(self, source: Source) -> Iterator[Found | Unread]:
        form = self._form(source.head)
        try:
            data = in_memory(source, MOST_BYTES)
            document = orjson.loads(data.removeprefix(BOM))
        except TooLarge as problem:
            yield Unread(1, 0, str(problem))
            return
        except orjson.JSONDecodeError as problem:
            yield Unread(1, 0, f"not JSON: {problem.msg}")
            return
        if form is None or not isinstance(document, dict | list):
            yield Unread(1, 0, "the format is not known")
            return
        at, log = 0, form.log(document)
        for number, (name, entry, package) in enumerate(form.entries(document, source.path), 1):
            # The next place where the name stands; where entries come in another order, the last one.
            at = max(at, data.find(orjson.dumps(name), at))
            raw = orjson.dumps({name: entry}, default=str)
            yield Found(log, number, at, package.row(source.path), raw)
