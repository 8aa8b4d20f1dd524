"""Analytics on tables, one a file: `docs/adding-a-behaviour.md` builds the shortest one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sakimori.engine.local import Local
    from sakimori.findings import Finding


def run_behaviours(
    engine: Local, member_paths: Mapping[tuple[str, int], str] | None = None
) -> tuple[Finding, ...]:
    """The findings of all behaviours, sorted by time and id.

    The engine knows the paths of members by itself; `member_paths` may be left away. What the behaviours
    could not do is told by `sakimori.detection.run_behaviours.hear`.
    """
    from sakimori.detection.run_behaviours import hear

    return hear(engine).findings
