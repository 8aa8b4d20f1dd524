"""How old the rules and indicators in use are, and from when on that is said as a warning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sakimori.detection.bundles.making import is_rule
from sakimori.detection.bundles.manifest import instant_of
from sakimori.detection.bundles.using import days_old
from sakimori.detection.indicators.keeping import Bundle
from sakimori.records.manifest import InUse

# Infrastructure is given up within weeks; how an intrusion is done changes within months.
FRESH_DAYS = {"indicators": 30, "rules": 180}
_DATED = re.compile(rb"^(?:date|modified): *['\"]?(\d{4})[-/](\d{2})[-/](\d{2})", re.MULTILINE)


def aged(rows: Iterable[InUse], now: datetime | None = None) -> tuple[InUse, ...]:
    """The rows with their age in days and what makes them stale, by kind and name."""
    moment = now or datetime.now(UTC)
    made = [replace(row, age_days=days_old(row.made, moment), stale=_stale(row, moment)) for row in rows]
    return tuple(sorted(made, key=lambda row: (row.kind != "rules", row.name, row.licence)))


def _stale(row: InUse, now: datetime) -> str:
    expires, days = instant_of(row.expires), days_old(row.made, now)
    if row.whole is False:
        return "changed"
    if expires is not None and expires <= now:
        return "expired"
    if days is None:
        return "undated"
    return "old" if days > FRESH_DAYS[row.kind] else ""


def of_rules(folder: Path, name: str, version: str = "", licence: str = "") -> InUse:
    """A folder of rules that came in no bundle: as old as the newest date in it."""
    texts = [file.read_bytes() for file in sorted(folder.rglob("*.y*ml")) if is_rule(file.name)]
    newest = max((b"-".join(found) for text in texts for found in _DATED.findall(text)), default=b"").decode()
    made = f"{newest}T00:00:00+00:00" if newest else ""
    return InUse(kind="rules", name=name, version=version, made=made, licence=licence, count=len(texts))


def _moment(dated: str) -> str:
    return f"{dated}T00:00:00+00:00" if len(dated) == 10 else dated


def of_files(bundles: Sequence[Bundle]) -> tuple[InUse, ...]:
    """Files of indicators that came in no bundle."""
    return tuple(
        InUse(
            kind="indicators", name=one.path.name, version=one.sha256[:16], made=_moment(one.dated),
            whole=one.whole, count=one.count,
        )
        for one in bundles
    )  # fmt: skip
