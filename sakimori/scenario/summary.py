"""What was written, said to the person who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sakimori.tongue import Tongue


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written. `variant` is the way in, empty where there is no intrusion.

    `people` is 0 where no cloud was written.
    """

    evidence: Path
    truth: Path
    records: int
    attack_records: int
    variant: str
    first_day: date
    days: int
    hosts: int
    people: int = 0


def described(summary: Summary, say: Tongue) -> list[str]:
    """A few sentences; the folder to hunt stands in the last one."""
    count = f"{summary.records:,}"
    lines = [
        say(
            "{records} synthetic records of {hosts} hosts over {days} days, from {day} on: "
            "Kitaura Exchange does not exist.",
            records=count,
            hosts=summary.hosts,
            days=summary.days,
            day=summary.first_day.isoformat(),
        )
    ]
    if summary.people:
        lines.append(
            say(
                "{people} people work there with Microsoft 365, Entra ID, Defender, GitHub, AWS and, "
                "two of them, Macs whose logs were collected.",
                people=summary.people,
            )
        )
    if summary.variant:
        lines.append(
            say(
                "{n} of them are one intrusion; {truth} says which, and after which reports. Hunt first.",
                n=f"{summary.attack_records:,}",
                truth=summary.truth,
            )
        )
        if summary.people:
            lines.append(say("It runs through many of these logs; none shows it whole."))
    else:
        lines.append(
            say("None of them is an intrusion; the look-alikes stand in {truth}.", truth=summary.truth)
        )
    return [*lines, say("Next: sakimori hunt {evidence}", evidence=summary.evidence)]
