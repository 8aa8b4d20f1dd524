"""YARA files of some folders as one set of compiled rules, and the files that cannot be used, by name.

https://virustotal.github.io/yara-x/docs/api/python/
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import orjson
import yara_x

from sakimori.detection.sigma.pack import own_rules
from sakimori.detection.yara.rule import YaraRule, rule_of
from sakimori.errors import UsageError
from sakimori.records.manifest import Refused

_FORMAT = 1
_ENDINGS = (".yar", ".yara", ".rule")
# What THOR and Loki give their rules; many public ones ask for them.
EXTERNALS = ("filename", "filepath", "extension", "filetype", "owner")


@dataclass(frozen=True, slots=True)
class YaraPack:
    """Rules that can be run, where they lie compiled, and files that were refused.

    `compiled` is None where there is no rule. The fingerprint changes with every byte of the files.
    """

    rules: tuple[YaraRule, ...]
    refused: tuple[Refused, ...]
    fingerprint: str
    compiled: Path | None


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    text: str


def own_yara() -> Path:
    """The folder of Sakimori's own YARA rules."""
    return own_rules() / "yara"


def load_yara(folders: Sequence[Path], keep: Path) -> YaraPack:
    """All rules below the folders; compiled ones are kept in `keep` and used again while no file changes.

    A file that does not compile is refused as a whole, by name; so is one that would include another, since
    that could be any file of this machine. Links are not followed. Raises UsageError for a missing folder.
    """
    files = [file for folder in folders for file in _files(folder)]
    fingerprint = _fingerprint(files)
    compiled, told = keep / f"yara-{fingerprint}.bin", keep / f"yara-{fingerprint}.json"
    if compiled.is_file() and told.is_file():
        return _read(told.read_bytes(), fingerprint, compiled)
    rules, refused = _built(files)
    keep.mkdir(parents=True, exist_ok=True, mode=0o700)
    _written(compiled, _serialised(rules))
    found = tuple(rule_of(r.identifier, r.namespace, r.tags, r.metadata) for r in rules)
    plain = {"rules": [asdict(rule) for rule in found], "refused": [asdict(one) for one in refused]}
    _written(told, orjson.dumps(plain))
    return YaraPack(found, tuple(refused), fingerprint, compiled if found else None)


def _files(folder: Path) -> Iterator[_File]:
    if not folder.is_dir():
        raise UsageError(f"--yara {folder}: there is no such folder")
    label = "sakimori" if folder == own_yara() else folder.name
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(root) / name
            if name.lower().endswith(_ENDINGS) and not file.is_symlink():
                text = file.read_bytes().decode("utf-8", "replace")
                yield _File(f"{label}/{file.relative_to(folder).as_posix()}", text)


def _fingerprint(files: Sequence[_File]) -> str:
    from importlib.metadata import version

    digest = hashlib.sha256(f"{_FORMAT} {version('yara-x')}".encode())
    for file in files:
        digest.update(f"{file.name}\0{len(file.text)}\0{file.text}".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def _built(files: Sequence[_File]) -> tuple[yara_x.Rules, list[Refused]]:
    """The rules of all files that compile; a second time without the others, so that no half of one stays."""
    compiler, refused = _compiler(), list[Refused]()
    for file in files:
        if why := _problem(compiler, file):
            refused.append(Refused(name=file.name, title=file.name, reason=why))
    if refused:
        broken, compiler = {one.name for one in refused}, _compiler()
        for file in files:
            if file.name not in broken:
                _problem(compiler, file)
    return compiler.build(), refused


def _compiler() -> yara_x.Compiler:
    compiler = yara_x.Compiler(relaxed_re_syntax=True)
    compiler.enable_includes(False)
    for name in EXTERNALS:
        compiler.define_global(name, "")
    return compiler


def _problem(compiler: yara_x.Compiler, file: _File) -> str | None:
    compiler.new_namespace(file.name)
    try:
        compiler.add_source(file.text, origin=file.name)
    except yara_x.CompileError as problem:
        return f"It is no set of YARA rules that can be used: {' '.join(str(problem).split())[:400]}"
    return None


def _serialised(rules: yara_x.Rules) -> bytes:
    stream = BytesIO()
    rules.serialize_into(stream)
    return stream.getvalue()


def _written(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: several workers may make the same one."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        part.write(data)
    Path(part.name).replace(file)


def _read(data: bytes, fingerprint: str, compiled: Path) -> YaraPack:
    plain = orjson.loads(data)
    rules = tuple(YaraRule(**{**r, "techniques": tuple(r["techniques"])}) for r in plain["rules"])
    refused = tuple(Refused(**one) for one in plain["refused"])
    return YaraPack(rules, refused, fingerprint, compiled if rules else None)
