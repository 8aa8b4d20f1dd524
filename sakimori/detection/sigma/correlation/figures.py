"""What a counting correlation looks at, kept up to date as events enter and leave a window."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation, localcontext
from typing import Protocol

Value = tuple[str, ...]


class Figure(Protocol):
    """A number over the events in a window; None where there is none yet."""

    def enter(self, value: Value) -> None: ...
    def leave(self, value: Value) -> None: ...
    def number(self) -> int | Decimal | None: ...


class Events:
    """How many events."""

    def __init__(self) -> None:
        self._count = 0

    def enter(self, value: Value) -> None:
        self._count += 1

    def leave(self, value: Value) -> None:
        self._count -= 1

    def number(self) -> int:
        return self._count


class Distinct:
    """How many different values, capitals apart; of several fields, how many combinations."""

    def __init__(self) -> None:
        self._seen: Counter[Value] = Counter()

    def enter(self, value: Value) -> None:
        self._seen[value] += 1

    def leave(self, value: Value) -> None:
        self._seen[value] -= 1
        if not self._seen[value]:
            del self._seen[value]

    def number(self) -> int:
        return len(self._seen)


class Sum:
    """The sum of the values, exact for what was written in decimals."""

    def __init__(self, mean: bool = False) -> None:
        self._sum, self._count, self._mean = Decimal(0), 0, mean

    def enter(self, value: Value) -> None:
        self._add(amount(value), 1)

    def leave(self, value: Value) -> None:
        self._add(-amount(value), -1)

    def _add(self, number: Decimal, one: int) -> None:
        with localcontext(prec=60):
            self._sum += number
        self._count += one

    def number(self) -> Decimal | None:
        if not self._count:
            return None
        return self._sum / self._count if self._mean else self._sum


class Percentile:
    """The smallest value that `percent` of all do not exceed (nearest rank); without `percent` the median."""

    def __init__(self, percent: int | None) -> None:
        self._percent = percent
        self._sorted: list[Decimal] = []

    def enter(self, value: Value) -> None:
        insort(self._sorted, amount(value))

    def leave(self, value: Value) -> None:
        del self._sorted[bisect_left(self._sorted, amount(value))]

    def number(self) -> Decimal | None:
        return of_sorted(self._sorted, self._percent)


def of_sorted(values: Sequence[Decimal], percent: int | None) -> Decimal | None:
    """The percentile by nearest rank; with no percent the median, halfway between two middle values."""
    if not values:
        return None
    if percent is None:
        low, high = values[(len(values) - 1) // 2], values[len(values) // 2]
        return (low + high) / 2
    return values[max(0, -(-len(values) * percent // 100) - 1)]


def figure(type_: str, percentile: int | None) -> Figure:
    """The figure of a correlation's type."""
    if type_ == "event_count":
        return Events()
    if type_ == "value_count":
        return Distinct()
    if type_ in ("value_sum", "value_avg"):
        return Sum(mean=type_ == "value_avg")
    return Percentile(percentile if type_ == "value_percentile" else None)


def amount(value: Value) -> Decimal:
    """The number in a value that `is_number`."""
    return Decimal(value[0].strip())


def is_number(value: Value) -> bool:
    """Whether the value is one finite number."""
    try:
        return Decimal(value[0].strip()).is_finite()
    except InvalidOperation:
        return False
