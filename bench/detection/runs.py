"""Runs of the harness: a scenario is written, thinned to a tier, hunted, measured; each once and kept."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from bench.detection.measures import Measured, measured
from bench.detection.tiers import TIERS, reduced
from bench.detection.truth import read_truth
from sakimori.pipeline import hunt
from sakimori.response.case import Case
from sakimori.scenario import write_scenario
from sakimori.setting import Setting

WINDOWS = ("dream_job_archive", "coding_test", "trojanised_installer")
CLOUD = ("developer_mac", *WINDOWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One thing to hunt in. `variant` is the way in; none means ordinary life alone."""

    tier: str
    variant: str
    seed: int
    hosts: int = 12
    days: int = 10
    rate: int = 300
    pack: str = "own"

    @property
    def key(self) -> str:
        """What tells it from other runs."""
        size = f"{self.hosts}x{self.days}x{self.rate}"
        return f"{self.tier}|{self.variant or 'ordinary life'}|{self.seed}|{size}|{self.pack}"


def scenario_runs(seeds: int, pack: str) -> Iterator[Run]:
    """Every tier and way in that it knows, with each seed, and ordinary life for longer."""
    for seed in range(1, seeds + 1):
        for tier in TIERS.values():
            for variant in WINDOWS if tier.kind == "windows" else CLOUD:
                # In the services alone nothing is seen of an intrusion that stays on Windows machines.
                if tier.name != "cloud only" or variant == "developer_mac":
                    yield Run(tier=tier.name, variant=variant, seed=seed, pack=pack)
            yield Run(tier=tier.name, variant="", seed=seed, hosts=30, days=15, pack=pack)


def run(asked: Run, rules: tuple[Path, ...]) -> Measured:
    """Write, thin, hunt, measure; nothing is left on disk."""
    tier = TIERS[asked.tier]
    with tempfile.TemporaryDirectory(prefix="sakimori-detection-") as name:
        folder = Path(name)
        summary = write_scenario(
            folder / "made", kind=tier.kind, seed=asked.seed, hosts=asked.hosts, days=asked.days,
            rate=asked.rate, attack=bool(asked.variant), variant=asked.variant or None, people=60,
        )  # fmt: skip
        truth = reduced(tier, summary.evidence, folder / "evidence", read_truth(summary.truth))
        began = perf_counter()
        case = hunted(folder / "evidence", folder / "case", rules)
        return measured(case, truth, perf_counter() - began)


def hunted(evidence: Path, case: Path, rules: tuple[Path, ...]) -> Case:
    """A hunt with one worker; `rules` are folders, our own where none is given."""
    setting = Setting(evidence=(evidence,), case=case, rules=rules, workers=1)
    return hunt(setting, lambda *_: None, lambda _: None)


def kept(file: Path) -> dict[str, Measured]:
    """Measured runs by key, from a file of JSON lines; a run that stands there need not be made again."""
    if not file.exists():
        return {}
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return {row.pop("run"): Measured(**row) for row in rows}


def keep(file: Path, asked: Run, found: Measured) -> None:
    """Add a run to the file."""
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"run": asked.key, **asdict(found)}) + "\n")
