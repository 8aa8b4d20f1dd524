"""How much happens when: weekends are quieter for people, machines go on, and the rate is kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sakimori.scenario.estate import build
from sakimori.scenario.rhythm import shifts, weekday
from tests.scenario.reading import wrote


def test_weekends_are_quieter(tmp_path: Path) -> None:
    written = wrote(tmp_path, days=7, rate=40, attack=False, hosts=16)
    sizes = {path.stem: len(path.read_text().splitlines()) for path in written.files("*.ndjson")}
    week = [sizes[day] for day in ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06")]
    weekend = [sizes["2026-03-07"], sizes["2026-03-08"]]
    assert 0 < max(weekend) < 0.75 * min(week)


def test_some_trade_on_weekends_and_few_others_work() -> None:
    hosts = build(1, 120).hosts
    there: Counter[tuple[str, bool]] = Counter()
    seats: Counter[str] = Counter(host.owner.role for host in hosts if host.owner)
    for day in range(20_514, 20_514 + 14):
        for index, shift in shifts(hosts, 1, day).items():
            owner = hosts[index].owner
            if shift and owner:
                there[owner.role, weekday(day) >= 5] += 1
    assert there["trading", True] > 0.2 * 4 * seats["trading"]
    assert there["office", True] < 0.2 * 4 * seats["office"]
    assert there["office", False] > 0.8 * 10 * seats["office"]


@pytest.mark.parametrize("kind", ["windows", "cloud"])
def test_the_rate_is_about_what_a_manned_seat_gives(kind: str, tmp_path: Path) -> None:
    written = wrote(tmp_path, kind=kind, days=1, rate=400, attack=False, hosts=24)
    assert 0.6 * 400 < written.summary.records / 24 < 1.4 * 400
