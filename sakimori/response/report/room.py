"""How much of a case one page holds: it must open on any machine, and the files beside it hold the rest."""

from __future__ import annotations

from dataclasses import dataclass

PAGE_BYTES = 4_900_000


@dataclass(frozen=True, slots=True)
class Room:
    """Budgets of a page. `records` and `table` in bytes, `rows` of evidence in each incident."""

    records: int = 1_000_000
    table: int = 3_000_000
    rows: int = 120
    pages: int = 50

    def smaller(self) -> Room:
        """Three fifths of the room, for a page that came out too large; whole incidents go last."""
        return Room(
            records=self.records * 3 // 5,
            table=self.table * 3 // 5,
            rows=max(10, self.rows * 3 // 5),
            pages=self.pages if self.rows > 30 else max(5, self.pages * 3 // 5),
        )
