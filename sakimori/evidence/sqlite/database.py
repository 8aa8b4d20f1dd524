"""SQLite databases: copied aside, opened read-only, asked what their tables can answer.

Format: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from sakimori.evidence.collected import collected
from sakimori.evidence.found import Found, TooLarge, batches, on_disk
from sakimori.evidence.reader import Source
from sakimori.evidence.sqlite.question import Question, Schema, questions, secrets
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MAGIC = b"SQLite format 3\0"
# Names of tables and texts of errors may be bytes that are no text.
_BROKEN = (sqlite3.Error, ValueError, OverflowError, TypeError)
# Steps of SQLite's machine that one question may take: a hostile file must not keep us for ever.
MOST_STEPS = 2_000_000_000
_STEPS = 1_000_000
# Views and virtual tables could compute whatever they like; they have no page of their own.
_TABLES = "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
Row = dict[str, Any]


class SqliteDatabase:
    """SQLite databases told by their tables: quarantine events, TCC, ExecPolicy and knowledgeC of macOS,
    history and downloads of Chromium, Firefox and Safari, ActivitiesCache of Windows.

    Watch: what stands only in a `-wal` file beside the database is not seen: copy it while the program is
    closed. Saved passwords, cookies, payment cards and keychains are never read.
    """

    name = "sqlite"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The magic string; another database is told apart only by its tables and gives no rows."""
        return head.startswith(MAGIC)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a row of a table that is known; what SQLite cannot read is unread."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as JSON, with its column names."""
        rows = (one for one in _found(source) if isinstance(one, Found))
        wanted = next((one for one in rows if (one.record, one.offset) == (number, offset)), None)
        return None if wanted is None else wanted.raw.decode()


def _found(source: Source) -> Iterator[Found | Unread]:
    try:
        with on_disk(source, ".db") as path:
            yield from _of_file(path, collected(source.path))
    except TooLarge as error:
        yield Unread(1, 0, f"The database is {error}.")


def _of_file(path: Path, own: dict[str, str | None]) -> Iterator[Found | Unread]:
    try:
        with closing(_open(path)) as database:
            yield from _of_database(database, own)
    except _BROKEN as error:
        yield Unread(1, 0, f"SQLite cannot open it: {error}.")


def _open(path: Path) -> sqlite3.Connection:
    """The file, immutable: no journal is replayed and nothing beside it is touched."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    for line in ("PRAGMA trusted_schema = OFF", "PRAGMA query_only = ON", "PRAGMA cell_size_check = ON"):
        database.execute(line)
    return database


def _of_database(database: sqlite3.Connection, own: dict[str, str | None]) -> Iterator[Found | Unread]:
    schema, places = _schema(database)
    secret = next((one for one in secrets() if one.fits(schema)), None)
    if secret:
        yield Unread(1, 0, secret.why)
        return
    for question in questions():
        if question.fits(schema):
            yield from _answers(database, question, schema, places[question.of], own)


def _schema(database: sqlite3.Connection) -> tuple[Schema, dict[str, int]]:
    """Columns of the real tables, and the byte offset at which each table's first page lies."""
    (size,) = database.execute("PRAGMA page_size").fetchone()
    tables = database.execute(_TABLES).fetchall()
    columns = {name: frozenset(_columns(database, name)) for name, _ in tables}
    return columns, {name: (page - 1) * size for name, page in tables}


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    found = database.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return [name for (name,) in found]


def _answers(
    database: sqlite3.Connection, question: Question, schema: Schema, place: int, own: dict[str, str | None]
) -> Iterator[Found | Unread]:
    steps = iter(range(MOST_STEPS // _STEPS))
    database.set_progress_handler(lambda: next(steps, None) is None, _STEPS)
    last = 0
    try:
        cursor = database.execute(question.sql(schema))
        names = [column[0] for column in cursor.description][1:]
        for last, *values in cursor:
            row = {name: _value(value) for name, value in zip(names, values, strict=True)}
            raw = orjson.dumps({"table": question.of, **row}, default=str)
            yield Found(question.log, last, place, {**row, **own}, raw)
    except _BROKEN as error:
        yield Unread(_after(last), place, f"Table {question.of}: SQLite read no further: {error}.")


def _after(last: Any) -> int:
    return last + 1 if isinstance(last, int) else 1


def _value(value: Any) -> Any:
    """Blobs as hexadecimal text, the empty text as nothing."""
    if isinstance(value, bytes):
        return value.hex()
    return None if value == "" else value
