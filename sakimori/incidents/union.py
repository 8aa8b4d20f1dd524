"""Disjoint sets with the span of time each covers."""

from __future__ import annotations

from collections.abc import Sequence


class Union:
    """Union-find over 0..n-1; the smallest member of a set is its root, whatever the order of joins."""

    def __init__(self, clocks: Sequence[int | None]) -> None:
        self._parent = list(range(len(clocks)))
        self._first = [clock or 0 for clock in clocks]
        self._last = list(self._first)

    def find(self, member: int) -> int:
        """The root of a member's set."""
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def join(self, left: int, right: int) -> None:
        """Makes two sets one."""
        low, high = sorted((self.find(left), self.find(right)))
        if low != high:
            self._parent[high] = low
            self._first[low] = min(self._first[low], self._first[high])
            self._last[low] = max(self._last[low], self._last[high])

    def join_within(self, left: int, right: int, span: int) -> None:
        """Makes two sets one unless it would then cover more than `span`."""
        one, other = self.find(left), self.find(right)
        first = min(self._first[one], self._first[other])
        if max(self._last[one], self._last[other]) - first <= span:
            self.join(left, right)
