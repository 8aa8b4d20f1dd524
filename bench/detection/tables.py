"""Measured runs as Markdown: shares with their interval, middle values, incidents by host-days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median

from bench.detection.measures import Measured, interval


def tables(found: Mapping[str, Measured]) -> Iterator[str]:
    """Lines of two tables: runs with an intrusion by tier and way in, and ordinary life by tier."""
    groups: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for key, one in found.items():
        tier, variant, *_, pack = key.split("|")
        groups[f"{tier} ({pack} rules)", variant].append(one)
    attacks = {at: runs for at, runs in groups.items() if at[1] != "ordinary life"}
    yield "| evidence | way in | runs | true incident first (95 %) | attack's steps in it | records | of the noticed | precision | gathered | clean | other incidents above low, in all runs | seconds |"  # noqa: E501
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for (tier, variant), runs in sorted(attacks.items()):
        yield _attack_row(tier, variant, runs)
    for tier in sorted({tier for tier, _ in attacks}):
        yield _attack_row(tier, "all", [one for at, some in attacks.items() if at[0] == tier for one in some])
    yield ""
    yield "| evidence, ordinary life | host-days | incidents | above low | above low per 1,000 host-days |"
    yield "|---|---|---|---|---|"
    for (tier, variant), runs in sorted(groups.items()):
        if variant == "ordinary life":
            yield _quiet_row(tier, runs)


def _attack_row(tier: str, variant: str, runs: list[Measured]) -> str:
    first = sum(one.rank == 1 for one in runs)
    low, high = interval(first, len(runs))
    middle = [
        f"{median(getattr(one, name) for one in runs):.0%}"
        for name in ("steps", "records", "noticed", "precision", "gathered", "clean")
    ]
    above = sum(one.others_above_low for one in runs)
    seconds = median(one.seconds for one in runs)
    told = f"{first} of {len(runs)} ({low:.0%}-{high:.0%})"
    return f"| {tier} | {variant} | {len(runs)} | {told} | {' | '.join(middle)} | {above} | {seconds:.1f} |"


def _quiet_row(tier: str, runs: list[Measured]) -> str:
    days = sum(one.host_days for one in runs)
    above = sum(one.others_above_low for one in runs)
    return f"| {tier} | {days:,} | {sum(one.others for one in runs)} | {above} | {1000 * above / days:.2f} |"
