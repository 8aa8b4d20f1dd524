"""Connections for behaviours: who called whom, when, and how many bytes went each way."""

from __future__ import annotations

from tests.detection.behaviours.told import at

MEGABYTE = 1_000_000
OUT = "203.0.113.9"


def flow(
    day: float, source: str, destination: str = OUT, port: int = 443, *, out: float = 0.01, back: float = 0.1,
    **more: object,
) -> dict[str, object]:  # fmt: skip
    """One connection; `out` and `back` in megabytes."""
    facts = {
        "host": source,
        "protocol": "tcp",
        "source_address": source,
        "source_port": 50000,
        "destination_address": destination,
        "destination_port": port,
        "bytes_out": round(out * MEGABYTE),
        "bytes_in": round(back * MEGABYTE),
        "duration": 1.0,
        "state": "SF",
    }
    return at(day, **{**facts, **more})


def lookup(day: float, source: str, query: str, answers: str = "", **more: object) -> dict[str, object]:
    """A name looked up."""
    facts = {"host": source, "source_address": source, "query": query, "answers": answers}
    return at(day, **{**facts, "query_type": "A", "response_code": "NOERROR", **more})
