"""Findings to build scenes from: an invented exchange, its noise, and intrusions in it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from sakimori.findings import Finding, Place, Severity, Subject

HOUR = 3_600_000_000
DAY = 24 * HOUR
_RECORDS = count(1)


def at(text: str) -> int:
    """`03-02 09:12` of 2026 as microseconds."""
    return (
        int(datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp()) * 1_000_000
    )


def found(
    detector: str,
    host: str,
    when: str | int | None,
    level: str = "medium",
    *,
    by: tuple[str, ...] = (),
    techniques: tuple[str, ...] = ("T1059.001",),
    record: int | None = None,
    confidence: str = "medium",
    facts: dict[str, str] | None = None,
) -> Finding:
    """A finding on a host; `by` are further subjects, written `type:value`."""
    clock = at(when) if isinstance(when, str) else when
    subjects = [Subject("host", host), *(Subject(*text.split(":", 1)) for text in by)]
    spot = next(_RECORDS) if record is None else record
    return Finding(
        detector=f"sigma:{detector}", title=detector.replace("-", " "), severity=Severity.from_word(level),
        confidence=confidence, techniques=techniques, subjects=tuple(subjects), first_seen=clock,
        last_seen=clock, count=1, places=(Place("logs.ndjson", spot, spot * 100),),
        because="1 event matches.", facts=facts or {},
    )  # fmt: skip


def intrusion(first: str, second: str, day: str = "03-02", user: str = "example\\mei") -> list[Finding]:
    """Lure, shell, look round, credentials, service on the second host, archive there, log cleared."""
    who, service = f"account:{user}", f"service:{first}-mgr"
    return [
        found("archive-lure", first, f"{day} 09:12", "medium", by=(who,), techniques=("T1204.002",)),
        found("rundll32-data-dll", first, f"{day} 09:14", "high", by=(who,), techniques=("T1218.011",)),
        found("directory-dump", first, f"{day} 10:02", "medium", by=(who,), techniques=("T1087.002",)),
        found("lsass-dump", first, f"{day} 10:40", "high", by=(who,), techniques=("T1003.001",)),
        found(
            "remote-service", second, f"{day} 11:20", "high", by=(who, service), techniques=("T1021.002",),
        ),
        found("archive-of-share", second, f"{day} 12:30", "medium", by=(who,), techniques=("T1560.001",)),
        found("log-cleared", second, f"{day} 13:05", "high", by=(who,), techniques=("T1070.001",)),
    ]  # fmt: skip


def noise(hosts: int = 50, days: int = 10, level: str = "high") -> list[Finding]:
    """One rule that speaks on every host every day."""
    return [
        found("noisy-updater", f"pc-{host:02}", at(f"03-{day + 1:02} 08:00") + host * 60_000_000, level)
        for host in range(hosts)
        for day in range(days)
    ]
