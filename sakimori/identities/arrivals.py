"""From where an account came to a machine: the last sign-in before something was found there."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sakimori.identities.leases import HOUR

WITHIN = 12 * HOUR


@dataclass(frozen=True, slots=True, order=True)
class Arrival:
    """An account signed in to a machine at `clock` from a machine by name, or from an address."""

    clock: int
    source_host: str = ""
    source_address: str = ""


class Arrivals:
    """Sign-ins by machine and account."""

    def __init__(self, told: Iterable[tuple[str, str, Arrival]] = ()) -> None:
        lines: defaultdict[tuple[str, str], list[Arrival]] = defaultdict(list)
        for host, account, arrival in told:
            lines[host, account].append(arrival)
        self._lines = {key: sorted(line) for key, line in lines.items()}

    def before(self, host: str, account: str, clock: int) -> Arrival | None:
        """The last one no more than half a day before; None where the account did not come from elsewhere."""
        line = self._lines.get((host, account), [])
        at = bisect_right(line, clock, key=lambda arrival: arrival.clock)
        found = line[at - 1] if at else None
        return found if found and clock - found.clock <= WITHIN else None
