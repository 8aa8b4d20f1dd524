"""Evidence tiers: the same scenario with less to look at, as firms have it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.detection.truth import Truth, Where

_SYSMON = b'"Microsoft-Windows-Sysmon/Operational"'


@dataclass(frozen=True, slots=True)
class Tier:
    """What is taken away: folders of the evidence, and lines of its JSON files."""

    name: str
    kind: str
    folders: frozenset[str] = frozenset()
    dropped: Callable[[bytes], bool] | None = None


TIERS: Mapping[str, Tier] = {
    tier.name: tier
    for tier in (
        Tier("sysmon and network", "windows"),
        Tier("sysmon", "windows", frozenset({"zeek"})),
        Tier("no sysmon", "windows", dropped=lambda line: _SYSMON in line),
        Tier("windows logs alone", "windows", frozenset({"zeek"}), lambda line: _SYSMON in line),
        Tier("edr, cloud, identity", "cloud"),
        Tier("cloud only", "cloud", frozenset({"defender", "macs", "vpn"})),
    )
}


def reduced(tier: Tier, evidence: Path, out: Path, truth: Truth) -> Truth:
    """The truth of the evidence that is left; `out` holds it. Files of which nothing is taken are linked."""
    places: dict[Where, Where] = {}
    for file in sorted(path for path in evidence.rglob("*") if path.is_file()):
        inner = file.relative_to(evidence)
        if inner.parts[0] in tier.folders:
            continue
        (out / inner).parent.mkdir(parents=True, exist_ok=True)
        if tier.dropped and file.suffix == ".ndjson":
            places |= _thinned(file, out / inner, inner.as_posix(), tier.dropped)
        else:
            shutil.copy(file, out / inner)
    left = truth.without(tier.folders)
    if tier.dropped is None:
        return left
    kept = {at: at for at in left.steps if not at[0].endswith(".ndjson")}
    return left.moved(kept | places)


def _thinned(file: Path, out: Path, name: str, dropped: Callable[[bytes], bool]) -> dict[Where, Where]:
    """Old places and new ones of the lines that were kept."""
    moved: dict[Where, Where] = {}
    with file.open("rb") as lines, out.open("wb") as kept:
        for number, line in enumerate(lines, 1):
            if not dropped(line):
                kept.write(line)
                moved[name, number] = (name, len(moved) + 1)
    return moved
