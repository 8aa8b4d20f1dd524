"""One machine: DuckDB over the record store, tables as views, no way out to the rest of the disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from sakimori.engine.duplicates import find_duplicates
from sakimori.errors import EngineError
from sakimori.findings import Place
from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.store import Store
from sakimori.tables import TABLES
from sakimori.tables.network_flow import NETWORK_FLOW
from sakimori.tables.table import Table
from sakimori.tables.traffic import ONE_WAY, TRAFFIC, traffic_sql, traffic_view
from sakimori.tables.unread import UNREAD
from sakimori.tables.views import files_view, identifier, literal, log_view, table_view, unread_view

PLACES = 100
_MEMBERS = pa.schema([("segment", pa.string()), ("member", pa.int32()), ("path", pa.string())])
_STRETCHES = pa.schema(
    [
        *_MEMBERS,
        ("record", pa.int64()),
        ("offset", pa.int64()),
        ("reason", pa.string()),
        ("lost", pa.bool_()),
        ("stretches", pa.int64()),
    ]
)


class Local:
    """The tables of a case, ready to be asked.

    `records.<log>` holds each event once, `stored.<log>` every stored row, `duplicates` the difference;
    `members` gives the path of each (segment, member), `stretches` what of them is unread. `memory`
    is a limit in bytes; what does not fit goes to `temp`. Make it after `Store.compact`: it sees the store as
    it stands then. `twice` are members (segment, index) whose bytes another member has too; their rows are
    left out everywhere.
    """

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        memory: int,
        temp: Path,
        *,
        threads: int = 2,
        twice: Collection[tuple[str, int]] = (),
    ) -> None:
        self._settled = False
        self._files = store.files()
        self._logs = [_known(catalogue, name) for name in self._files]
        self._connection = _connect(memory, temp, threads)
        self._execute("CREATE SCHEMA stored; CREATE SCHEMA records")
        self._keep("members", _members(store, frozenset(twice)))
        self._keep("stretches", _stretches(store, frozenset(twice)))
        for log in self._logs:
            self._execute(files_view(log, self._files[log.name], bool(twice)))
        self._execute("CREATE TABLE duplicates (log VARCHAR, segment VARCHAR, member INTEGER, record BIGINT)")
        self.duplicates = find_duplicates(self._execute, self._logs)
        for log in self._logs:
            self._execute(log_view(log, log.name in self.duplicates))
        for table in TABLES.values():
            self._execute(self._view(table))
        self._close_doors(store.root, temp)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """The whole answer as an Arrow table; for answers that are small.

        Raises EngineError with the engine's own words, whether it refuses the query or fails on the way.
        """
        try:
            return self.reader(sql, parameters).read_all()
        except (pa.ArrowException, OSError) as error:  # what a stream makes of an error half-way
            raise EngineError(f"the query could not be answered: {error}") from error

    def reader(self, sql: str, parameters: Sequence[object] = ()) -> pa.RecordBatchReader:
        """The answer batch by batch; an error half-way is the stream's own, an OSError."""
        try:
            return self._connection.sql(sql, params=list(parameters)).to_arrow_reader()
        except duckdb.Error as error:
            raise EngineError(f"the query could not be answered: {error}") from error

    def places(
        self, tables: Sequence[str], keys: Sequence[str], rows: pa.Table, limit: int = PLACES
    ) -> list[list[Place]]:
        """For each row the first places, by time, of records in `tables` whose `keys` are the row's.

        `rows` has the key columns, first_seen and last_seen; no time in first_seen means any time.
        """
        numbered = rows.append_column("number", pa.array(range(rows.num_rows), pa.int64()))
        self._keep("asked", numbered)
        found: list[list[Place]] = [[] for _ in range(rows.num_rows)]
        for row in self.query(_places_sql(tables, keys, limit)).to_pylist():
            found[row["number"]].append(Place(row["path"], row["record"], row["offset"]))
        self._execute("DROP TABLE asked")
        return found

    @contextmanager
    def keeping(self, **tables: pa.Table) -> Iterator[None]:
        """Tables of one's own under these names, to be asked together with the case's; gone afterwards."""
        for name, table in tables.items():
            self._keep(name, table)
        try:
            yield
        finally:
            for name in tables:
                self._execute(f"DROP TABLE {identifier(name)}")

    def hits(self, files: Sequence[Path], rules: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Rows of hits with a time on which any of these rules fired, by their clocks; large ones spill.

        `files` are the store's; each row has `segment` and the path of its member as `path`.
        """
        if not files:
            return
        paths = ", ".join(literal(file.as_posix()) for file in files)
        sql = (
            "SELECT h.*, m.path FROM (SELECT *, string_split(filename, '/')[-2] AS segment"
            f" FROM read_parquet([{paths}], filename = true)) h JOIN members m USING (segment, member)"
            " WHERE clock IS NOT NULL AND list_has_any(rules, ?) ORDER BY clock, path, record"
        )
        for batch in self.reader(sql, [list(rules)]):
            yield from batch.to_pylist()

    @property
    def logs(self) -> tuple[str, ...]:
        """Names of the logs that are in the case."""
        return tuple(log.name for log in self._logs)

    @property
    def fed(self) -> frozenset[str]:
        """Names of the tables that some log in the case feeds, and `unread`, which needs none."""
        fed = (t.name for t in TABLES.values() if any(t.mapping(log) for log in self._logs))
        summed = (TRAFFIC.name,) if self._flows() else ()
        return frozenset((*fed, *summed, UNREAD.name))

    def settle(self) -> None:
        """Keep the rows of `traffic`: many ask for them, and summing is what costs."""
        if TRAFFIC.name in self.fed and not self._settled:
            flows = self._flows()
            sql = traffic_sql(flows & set(ONE_WAY), len(flows))
            self._execute(f"DROP VIEW traffic; CREATE TABLE traffic AS {sql}")
            self._settled = True

    def may_be_doubled(self) -> tuple[str, ...]:
        """Logs from more than one member whose records carry no identity: overlaps cannot be told there."""
        return tuple(log.name for log in self._logs if not log.identity and self._exports(log) > 1)

    def close(self) -> None:
        """Let go of the engine's memory and its files in `temp`."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def _view(self, table: Table) -> str:
        if table is TRAFFIC:
            return traffic_view(self._flows() & set(ONE_WAY), len(self._flows()))
        return unread_view(table) if table is UNREAD else table_view(table, self._logs)

    def _flows(self) -> frozenset[str]:
        return frozenset(log.name for log in self._logs if NETWORK_FLOW.mapping(log))

    def _exports(self, log: Log) -> int:
        source = f"(SELECT DISTINCT segment, member FROM stored.{identifier(log.name)})"
        sql = f"SELECT count(DISTINCT path) AS n FROM {source} JOIN members USING (segment, member)"
        return int(self.query(sql).column("n")[0].as_py())

    def _execute(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return list(self._connection.execute(sql).fetchall())
        except duckdb.Error as error:
            raise EngineError(f"the engine refused its own statement: {error}\n{sql}") from error

    def _keep(self, name: str, table: pa.Table) -> None:
        self._connection.register("arriving", table)
        self._execute(f"CREATE TABLE {identifier(name)} AS SELECT * FROM arriving")
        self._connection.unregister("arriving")

    def _close_doors(self, *directories: Path) -> None:
        # Nothing evidence says becomes SQL; should it ever, it can read the case and nothing else.
        allowed = ", ".join(literal(str(path.resolve())) for path in directories)
        self._execute(f"SET allowed_directories = [{allowed}]; SET enable_external_access = false")
        self._execute("SET python_enable_replacements = false; SET lock_configuration = true")


def _connect(memory: int, temp: Path, threads: int) -> duckdb.DuckDBPyConnection:
    temp.mkdir(parents=True, exist_ok=True)
    config: Mapping[str, str | bool | int] = {
        "memory_limit": f"{memory >> 20}MiB",
        "temp_directory": str(temp.resolve()),
        "threads": threads,
        "preserve_insertion_order": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
    }
    return duckdb.connect(":memory:", config=dict(config))


def _known(catalogue: Catalogue, name: str) -> Log:
    if name not in catalogue.logs:
        raise EngineError(f"the case holds the log {name}, which this version does not know: hunt anew")
    return catalogue[name]


def _members(store: Store, twice: Collection[tuple[str, int]]) -> pa.Table:
    return pa.Table.from_pylist([_member(entry) for entry in _counted(store, twice)], _MEMBERS)


def _stretches(store: Store, twice: Collection[tuple[str, int]]) -> pa.Table:
    rows = [
        {**_member(entry), "lost": True, "stretches": entry.get("unread", 0), **stretch}
        for entry in _counted(store, twice)
        for stretch in entry.get("unread_rows") or [{}] * min(entry.get("unread", 0), 1)
    ]
    return pa.Table.from_pylist(rows, _STRETCHES)


def _counted(store: Store, twice: Collection[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    return (m for m in store.members() if (m["segment"], m["index"]) not in twice)


def _member(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"segment": entry["segment"], "member": entry["index"], "path": entry["path"]}


def _places_sql(tables: Sequence[str], keys: Sequence[str], limit: int) -> str:
    same = " AND ".join(f"t.{identifier(key)} IS NOT DISTINCT FROM a.{identifier(key)}" for key in keys)
    parts = " UNION ALL ".join(
        f'SELECT a.number, t.clock, t.segment, t.member, t.record, t."offset" FROM {identifier(table)} t'
        f" JOIN asked a ON {same} AND (t.clock BETWEEN a.first_seen AND a.last_seen OR a.first_seen IS NULL)"
        for table in tables
    )
    return (
        f'SELECT number, path, record, "offset" FROM ({parts}) JOIN members USING (segment, member)'
        ' QUALIFY row_number() OVER (PARTITION BY number ORDER BY clock, path, record, "offset")'
        f' <= {limit} ORDER BY number, clock, path, record, "offset"'
    )
