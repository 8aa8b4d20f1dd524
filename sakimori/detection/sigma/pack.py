"""Folders of Sigma YAML become a pack of rules, kept compiled by content: the second start is quick."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from sakimori.detection.sigma.correlation import Correlation, kept
from sakimori.detection.sigma.correlation.resolve import resolve
from sakimori.detection.sigma.placeholders import NOTHING, Lists
from sakimori.detection.sigma.rule import Rule, from_json, to_json
from sakimori.errors import RuleError, UsageError
from sakimori.records.manifest import Refused

_FORMAT = 6  # raise when the compiled form changes
_ID = re.compile(rb"\bid[\"']?\s*:\s*[\"']?([^\s\"'#,}]+)")


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules sorted by id, what was refused and why, and a fingerprint of everything that was read.

    `correlations` stand behind those they listen to. `quiet` are rules that only serve correlations.
    """

    rules: tuple[Rule, ...]
    refused: tuple[Refused, ...]
    fingerprint: str
    correlations: tuple[Correlation, ...] = ()
    quiet: frozenset[str] = frozenset()


def own_rules() -> Path:
    """The folder of Sakimori's own rules: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def load_pack(
    folders: Sequence[Path],
    cache: Path | None = None,
    *,
    absence: bool = False,
    placeholders: Lists = NOTHING,
) -> Pack:
    """All rules below the folders. Files are data: nothing in them is executed, links are not followed.

    `absence` lets correlations speak of what did not happen (SEP 198). `placeholders` are the values of
    `%names%` by name. Raises UsageError where a folder does not exist. `*.cases.yml` are our own test cases,
    not rules.
    """
    files = [entry for folder in folders for entry in _files(folder)]
    fingerprint = _fingerprint(files, absence, placeholders)
    compiled = cache / f"pack-{fingerprint}.json" if cache else None
    if compiled and compiled.exists():
        return _read(compiled.read_bytes(), fingerprint)
    pack = _built(files, fingerprint, absence, placeholders)
    if compiled:
        _write(compiled, pack)
    return pack


def pack_of(
    documents: Iterable[Mapping[str, Any]], *, absence: bool = False, placeholders: Lists = NOTHING
) -> Pack:
    """A pack of rules given as parsed YAML documents."""
    given = list(documents)
    fingerprint = hashlib.sha256(repr((given, placeholders)).encode()).hexdigest()[:16]
    return _sorted_out((("", document) for document in given), (), fingerprint, (absence, placeholders))


def documents(folders: Sequence[Path]) -> Iterator[Any]:
    """Every YAML document below the folders that can be read, as it stands."""
    for _, document in documents_of_files(folders):
        yield document


def documents_of_files(folders: Sequence[Path], ids: Set[str] | None = None) -> Iterator[tuple[Path, Any]]:
    """The documents, each with its file; with `ids`, files that hold none of these rules are passed by."""
    for folder in folders:
        for file in _files(folder):
            if ids is not None and not _may_hold(file.text, ids):
                continue
            try:
                yield from ((folder / file.name, document) for document in _documents(file.text))
            except RuleError:  # `load_pack` tells of it
                continue


def _may_hold(text: bytes, ids: Set[str]) -> bool:
    # Parsing YAML takes a hundred times as long as looking for an id; where none is seen, it is parsed.
    found = _ID.findall(text)
    return not found or not ids.isdisjoint(one.decode("utf-8", "replace") for one in found)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    text: bytes


def _files(folder: Path) -> Iterator[_File]:
    if not folder.is_dir():
        raise UsageError(f"--rules {folder}: there is no such folder")
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(root) / name
            if name.endswith((".yml", ".yaml")) and not name.endswith(".cases.yml") and not file.is_symlink():
                yield _File(file.relative_to(folder).as_posix(), file.read_bytes())


def _fingerprint(files: Sequence[_File], absence: bool, placeholders: Lists) -> str:
    from importlib.metadata import version

    digest = hashlib.sha256(f"{_FORMAT} {version('pysigma')} {absence}".encode())
    digest.update(repr(sorted(placeholders.items())).encode())
    for file in files:
        digest.update(f"{file.name}\0{len(file.text)}\0".encode() + file.text)
    return digest.hexdigest()[:16]


def _built(files: Sequence[_File], fingerprint: str, absence: bool, placeholders: Lists) -> Pack:
    documents: list[tuple[str, Any]] = []
    broken: list[Refused] = []
    for file in files:
        try:
            documents += [(file.name, document) for document in _documents(file.text)]
        except RuleError as error:
            broken.append(Refused(name=file.name, title=file.name, reason=str(error)))
    return _sorted_out(documents, broken, fingerprint, (absence, placeholders))


def _documents(text: bytes) -> list[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return [document for document in yaml.load_all(text, loader) if document is not None]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RuleError(f"not valid YAML: {' '.join(str(error).split())}") from error


def _sorted_out(
    documents: Iterable[tuple[str, Any]],
    broken: Sequence[Refused],
    fingerprint: str,
    given: tuple[bool, Lists],
) -> Pack:
    from sakimori.detection.sigma.sorting import Sorting

    sorting = Sorting(*given)
    for file, document in documents:
        sorting.take(file, document)
    resolved = resolve(sorting.correlations, sorting.names)
    refused = (*broken, *sorting.refused, *resolved.refused)
    rules = (replace(rule, asked=resolved.asked.get(rule.id, ())) for rule in sorting.filtered())
    return Pack(
        tuple(sorted(rules, key=lambda rule: rule.id)),
        tuple(sorted(refused, key=lambda one: (one.name, one.title))),
        fingerprint,
        resolved.correlations,
        resolved.quiet,
    )


def _read(data: bytes, fingerprint: str) -> Pack:
    plain = orjson.loads(data)
    return Pack(
        tuple(map(from_json, plain["rules"])),
        tuple(Refused(**r) for r in plain["refused"]),
        fingerprint,
        tuple(map(kept.from_json, plain["correlations"])),
        frozenset(plain["quiet"]),
    )


def _write(file: Path, pack: Pack) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    refused = [{"name": r.name, "title": r.title, "reason": r.reason} for r in pack.refused]
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        plain = {
            "rules": [to_json(r) for r in pack.rules],
            "refused": refused,
            "correlations": [kept.to_json(c) for c in pack.correlations],
            "quiet": sorted(pack.quiet),
        }
        part.write(orjson.dumps(plain))
    Path(part.name).replace(file)
