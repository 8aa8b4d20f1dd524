"""What correlations look at, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sakimori.findings import Place, Subject

PLACES = 100
SUBJECTS = 64


@dataclass(frozen=True, slots=True)
class Event:
    """An event on which rules fired, or a match of a correlation that another one looks at.

    `clock` is microseconds UTC. `values` gives, for each rule that fired, the fields correlations ask for,
    under the names they ask by.
    """

    clock: int
    values: Mapping[str, Mapping[str, str]]
    subjects: tuple[Subject, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(slots=True)
class Match:
    """A correlation that held for one group, from its first event to the last that kept it up.

    `clock` is when it was known to hold; `figure` is what its condition looked at then.
    """

    correlation: str
    group: Mapping[str, str]
    clock: int
    first: int
    last: int
    count: int
    figure: float | int
    subjects: dict[Subject, None] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Names and places of one more event, as far as there is room."""
        if len(self.subjects) < SUBJECTS:
            self.subjects.update(dict.fromkeys(event.subjects))
        if len(self.places) < PLACES:
            self.places.extend(event.places[: PLACES - len(self.places)])

    def extend(self, event: Event) -> None:
        """One more event that kept it up."""
        self.count += 1
        self.first, self.last = min(self.first, event.clock), max(self.last, event.clock)
        self.take(event)

    def event(self, clock: int) -> Event:
        """The match as an event for correlations that look at it."""
        values = {self.correlation: self.group}
        return Event(clock, values, tuple(self.subjects), tuple(self.places))
