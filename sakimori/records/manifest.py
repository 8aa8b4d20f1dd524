"""What was read: one entry a file or member, with its hash, its clock and what stayed unread."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A stretch of evidence that could not be read: `file` inside the evidence, where, and why."""

    file: str
    record: int
    offset: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """Who took a file, when (microseconds UTC), from which tenant and how, as the note beside it says.

    `sha256` is the file's hash at that time; `holds` whether the evidence still has it.
    """

    by: str
    when: int | None
    tenant: str
    sha256: str
    source: str = ""
    query: str = ""
    tool: str = ""
    note: str = ""
    holds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One innermost member of the evidence.

    `evidence` is the SHA-256 of its decompressed bytes, `path` the first place it was met
    (`outer.zip!inner.json`). `format` is a reader's name, `not evidence`, or `unknown`. `clock` states
    in words which column the times come from and in which zone.
    `synthetic` says that its records carry Sakimori's synthetic mark. `acquired` is who took it, where that
    was written down; of a member inside a container it is who took the container.
    """

    path: str
    sha256: str
    bytes: int
    format: str
    records: int
    unread: int
    logs: tuple[tuple[str, int], ...] = ()
    first_seen: int | None = None
    last_seen: int | None = None
    clock: str = ""
    synthetic: bool = False
    note: str = ""
    acquired: Acquisition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Something we would not do: a rule, a container, a member; with the reason."""

    name: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """Rules or indicators that a hunt worked with: whose, which version, how old, signed by which key.

    `kind` is rules or indicators. `made` and `expires` are RFC 3339, empty where nobody says; `whole` is None
    where nothing says what they were when made. `stale` is empty, or expired, old, undated, changed. `home`
    is the folder of a bundle.
    """

    kind: str
    name: str
    version: str = ""
    made: str = ""
    expires: str = ""
    licence: str = ""
    count: int = 0
    signed_by: str = ""
    whole: bool | None = None
    age_days: int | None = None
    stale: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything about a hunt that is not a finding. `totals`: files, bytes, records, unread, duplicates.

    `may_be_doubled` are titles of logs that came in several files and whose records carry no identity:
    overlapping exports of them would count an event twice. `resolved` counts inner addresses that findings
    name by whether a machine is known for them, and account names that were joined or are ambiguous.
    `suppressed` counts findings by the suppression that marked them, `suppressions_expired` names those over.
    `in_use` are the rules and indicators it worked with.
    """

    files: tuple[FileEntry, ...]
    unread: tuple[UnreadRow, ...]
    totals: dict[str, int]
    rules_loaded: int
    rules_refused: tuple[Refused, ...]
    may_be_doubled: tuple[str, ...] = ()
    resolved: dict[str, int] = field(default_factory=dict)
    suppressed: dict[str, int] = field(default_factory=dict)
    suppressions_expired: tuple[str, ...] = ()
    in_use: tuple[InUse, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
