"""Everything a case folder holds for people and programs, written whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sakimori.response.case import Case
from sakimori.response.contract import write_contract
from sakimori.response.exports import EXPORTS
from sakimori.response.report import write_report
from sakimori.response.trail import write_trail


def write_case(case: Case, folder: Path, out: Sequence[str] = ()) -> None:
    """Write report, findings, incidents and manifest, and the exports `out` names besides."""
    write_contract(case, folder)
    write_trail(case, folder)
    write_report(case, folder / "report.html")
    for name in dict.fromkeys(out):
        EXPORTS[name](case, folder)
