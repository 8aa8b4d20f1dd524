"""How far a container is followed, so that a small file cannot become a large problem."""

from __future__ import annotations

from dataclasses import dataclass, field

_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


class Unfolding(ValueError):
    """A stream unfolds to more than its limits allow; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file of the evidence may unfold to.

    `depth` counts containers and compressions around a member. `ratio` holds once more than `ratio_from`
    bytes came out: logs seldom reach 1:60, but a nearly empty EVTX does. `total` bytes and `members`
    count over all levels of one file. `held` is the largest zip or 7z inside another container that is kept
    in memory; a larger one is read again from its start where needed.
    """

    depth: int = 4
    ratio: int = 200
    ratio_from: int = 64 << 20
    total: int = 200 << 30
    members: int = 200_000
    held: int = 64 << 20

    def most(self, packed: int) -> int:
        """The most bytes that `packed` bytes may unfold to."""
        return min(self.total, max(self.ratio_from, self.ratio * packed))

    def excess(self, unpacked: int, packed: int) -> str | None:
        """Why `packed` bytes may not unfold to `unpacked` bytes; None where they may."""
        if unpacked <= self.most(packed):
            return None
        if self.most(packed) == self.total:
            return f"{size(unpacked)} would come out of it, more than the limit of {size(self.total)}"
        return f"{size(packed)} would unfold to {size(unpacked)}, more than the limit of 1:{self.ratio}"


@dataclass(slots=True)
class Budget:
    """What one file of the evidence has used of its limits; `spent` says why nothing more of it is read."""

    limits: Limits
    packed: int
    out: int = 0
    members: int = 0
    spent: str = ""
    _most: int = field(init=False)

    def __post_init__(self) -> None:
        self._most = self.limits.most(self.packed)

    def unfold(self, count: int) -> None:
        """Count bytes that came out of a container; raises Unfolding when they are too many."""
        self.out += count
        if self.out > self._most:
            self.spent = self.spent or self.limits.excess(self.out, self.packed) or ""
            raise Unfolding(self.spent)

    def member(self) -> None:
        """Count a member."""
        self.members += 1
        if self.members > self.limits.members and not self.spent:
            self.spent = f"it holds more than {self.limits.members:,} members"


def size(count: int) -> str:
    """A number of bytes as a person says it: `57 kB`, `10.0 GB`."""
    for unit, name in _UNITS:
        if count >= unit:
            amount = count / unit
            return f"{amount:.1f} {name}" if amount < 100 and unit > 1000 else f"{amount:.0f} {name}"
    return f"{count} bytes"
