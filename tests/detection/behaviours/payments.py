"""A house that pays: twenty ordinary days of payments, each approved, booked and sent."""

from __future__ import annotations

from tests.detection.behaviours.told import at

Row = dict[str, object]
DAYS = 20


def stage(day: float, name: str, reference: str | None, **more: object) -> Row:
    """One stage of a payment, at a day after the start."""
    told: Row = {"system": "swift" if name == "sent" else "core", "amount": "1000", "currency": "USD"}
    told |= {"debtor": "D1", "creditor": "C1", "account": "mei" if name == "approved" else "ken"}
    return at(day, **{**told, "stage": name, "reference": reference, **more})


def ordinary(*stages: str) -> list[Row]:
    """A payment a day, through these stages, an hour apart."""
    rows = []
    for day in range(DAYS):
        for step, name in enumerate(stages):
            rows.append(stage(day + 0.4 + step / 24, name, f"P{day}"))
    return rows
