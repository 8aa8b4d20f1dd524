"""Writes a scenario: weeks of a firm that does not exist, and perhaps one intrusion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from sakimori.errors import UsageError
from sakimori.scenario.attack import Attack
from sakimori.scenario.cloud import Story
from sakimori.scenario.cloud.plot import VARIANT
from sakimori.scenario.cloud.plot import draw as draw_in_cloud
from sakimori.scenario.defender import DefenderSensors
from sakimori.scenario.estate import Estate, build
from sakimori.scenario.journal import DAY, Witness
from sakimori.scenario.life import SLICE, Life
from sakimori.scenario.plot import Plot, draw
from sakimori.scenario.signon import populate
from sakimori.scenario.summary import Summary
from sakimori.scenario.telemetry import Sensors
from sakimori.scenario.truth import Truth
from sakimori.scenario.windows import WindowsSensors

KINDS: dict[str, Callable[[Path, Witness, Estate, int, str], Sensors]] = {
    "windows": WindowsSensors,
    "cloud": DefenderSensors,
}
START = date(2026, 3, 2)  # a Monday
RATE = 3000
PEOPLE = 200
MOST_PEOPLE = 2000  # there are no more names
Progress = Callable[[int, int, int], None]


def write_scenario(
    out: Path,
    *,
    kind: str,
    seed: int,
    hosts: int = 20,
    days: int = 14,
    start: date = START,
    attack: bool = True,
    rate: int = RATE,
    variant: str | None = None,
    people: int = PEOPLE,
    compress: str = "none",
    progress: Progress | None = None,
) -> Summary:
    """Write `out/evidence/...` and `out/truth.json`; the same arguments give the same bytes.

    `rate` is about how many records a manned seat gives on a working day; `people` work in the services of
    kind `cloud`. `variant` fixes the way in, else the seed draws it; in kind `cloud` it is a developer's Mac.
    `progress(days done, days, records)` is called after each day. Raises UsageError for a kind, variant,
    compression or size that cannot be, and where `out/evidence` already holds something.
    """
    _refuse(kind, days, rate, people)
    estate, rng = build(seed, hosts), Random(f"attack/{seed}")
    first = (start - date(1970, 1, 1)).days
    span = range(first, first + days)
    asked = {"kind": kind, "seed": seed, "hosts": hosts, "days": days, "start": start.isoformat()}
    more = {"people": people} if kind == "cloud" else {}
    truth = Truth({**asked, "attack": attack, "rate": rate, "compress": compress, **more})
    evidence = out / "evidence"
    story = Story(evidence, truth, estate, seed, people, rate, compress) if kind == "cloud" else None
    plot = _plot(story, estate, rng, seed, span, variant) if attack else None
    _empty(evidence)
    sensors = KINDS[kind](evidence, truth.witness, estate, seed, compress)
    populate(estate, first * DAY, seed)
    life = Life(estate, sensors, seed, rate, truth.twin)
    intrusion = Attack(plot, estate, sensors, truth, rng, story) if plot else None
    _happen(life, intrusion, sensors, story, span, progress)
    truth.write(out / "truth.json")
    return Summary(
        evidence=evidence,
        truth=out / "truth.json",
        records=sensors.records + (story.records if story else 0),
        attack_records=truth.attack_records,
        variant=_variant(plot),
        first_day=start,
        days=days,
        hosts=hosts,
        people=len(story.staff) if story else 0,
    )


def _plot(
    story: Story | None, estate: Estate, rng: Random, seed: int, span: range, variant: str | None
) -> Plot:
    if story and variant in (None, VARIANT):
        return draw_in_cloud(story, estate, rng, span)
    return draw(estate, rng, seed, span, variant)


def _happen(
    life: Life,
    intrusion: Attack | None,
    sensors: Sensors,
    story: Story | None,
    span: range,
    progress: Progress | None,
) -> None:
    """Let the days pass, ten minutes at a time, and write what was heard."""
    for done, day in enumerate(span, 1):
        life.day(day)
        if story:
            story.day(day)
        for begin in range(day * DAY, (day + 1) * DAY, SLICE):
            life.stretch(begin)
            if intrusion:
                intrusion.stretch(begin, begin + SLICE)
            sensors.flush(begin + SLICE)
            if story:
                story.flush(begin + SLICE)
        if progress:
            progress(done, len(span), sensors.records + (story.records if story else 0))
    sensors.close()
    if story:
        story.close()


def _variant(plot: Plot | None) -> str:
    return plot.variant if plot else ""


def _refuse(kind: str, days: int, rate: int, people: int) -> None:
    if kind not in KINDS:
        raise UsageError(f"scenario kind {kind!r} is unknown: choose one of {', '.join(KINDS)}")
    if days < 1 or rate < 1:
        raise UsageError(f"a scenario needs at least one day and a rate of one, not days={days} rate={rate}")
    if people > MOST_PEOPLE:
        raise UsageError(f"a scenario has names for {MOST_PEOPLE:,} people, not {people:,}")


def _empty(evidence: Path) -> Path:
    """The folder, made if need be; raises UsageError where it holds something."""
    if evidence.exists() and any(evidence.iterdir()):
        raise UsageError(f"{evidence} already holds something: choose an empty folder for the scenario")
    evidence.mkdir(parents=True, exist_ok=True)
    return evidence
