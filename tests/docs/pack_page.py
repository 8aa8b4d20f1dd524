"""`docs/pack-coverage.md`, made of rules, their cases and the readers: `python -m tests.docs.pack_page`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sakimori.detection.behaviour import Behaviour
from tests.rules.through_readers import FILES, cases, rules, spoke
from tests.rules.tiers import TIERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pack-coverage.md"
COVERAGE = Path(__file__).resolve().parents[2] / "rules" / "lazarus" / "coverage.toml"
_START = """\
# What the pack can see

Made by `python -m tests.docs.pack_page`; a test holds it current.

Public reports describe behaviours of the Lazarus Group and its clusters. Each that a report has **seen** is
a row here, with the rules (`rules/`) and behaviours (`sakimori/detection/behaviours/`) that look for it, or
the reason why no log shows it. A rule counts only because its own speaking cases, written as each log writes
them, went through Sakimori's reader of that log and the rule spoke. Behaviours stand in *italics*; they read
tables, whatever log filled them ([evidence.md](evidence.md)), and have tests of their own. To be covered
means that the shape is looked for: every rule says what it misses, and what was done in one way in one case
may be done in another in the next.
"""
_TIERS = """
## How much of it can speak, by what is switched on

Rows: those for which a rule can speak there; behaviours are not counted. Each line on Windows includes those
before it. "default Windows" is what Windows writes as it is installed: no program starts, no command lines.
The second adds, by group policy, process creation with command lines (4688), script blocks (4104), tasks
(4698), shares and system extensions. "EDR export" is CrowdStrike, SentinelOne, Defender or Carbon Black,
whichever sees it.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A seen behaviour: what looks for it, and why no log shows it where that is so."""

    id: str
    name: str
    rules: tuple[str, ...]
    behaviours: tuple[str, ...]
    no_log: str


@cache
def coverage() -> Mapping[str, Any]:
    """`rules/lazarus/coverage.toml`."""
    return tomllib.loads(COVERAGE.read_text(encoding="utf-8"))


def rows() -> tuple[Row, ...]:
    """All rows, by id."""
    named: dict[str, list[str]] = {}
    for name, rule in rules().items():
        for row in rule.get("sakimori", {}).get("behaviours", ()):
            named.setdefault(row, []).append(name)
    found = coverage()
    return tuple(
        Row(
            id_,
            name,
            tuple(named.get(id_, ())),
            tuple(found["behaviours"].get(id_, ())),
            found["no_log"].get(id_, ""),
        )
        for id_, name in found["names"].items()
    )


@cache
def tiers_of_rule(name: str) -> frozenset[str]:
    """The tiers in which a rule can speak: those that have a log on which one of its cases made it speak."""
    told = [(log, cases(name)["speaks"][at]) for at, logs in spoke()[name].items() for log in logs]
    return frozenset(tier for tier, has in TIERS.items() if any(has(log, event) for log, event in told))


def page() -> str:
    """The whole page."""
    found = rows()
    return "\n".join(
        (_START + _counts(found), _TIERS, _tiers(found), "## Row by row\n", _rows(found), *_others())
    )


def _counts(found: tuple[Row, ...]) -> str:
    covered = [row for row in found if row.rules or row.behaviours]
    unseen = [row for row in found if row.no_log]
    return (
        f"\n{len(rules())} rules. Of {len(found)} rows {len(covered)} are looked for "
        f"({sum(bool(row.rules) for row in covered)} by a rule); {len(unseen)} are in no log.\n"
    )


def _tiers(found: tuple[Row, ...]) -> str:
    def able(tier: str) -> tuple[str, ...]:
        speaking = sum(tier in tiers_of_rule(name) for name in rules())
        return (tier, str(speaking), str(sum(tier in _tiers_of(row) for row in found)))

    lines = [able(tier) for tier in TIERS]
    return _table(("what is switched on", f"rules (of {len(rules())})", f"rows (of {len(found)})"), lines)


def _tiers_of(row: Row) -> frozenset[str]:
    return frozenset().union(*(tiers_of_rule(name) for name in row.rules))


def _rows(found: tuple[Row, ...]) -> str:
    return _table(("row", "what was seen", "looked for by", "where it can speak"), map(_told, found))


def _told(row: Row) -> tuple[str, ...]:
    looked = [*(_link(name) for name in row.rules), *(f"*{name}*" for name in row.behaviours)]
    where = ", ".join(tier for tier in TIERS if tier in _tiers_of(row))
    return row.id, row.name, ", ".join(looked) or "-", where or _tables_of(row) or row.no_log


def _tables_of(row: Row) -> str:
    """The tables that the row's behaviours read: docs/evidence.md says which logs fill them."""
    read = {table for name in row.behaviours for table in _behaviour(name).tables}
    return "any log that fills " + ", ".join(f"`{table}`" for table in sorted(read)) if read else ""


def _behaviour(name: str) -> Behaviour:
    found: Behaviour = getattr(import_module(f"sakimori.detection.behaviours.{name}"), name)
    return found


def _link(name: str) -> str:
    return f"[{name}](../{FILES[name].relative_to(PAGE.parents[1]).as_posix()})"


def _others() -> Iterator[str]:
    others = [name for name, rule in rules().items() if not rule.get("sakimori", {}).get("behaviours")]
    yield "\n## Rules that stand on no row\n\nShapes shared with every thief of sessions, keys, machines.\n"
    yield _table(
        ("rule", "where it can speak"),
        ((_link(name), ", ".join(tier for tier in TIERS if tier in tiers_of_rule(name))) for name in others),
    )


def _table(names: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    whole = [names, tuple("---" for _ in names), *lines]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in one) + " |\n" for one in whole)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
