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
    seed: int = 7,
    hosts: int = 12,
    days: int = 10,
    rate: int = 300,
    people: int = 200,
    compress: Literal["none", "zst"] = "none",
    attack: bool = True,
    lang: Literal["en", "ja"] | None = None,
) -> int:
    """Write synthetic but real-format evidence of a fictional crypto exchange.

    Every record carries the mark SAKIMORI-SYNTHETIC; OUT/truth.json says which events are the attack.

    Parameters
    ----------
    out:
        A new or empty folder.
    kind:
        windows: Windows events with Sysmon, and Zeek. cloud: Microsoft 365, Defender, GitHub, AWS, two Macs.
    seed:
        The same seed writes the same bytes.
    hosts:
        Workstations and servers, 8 or more.
    days:
        Days of ordinary life.
    rate:
        About how many records a manned seat gives on a working day.
    people:
        Who works in the services of kind cloud; hosts are the Windows machines among their computers.
    compress:
        zst: compress the logs.
    attack:
        With one intrusion after published timelines, or ordinary life alone.
    lang:
        en or ja.
    """
    from rich.console import Console

    from sakimori.cli.hunting import spoken
    from sakimori.cli.progress import Days
    from sakimori.scenario import described, write_scenario
    from sakimori.tongue import tongue

    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty: name a new folder, so that nothing is mixed.")
    say = tongue(lang or spoken())
    with Days(Console(stderr=True), say) as progress:
        summary = write_scenario(
            out, kind=kind, seed=seed, hosts=hosts, days=days, compress=compress, attack=attack,
            rate=rate, people=people, progress=progress.told,
        )  # fmt: skip
    print("\n".join(described(summary, say)))
    return 0
