"""Who called whom, from the tables of a case or from a CSV; the source is who began."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from sakimori.errors import UsageError

COLUMNS = ("source", "destination", "port", "protocol", "state")
# Zeek's words for what nobody answered, firewalls' for what they stopped; as in the table `traffic`.
_ZEEK = frozenset({"S0", "REJ", "SH", "SHR", "RSTOS0", "RSTRH"})
_STOPPED = re.compile(r"deny|denied|drop|block|reject|reset-both|^D$", re.IGNORECASE)
# A machine's own log names the program; there `host` is the machine, not a sensor.
_SQL = """
SELECT t.source, t.destination, t.port, t.protocol, coalesce(t.destination_host, '') AS target_name,
  coalesce(n.host, '') AS source_name, sum(t.flows)::BIGINT AS flows, sum(t.reached)::BIGINT AS reached
FROM traffic t LEFT JOIN (
  SELECT source_address, clock // 3600000000 AS hour, min(host) AS host FROM network_flow
  WHERE image IS NOT NULL AND direction = 'outbound' GROUP BY ALL HAVING count(DISTINCT host) = 1
) n ON n.source_address = t.source AND n.hour = t.clock // 3600000000
GROUP BY ALL ORDER BY ALL
"""
_LEFT = """
SELECT count(*) AS n FROM network_flow
WHERE source_address IS NULL OR destination_address IS NULL OR clock IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """All connections of one address to one port of another, and how many of them were answered."""

    source: str
    destination: str
    port: int | None
    protocol: str
    flows: int
    reached: int
    source_name: str = ""
    target_name: str = ""


def from_tables(query: Callable[[str], pa.Table]) -> tuple[tuple[Flow, ...], int]:
    """The flows of a case, asked with `query`, and how many rows lack an address or a time."""
    rows = query(_SQL).to_pylist()
    left: int = query(_LEFT).column("n")[0].as_py()
    return tuple(Flow(**{**row, "protocol": (row["protocol"] or "").lower()}) for row in rows), left


def from_csv(path: Path) -> tuple[Flow, ...]:
    """The flows of a CSV with the columns source, destination, port, protocol and state, in its order.

    An empty state counts as answered. Raises UsageError with the line where something cannot be read.
    """
    counted: Counter[tuple[str, str, int | None, str]] = Counter()
    reached: Counter[tuple[str, str, int | None, str]] = Counter()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                raise UsageError(f"{path}: no column {missing[0]}; the columns are {','.join(COLUMNS)}")
            for row in rows:
                key = _key(row, f"{path}: line {rows.line_num}")
                counted[key] += 1
                reached[key] += not stopped(row["state"] or "")
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UsageError(f"{path}: cannot be read ({problem}); save it as CSV in UTF-8") from None
    return tuple(
        Flow(
            source=s,
            destination=d,
            port=port,
            protocol=protocol,
            flows=n,
            reached=reached[s, d, port, protocol],
        )
        for (s, d, port, protocol), n in counted.items()
    )


def stopped(state: str) -> bool:
    """Whether a log's word for how a connection ended says that it was not answered."""
    return state.strip() in _ZEEK or bool(_STOPPED.search(state.strip()))


def _key(row: dict[str, str], where: str) -> tuple[str, str, int | None, str]:
    source, target = (row["source"] or "").strip(), (row["destination"] or "").strip()
    port, protocol = (row["port"] or "").strip(), (row["protocol"] or "").strip().lower()
    if not source or not target or not protocol:
        raise UsageError(f"{where}: source, destination or protocol is empty; fill it or take the line out")
    if port and not (port.isascii() and port.isdigit() and int(port) <= 65535):
        raise UsageError(f"{where}: port {port} is no number up to 65535; leave it empty where there is none")
    return source, target, int(port) if port else None, protocol
