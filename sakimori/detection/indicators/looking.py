"""Indicators against the distinct values of the tables: joins on the engine, needles for patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sakimori.detection.indicators.asking import INDEXED, Asked, places_to_look
from sakimori.detection.indicators.needles import Needles, is_pattern
from sakimori.engine.local import Local
from sakimori.tables.views import literal


@dataclass(frozen=True, slots=True)
class Met:
    """A value of an indicator and what stood in the columns that were asked, as text."""

    asked: Asked
    raw: tuple[str, ...]
    value: str


def counts(engine: Local, files: Sequence[Path]) -> dict[str, int]:
    """How many indicators of each type the files hold."""
    rows = engine.query(
        f"SELECT type, count(*) AS n FROM {relation(files)} GROUP BY type ORDER BY type"
    ).to_pylist()
    return {row["type"]: row["n"] for row in rows}


def relation(files: Sequence[Path]) -> str:
    """The files as SQL."""
    return f"read_parquet([{', '.join(literal(file.as_posix()) for file in files)}])"


def look(engine: Local, files: Sequence[Path], type_: str, beyond: list[str] | None = None) -> list[Met]:
    """Where indicators of a type are met in the tables that some log feeds.

    Patterns that no machine can look for go into `beyond`.
    """
    asked = [one for one in places_to_look(type_) if one.table in engine.fed]
    if not asked:
        return []
    return [*_whole(engine, files, type_, asked), *_patterns(engine, files, type_, asked, beyond)]


def _whole(engine: Local, files: Sequence[Path], type_: str, asked: Sequence[Asked]) -> Iterator[Met]:
    if type_ == "command_line":
        return
    seen = " UNION ALL ".join(
        f"SELECT {number} AS asked, {_letters(one)}, unnest({_keys(engine, files, one)}) AS key"
        f" FROM ({one.distinct})"
        for number, one in enumerate(asked)
    )
    key, where = INDEXED.get(type_, "value"), f"type = {literal(type_)}"
    known = f"SELECT value, {key} AS key FROM {relation(files)} WHERE {where}"
    sql = f"SELECT DISTINCT asked, a, b, c, value FROM ({seen}) JOIN ({known}) USING (key) ORDER BY ALL"
    for batch in engine.reader(sql):
        for row in batch.to_pylist():
            yield _met(asked[row["asked"]], row, row["value"])


def _letters(one: Asked) -> str:
    return ", ".join(
        letter if at < len(one.columns) else f"NULL AS {letter}" for at, letter in enumerate("abc")
    )


def _met(asked: Asked, row: dict[str, Any], value: str) -> Met:
    return Met(asked, tuple(row[letter] for letter in "abc"[: len(asked.columns)]), value)


def _keys(engine: Local, files: Sequence[Path], one: Asked) -> str:
    if one.type != "address":
        return one.keys
    sql = (
        "SELECT DISTINCT try_cast(split_part(value, '/', 2) AS INTEGER) AS wide"
        f" FROM {relation(files)} WHERE type = 'address' AND contains(value, '/') ORDER BY 1"
    )
    wide = [row["wide"] for row in engine.query(sql).to_pylist() if row["wide"] in range(33)]
    return f"flatten(list_transform({one.keys}, lambda k: {_ranges(wide)}))" if wide else one.keys


def _ranges(wide: Sequence[int]) -> str:
    """An IPv4 address and the ranges it lies in, of these lengths; any other text alone."""
    parts = "string_split(k, '.')"
    number = " + ".join(f"try_cast({parts}[{at}] AS BIGINT) * {256 ** (4 - at)}" for at in range(1, 5))
    ranges = ", ".join(f"({_dotted(f'(({number}) - ({number}) % {2 ** (32 - w)})')} || '/{w}')" for w in wide)
    return f"CASE WHEN regexp_full_match(k, '\\d{{1,3}}(\\.\\d{{1,3}}){{3}}') THEN [k, {ranges}] ELSE [k] END"


def _dotted(number: str) -> str:
    return " || '.' || ".join(f"CAST({number} // {256**at} % 256 AS VARCHAR)" for at in (3, 2, 1, 0))


def _patterns(
    engine: Local, files: Sequence[Path], type_: str, asked: Sequence[Asked], beyond: list[str] | None
) -> Iterator[Met]:
    if not is_pattern(type_, "*"):
        return
    some = "true" if type_ == "command_line" else "regexp_matches(value, '[*?]')"
    sql = f"SELECT DISTINCT {_PLAIN.get(type_, 'value')} AS key, value FROM {relation(files)}"
    rows = engine.query(f"{sql} WHERE type = {literal(type_)} AND {some} ORDER BY ALL").to_pylist()
    if not rows:
        return
    values = {row["key"]: row["value"] for row in rows}
    needles = Needles(type_, list(values))
    if beyond is not None:
        beyond += needles.refused
    for one in asked:
        for batch in engine.reader(f"SELECT {_letters(one)}, {one.keys} AS keys FROM ({one.distinct})"):
            for row in batch.to_pylist():
                for found in dict.fromkeys(f for key in row["keys"] or () if key for f in needles.find(key)):
                    yield _met(one, row, values[found])


_PLAIN = {"path": INDEXED["path"]}
