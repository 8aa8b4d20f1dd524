"""`sakimori scenario`: synthetic evidence of a fictional exchange, with one intrusion in it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from sakimori.errors import UsageError


def scenario(
    out: Path,
    /,
    *,
    kind: Literal["windows", "cloud"] = "windows",
    seed: int = 1,
    hosts: int = 12,
    days: int = 14,
    attack: bool = True,
) -> int:
    """Write synthetic but real-format evidence of a fictional crypto exchange.

    Every record carries the mark SAKIMORI-SYNTHETIC; OUT/truth.json says which events are the attack.

    Parameters
    ----------
    out:
        A new or empty folder.
    kind:
        windows: Windows events with Sysmon, and Zeek. cloud: Microsoft Defender exports.
    seed:
        The same seed writes the same bytes.
    hosts:
        Workstations and servers.
    days:
        Days of ordinary life.
    attack:
        With one intrusion after published timelines, or ordinary life alone.
    """
    from sakimori.scenario import write_scenario

    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty: name a new folder, so that nothing is mixed.")
    summary = write_scenario(out, kind=kind, seed=seed, hosts=hosts, days=days, attack=attack)
    print(summary)
    return 0
