"""Indicators on disk: JSON lines or Parquet, with a dated manifest beside that holds the file's SHA-256."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from sakimori.detection.indicators.importing import Import
from sakimori.detection.indicators.indicator import CONFIDENCES, TYPES, Indicator, day
from sakimori.detection.indicators.normalising import value_of
from sakimori.detection.indicators.warning import warned
from sakimori.errors import UsageError

OWN_FILE = "indicators.jsonl"
_ROWS = 65536
TEXTS = ("type", "value", "first_seen", "last_seen", "expires", "licence", "confidence", "said_by", "origin")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        ("sources", pa.list_(pa.struct([("name", pa.string()), ("url", pa.string())]))),
        ("tags", pa.list_(pa.string())),
    ]
)
_LINE = msgspec.json.Decoder(Indicator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a file says of itself: when it was made and whether it is still as it was then.

    `dated` is empty where it has no manifest; `whole` is None there.
    """

    path: Path
    dated: str
    whole: bool | None
    sha256: str
    count: int = 0


def manifest_of(file: Path) -> Path:
    """Where the manifest of a file of indicators stands."""
    return file.with_name(f"{file.name}.manifest.json")


def write(file: Path, indicators: Sequence[Indicator], imports: Iterable[Import], when: str) -> None:
    """Write the file and its manifest; what an earlier manifest says of imports is kept."""
    earlier = _manifest(file).get("imports", [])
    part = file.with_name(f".{file.name}.part")
    if file.suffix == ".parquet":
        _write_parquet(part, indicators)
    else:
        with part.open("wb") as out:
            out.writelines(msgspec.json.encode(one) + b"\n" for one in indicators)
    digest = _sha256(part)
    part.replace(file)
    new = [
        {"file": i.name, "sha256": i.sha256, "when": i.when, "by": i.by, "format": i.format, "taken": i.taken,
         "refused": len(i.refused)} for i in imports
    ]  # fmt: skip
    said = {
        "dated": when, "sha256": digest, "indicators": len(indicators),
        "licences": dict(sorted(Counter(one.licence or "not stated" for one in indicators).items())),
        "imports": [*(earlier if isinstance(earlier, list) else []), *new],
    }  # fmt: skip
    manifest_of(file).write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")


def _write_parquet(file: Path, indicators: Iterable[Indicator]) -> None:
    with pq.ParquetWriter(file, SCHEMA, compression="zstd") as out:
        for rows in _parcels(indicators):
            out.write_table(pa.Table.from_pylist([msgspec.to_builtins(one) for one in rows], SCHEMA))


def _parcels(indicators: Iterable[Indicator]) -> Iterator[list[Indicator]]:
    rows: list[Indicator] = []
    for one in indicators:
        rows.append(one)
        if len(rows) == _ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


def read(file: Path, bad: list[int] | None = None) -> Iterator[Indicator]:
    """The indicators of a file; the numbers of lines that hold none go into `bad`.

    Raises UsageError where the file cannot be read at all.
    """
    try:
        if file.suffix == ".parquet":
            yield from _from_parquet(file, bad)
            return
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                one = _decoded(line)
                if one is not None:
                    yield one
                elif bad is not None and line.strip():
                    bad.append(number)
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read as indicators ({error}). Make it with sakimori intel import."
        ) from error


def _decoded(line: bytes) -> Indicator | None:
    try:
        one = _LINE.decode(line)
    except (msgspec.DecodeError, ValueError):
        return None
    return one if sound(one) else None


def sound(one: Indicator) -> bool:
    """Whether it is written as `value_of` writes it and may be looked for; files are made by hand too."""
    try:
        known = one.type in TYPES and one.confidence in CONFIDENCES
        dates = all(day(text) == text for text in (one.first_seen, one.last_seen, one.expires))
        return known and dates and value_of(one.type, one.value) == one.value and not warned(one)
    except ValueError:
        return False


def _from_parquet(file: Path, bad: list[int] | None) -> Iterator[Indicator]:
    number = 0
    for batch in _parquet(file).iter_batches(_ROWS, columns=SCHEMA.names):
        for row in batch.to_pylist():
            number += 1
            one = of_row(row)
            if one is not None:
                yield one
            elif bad is not None:
                bad.append(number)


def of_row(row: Mapping[str, Any]) -> Indicator | None:
    """The indicator of a row of a Parquet file; None where it is not sound."""
    try:
        one = msgspec.convert({name: value for name, value in row.items() if value is not None}, Indicator)
    except msgspec.ValidationError:
        return None
    return one if sound(one) else None


def _parquet(file: Path) -> pq.ParquetFile:
    try:
        found = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{file}: no Parquet file ({error}).") from error
    if not set(SCHEMA.names) <= set(found.schema_arrow.names):
        raise UsageError(
            f"{file}: its columns are not those of indicators. Make it with sakimori intel import."
        )
    return found


def laid(files: Sequence[Path], folder: Path) -> tuple[list[Path], int]:
    """The same as Parquet files in `folder`, where the engine may read; and how many lines held nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    bad: list[int] = []
    made = []
    for number, file in enumerate(files):
        made.append(folder / f"{number}.parquet")
        if file.suffix == ".parquet":
            _parquet(file)
            _copy(file, made[-1])
        else:
            _write_parquet(made[-1], read(file, bad))
    return made, len(bad)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as data, target.open("wb") as out:
        while part := data.read(1 << 22):
            out.write(part)


def bundle(file: Path) -> Bundle:
    """What is known of the file: dated or not, as it was made or changed since."""
    said, digest = _manifest(file), _sha256(file)
    return Bundle(
        path=file,
        dated=str(said.get("dated", "")),
        whole=said["sha256"] == digest if "sha256" in said else None,
        sha256=digest,
        count=said["indicators"] if isinstance(said.get("indicators"), int) else 0,
    )


def _manifest(file: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(manifest_of(file).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error}).") from error
