"""The real sets: is the technique of each in its first incident, and how much else is there."""

from __future__ import annotations

import json
import tempfile
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench import data
from bench.detection.measures import interval
from bench.detection.runs import hunted

NAMED = Path(__file__).with_name("sets.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMeasured:
    """One set. `first`, `any`: its technique is in the first incident, in any incident.

    `precision` is the share of the first incident's findings that name the technique or one of its family.
    """

    name: str
    first: bool
    any: bool
    precision: float
    incidents: int
    findings: int


def techniques() -> dict[str, tuple[str, ...]]:
    """The techniques of each set, by its name, as its name and folder tell them."""
    return {
        name: tuple(ids) for name, ids in tomllib.loads(NAMED.read_text(encoding="utf-8"))["sets"].items()
    }


def sets(rules: tuple[Path, ...], file: Path) -> None:
    """Hunt in each OTRF set alone and print a table."""
    named = techniques()
    archives = sorted(data.OTRF.rglob("*.zip"))
    if not archives:
        print("not measured: the OTRF sets are not beside this checkout")
        return
    found = [_one(archive, named[archive.stem], rules) for archive in archives if archive.stem in named]
    file.write_text("\n".join(json.dumps(asdict(one)) for one in found) + "\n", encoding="utf-8")
    _print(found)


def _one(archive: Path, asked: tuple[str, ...], rules: tuple[Path, ...]) -> SetMeasured:
    with tempfile.TemporaryDirectory(prefix="sakimori-detection-") as folder:
        case = hunted(archive, Path(folder) / "case", rules)
    ranked = sorted(case.incidents, key=lambda incident: incident.rank)
    held = [any(_same(t, asked) for t in one.techniques) for one in ranked]
    named = [any(_same(t, asked) for t in f.techniques) for one in ranked[:1] for f in one.findings]
    return SetMeasured(
        name=archive.stem,
        first=bool(held[:1] and held[0]),
        any=any(held),
        precision=sum(named) / len(named) if named else 0.0,
        incidents=len(ranked),
        findings=len(case.findings),
    )


def _same(technique: str, asked: tuple[str, ...]) -> bool:
    return technique.partition(".")[0] in {one.partition(".")[0] for one in asked}


def _print(found: list[SetMeasured]) -> None:
    print("| set | technique in the first incident | in any | share of its findings | incidents | findings |")
    print("|---|---|---|---|---|---|")
    for one in found:
        held = f"{'yes' if one.first else 'no'} | {'yes' if one.any else 'no'}"
        print(f"| {one.name} | {held} | {one.precision:.0%} | {one.incidents} | {one.findings} |")
    first = sum(one.first for one in found)
    low, high = interval(first, len(found))
    print(f"\nfirst incident: {first} of {len(found)} ({first / len(found):.0%}, 95 %: {low:.0%}-{high:.0%})")
    print(f"share of its findings, middle value: {median(one.precision for one in found):.0%}")
