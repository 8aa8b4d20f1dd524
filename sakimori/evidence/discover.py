"""Which files of the evidence are looked at, and which are left alone and why."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sakimori.errors import UsageError
from sakimori.records.manifest import Refused

NOT_EVIDENCE = "not evidence"
# What desktops leave beside files when they copy or pack a folder.
_DESKTOP_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_KINDS = (
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file of the evidence: where it stands, its name inside the evidence, its size, its site.

    `site` is empty where one root was given, else the root's name: private addresses of two roots are
    addresses of two networks.
    """

    file: Path
    path: str
    bytes: int
    site: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to read, sorted by path, and what was refused."""

    files: tuple[EvidenceFile, ...]
    refused: tuple[Refused, ...]


def discover(roots: Sequence[Path]) -> Discovery:
    """All regular files under the roots, in order of their path inside the evidence.

    A root may be a file or a folder. Links are never followed, except that a root itself may be one: it was
    named by a person. Raises UsageError where a root is missing or nothing at all is found.
    """
    found: list[EvidenceFile | Refused] = []
    for root, name in zip(roots, _names(roots), strict=True):
        found += _under(_existing(root), name if len(roots) > 1 else "")
    files = sorted((f for f in found if isinstance(f, EvidenceFile)), key=lambda f: f.path)
    refused = sorted((f for f in found if isinstance(f, Refused)), key=lambda r: r.name)
    if not found:
        raise UsageError(f"There is no file in {_listed(roots)}; name a folder or file that holds logs.")
    return Discovery(tuple(files), tuple(refused))


def is_evidence(path: str) -> bool:
    """False for what desktops leave behind: `__MACOSX/`, `._name`, `.DS_Store`, `Thumbs.db`."""
    *folders, name = path.replace("!", "/").split("/")
    return "__MACOSX" not in folders and not name.startswith("._") and name.lower() not in _DESKTOP_FILES


def desktop_file(path: str) -> Refused:
    """The entry of a file that is no evidence."""
    return Refused(name=path, title=NOT_EVIDENCE, reason="It was left by a desktop, not written as a log.")


def _existing(root: Path) -> Path:
    try:
        return root.resolve(strict=True)
    except FileNotFoundError:
        raise UsageError(f"{root} does not exist; name a folder or file that holds logs.") from None
    except OSError as problem:
        raise UsageError(f"{root} cannot be opened: {_why(problem)}.") from None


def _under(root: Path, site: str) -> Iterator[EvidenceFile | Refused]:
    if root.is_dir():
        yield from _folder(root, f"{site}/" if site else "", site)
    else:
        yield _entry(root, site or _shown(root.name), site)


def _folder(folder: Path, prefix: str, site: str) -> Iterator[EvidenceFile | Refused]:
    # A stack instead of recursion: a hostile tree may be deeper than Python's.
    waiting = [(folder, prefix)]
    while waiting:
        here, before = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as problem:
            yield _refused(before.rstrip("/") or _shown(here.name), "folder", _why(problem))
            continue
        for entry in entries:
            path = before + _shown(entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), path + "/"))
            else:
                yield _entry(Path(entry.path), path, site)


def _entry(file: Path, path: str, site: str) -> EvidenceFile | Refused:
    if not is_evidence(path):
        return desktop_file(path)
    try:
        status = file.lstat()
    except OSError as problem:
        return _refused(path, "file", _why(problem))
    if stat.S_ISLNK(status.st_mode):
        return _refused(path, "link", "links are never followed; name the file it points to instead")
    for is_kind, kind in _KINDS:
        if is_kind(status.st_mode):
            return _refused(path, "file", f"it is {kind}, not a file")
    if not os.access(file, os.R_OK):
        return _refused(path, "file", "permission denied")
    return EvidenceFile(file, path, status.st_size, site)


def _refused(path: str, title: str, reason: str) -> Refused:
    return Refused(name=path, title=title, reason=f"It was not read: {reason}.")


def _why(problem: OSError) -> str:
    return (problem.strerror or type(problem).__name__).lower()


def _shown(name: str) -> str:
    # Bytes that are no UTF-8 stay visible as \xNN, so that every name can be written to JSON.
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _names(roots: Sequence[Path]) -> Iterator[str]:
    """A name for each root, made unique by a number where two are called the same."""
    taken: set[str] = set()
    for root in roots:
        base = _shown(root.name or root.resolve().name or "root")
        name = next(n for n in _numbered(base) if n not in taken)
        taken.add(name)
        yield name


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def _listed(paths: Iterable[Path]) -> str:
    return ", ".join(str(path) for path in paths)
