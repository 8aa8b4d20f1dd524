"""`python -m bench.indicators [events] [indicators] [MiB]`: indicators against made-up events.

Each tenth event is a name looked up, three tenths are connections, the rest programs with hashes; one in a
hundred thousand meets an indicator. Prints rows of a Markdown table: seconds and peak memory of the matching
alone, with the memory the engine was given.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from sakimori.detection.indicators.keeping import SCHEMA
from sakimori.detection.indicators.looking import counts, look

ENGINE_MEMORY = 1200  # MiB
_COLUMNS = (
    "'2026-01-01' AS first_seen, '' AS last_seen, '' AS expires, 'CC0-1.0' AS licence,"
    " 'medium' AS confidence, '' AS said_by, '' AS origin,"
    " [{'name': 'bench', 'url': ''}] AS sources, ['synthetic'] AS tags"
)


class Engine:
    """As much of the engine as matching asks: tables of synthetic events in Parquet."""

    fed = frozenset({"dns_query", "network_flow", "process"})

    def __init__(self, folder: Path, events: int, memory: int) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={"memory_limit": f"{memory}MiB", "threads": 2, "temp_directory": str(folder / "spill"),
                    "preserve_insertion_order": False},
        )  # fmt: skip
        for name, sql in _tables(events).items():
            file = folder / f"{name}.parquet"
            self._connection.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{file}')")

    def reader(self, sql: str) -> object:
        """The answer batch by batch."""
        return self._connection.sql(sql).to_arrow_reader()

    def query(self, sql: str) -> object:
        """The whole answer."""
        return self._connection.sql(sql).to_arrow_table()

    def make(self, file: Path, indicators: int) -> None:
        """Half names, a quarter addresses, a quarter hashes."""
        kinds = (
            "SELECT 'domain' AS type, 'h' || i || '.bad' || (i % 97) || '.top' AS value"
            f" FROM range({indicators // 2}) t(i)",
            "SELECT 'address', (1 + i // 16777216 % 200) || '.' || (i // 65536 % 256) || '.'"
            f" || (i // 256 % 256) || '.' || (i % 256) FROM range({indicators // 4}) t(i)",
            f"SELECT 'hash', sha256('bad' || i) FROM range({indicators // 4}) t(i)",
        )
        columns = ", ".join(SCHEMA.names)
        self._connection.execute(
            f"COPY (SELECT {columns} FROM"
            f" (SELECT type, value, {_COLUMNS} FROM ({' UNION ALL '.join(kinds)})))"
            f" TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _tables(events: int) -> dict[str, str]:
    bad = "i % 100000 = 7"
    return {
        "dns_query": "SELECT 'ws' || (i % 5000) AS host, '10.0.0.1' AS source_address, NULL AS answers,"
        f" CASE WHEN {bad} THEN 'h' || i || '.bad' || (i % 97) || '.top'"
        f" ELSE 'www' || (i % 3) || '.n' || i || '.example.net' END AS query FROM range({events // 10}) t(i)",
        "network_flow": "SELECT 'ws' || (i % 5000) AS host, '10.0.' || (i % 200) || '.7' AS source_address,"
        " i % 60000 AS source_port, NULL AS destination_host, 443 AS destination_port, NULL AS image,"
        f" CASE WHEN {bad} THEN '1.0.' || (i // 256 % 256) || '.' || (i % 256)"
        " ELSE 220 || '.' || (i // 65536 % 256) || '.' || (i // 256 % 256) || '.' || (i % 256) END"
        f" AS destination_address FROM range({3 * events // 10}) t(i)",
        "process": f"SELECT 'ws' || (i % 5000) AS host, 'c:\\a\\' || (i % 9000) || '.exe' AS image,"
        f" 'SHA256=' || sha256(CASE WHEN {bad} THEN 'bad' || i ELSE 'good' || i END) AS hashes,"
        " NULL AS command_line, NULL AS parent_image, NULL AS parent_command_line, NULL AS original_file_name"
        f" FROM range({6 * events // 10}) t(i)",
    }


def main(events: int, indicators: int, memory: int) -> None:
    """Measure once and print a row."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        engine, file = Engine(folder, events, memory), folder / "indicators.parquet"
        engine.make(file, indicators)
        made_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        began, met = time.perf_counter(), 0
        for type_ in counts(engine, [file]):  # type: ignore[arg-type]
            start = time.perf_counter()
            found = len(look(engine, [file], type_))  # type: ignore[arg-type]
            met += found
            print(f"  {type_}: {found} met in {time.perf_counter() - start:.1f} s", flush=True)
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        size = pq.ParquetFile(file).metadata.num_rows
    print(f"| {events:,} | {size:,} | {met} | {seconds:.1f} | {peak:.0f} (making them: {made_peak:.0f}) |")


if __name__ == "__main__":
    asked = [int(text.replace("_", "")) for text in sys.argv[1:]]
    main(*(*asked, *(1_000_000, 1_000_000, ENGINE_MEMORY)[len(asked) :]))
