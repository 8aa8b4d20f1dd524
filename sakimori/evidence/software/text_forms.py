"""Reads files that name packages line by line or stanza by stanza."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.software.package import Package
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_LINES = 5_000  # of one stanza; a hostile file must not be held whole
LONGEST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One format. `claims` sees the head as text; `starts` says that a line begins a new stanza.

    `packages` gives the packages of a stanza. `time` finds the time of all of them in the head and the path.
    """

    log: str
    claims: Callable[[str], bool]
    starts: Callable[[str], bool]
    packages: Callable[[Sequence[str]], Iterable[Package]]
    time: Callable[[str], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines that belong together, with the place of the first."""

    record: int
    offset: int
    lines: list[str]


class SoftwareText:
    """Packages and programs named in text: yarn.lock, pnpm-lock.yaml, poetry.lock, uv.lock, Cargo.lock,
    Gemfile.lock, go.sum, requirements.txt, npm's cache index and debug logs, dist-info METADATA,
    SPDX tag-value, dpkg status and `dpkg -l`, dpkg.log, apt history.log, `rpm -qa`, `brew list --versions`.

    Watch: a lock file says what would be installed, not that it was: hand over caches, npm logs and dpkg.log
    too; times of dpkg.log and history.log are local: give `--zone`.
    """

    name = "software_text"
    version = 1
    lines = False  # a stanza spans lines

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = forms

    def claims(self, head: bytes) -> bool:
        """A head that one of the formats knows as its own."""
        return self._form(head) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """A record a package, at the place of its line or stanza."""
        return batches(self._found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line or stanza as it stands."""
        form = self._form(source.head)
        if form is None:
            return None
        at = next((s for s in stanzas(source, form) if s.record >= number), None)
        return "\n".join(at.lines) if at and at.record == number else None

    def _form(self, head: bytes) -> Form | None:
        if b"\0" in head[:4096]:
            return None
        shown = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        whole = shown if len(head) < HEAD_BYTES else shown.rpartition("\n")[0]
        whole = whole.replace("\r\n", "\n")
        return next((form for form in self._forms if form.claims(whole)), None)

    def _found(self, source: Source) -> Iterator[Found | Unread]:
        form = self._form(source.head)
        if form is None:
            yield Unread(source.record, source.offset, "the format is not known")
            return
        seen: set[tuple[str | None, ...]] = set()
        said = f"{source.head.decode('utf-8', 'replace')}\n{source.path}"
        time = {"time": form.time(said)} if form.time else {}
        for stanza in stanzas(source, form):
            for package in islice(form.packages(stanza.lines), MOST_LINES):
                # A file may name the same twice: pnpm has packages and their snapshots.
                key = (package.name, package.version, package.state, package.path, package.time)
                if key not in seen:
                    seen.add(key)
                    raw = "\n".join(stanza.lines).encode("utf-8", "replace")
                    row = {**package.row(source.path), **time} if time else package.row(source.path)
                    yield Found(form.log, stanza.record, stanza.offset, row, raw)


def stanzas(source: Source, form: Form) -> Iterator[Stanza]:
    """The stanzas of a text; one longer than MOST_LINES is cut."""
    held: Stanza | None = None
    for number, offset, line in numbered(source):
        text = line[:LONGEST].decode("utf-8", "replace").rstrip("\r\n").removeprefix("\ufeff")
        if held is None or form.starts(text) or len(held.lines) >= MOST_LINES:
            if held is not None:
                yield held
            held = Stanza(number, offset, [])
        held.lines.append(text)
    if held is not None:
        yield held


def every_line(line: str) -> bool:
    """For formats in which each line stands alone."""
    return True


def of_lines(one: Callable[[str], Package | None]) -> Callable[[Sequence[str]], Iterator[Package]]:
    """The packages of a stanza whose lines each name one or none."""

    def packages(lines: Sequence[str]) -> Iterator[Package]:
        for line in lines:
            found = one(line)
            if found is not None:
                yield found

    return packages
