"""`sakimori segments check` and `segments export`: walls between segments, held against what logs saw."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from cyclopts import App, Parameter

from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.audits.segments import Flow, Report, Rule, Verdict
    from sakimori.tongue import Tongue

segments = App(
    name="segments",
    help="Walls between segments as one file, checked against flows.",
    help_format="plaintext",
)
Lang = Literal["en", "ja"] | None
VIOLATED, SHOWN = 3, 30
_TOLD = ("violated", "blocked", "unlabelled")


def check(
    file: Path,
    flows: Path,
    /,
    *,
    format: Literal["text", "json"] = "text",
    on: str = "",
    mapping: Annotated[list[Path] | None, Parameter(negative=())] = None,
    lang: Lang = None,
) -> int:
    """Hold a file of segments against flows. Ends with 3 where something went through that should not.

    Parameters
    ----------
    file:
        The YAML of segments; docs/segments.md has its format.
    flows:
        The case folder of a hunt, or a CSV with the columns source, destination, port, protocol, state.
    format:
        text for people, json for scripts.
    on:
        The day whose exceptions count (2026-03-01); today by default.
    mapping:
        The mapping files of that hunt.
    lang:
        en or ja.
    """
    from sakimori.audits.segments import judge, read_plan
    from sakimori.cli.hunting import spoken
    from sakimori.tongue import tongue

    today = datetime.now(UTC).date()
    plan = read_plan(file, today)
    day = _day(on, today)
    seen, left = _flows(flows, mapping or [])
    report = judge(plan, seen, day)
    if format == "json":
        text = orjson.dumps(_plain(report, left), option=orjson.OPT_INDENT_2).decode()
    else:
        text = "\n".join(_lines(report, left, tongue(lang or spoken())))
    sys.stdout.write(text + "\n")
    return 0 if report.holds else VIOLATED


def export(
    file: Path, /, *, as_: Annotated[Literal["nftables"], Parameter(name="--as")], on: str = ""
) -> int:
    """Print a file of segments as rules that enforce it. What cannot be carried over is said.

    Parameters
    ----------
    file:
        The YAML of segments.
    as_:
        What to write: nftables.
    on:
        The day whose exceptions count (2026-03-01); today by default.
    """
    from sakimori.audits.segments import nftables, read_plan
    from sakimori.audits.segments.nftables import left_out
    from sakimori.response.hostile import for_terminal

    today = datetime.now(UTC).date()
    plan = read_plan(file, today)
    day = _day(on, today)
    sys.stdout.write(nftables(plan, day))
    for line in left_out(plan, day):
        print(f"sakimori: {for_terminal(line)}", file=sys.stderr)
    return 0


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        raise UsageError(f"--on {text}: not a date. Write it like 2026-03-01.") from None


def _flows(path: Path, mappings: list[Path]) -> tuple[tuple[Flow, ...], int]:
    from sakimori.audits.segments import from_csv, from_tables
    from sakimori.engine.local import Local
    from sakimori.evidence.generic import known_logs
    from sakimori.records.store import Store

    if not path.is_dir():
        return from_csv(path), 0
    if not (path / "store").is_dir():
        raise UsageError(f"{path} is no case: run `sakimori hunt EVIDENCE --case {path}` first.")
    with (
        closing(Store(path / "store").open()) as store,
        Local(store, known_logs(mappings), 192 << 20, store.root / "spill") as local,
    ):
        if "network_flow" not in local.fed:
            raise UsageError(f"{path} holds no log of connections; hunt in one, or give a CSV of flows.")
        return from_tables(local.query)


def _plain(report: Report, left: int) -> dict[str, Any]:
    return {
        "holds": report.holds,
        "connections": {**report.counts, "not_judged": left},
        "flows": [_flow(one) for one in report.verdicts],
        "never_used": [rule.name for rule in report.unused],
        "expired": [
            {"name": r.name, "owner": r.owner, "reason": r.reason, "expires": r.expires}
            for r in report.expired
        ],
    }


def _flow(one: Verdict) -> dict[str, Any]:
    flow = one.flow
    return {
        "result": one.result,
        "rule": one.rule or None,
        "from": one.source,
        "to": one.target,
        "source": flow.source,
        "destination": flow.destination,
        "destination_host": flow.target_name or None,
        "protocol": flow.protocol,
        "port": flow.port,
        "connections": flow.flows,
        "answered": flow.reached,
    }


def _lines(report: Report, left: int, say: Tongue) -> Iterator[str]:
    counts = {result: f"{n:,}" for result, n in report.counts.items()}
    yield say(
        "Connections: {allowed} allowed, {violated} violated, {blocked} attempted and blocked, "
        "{unlabelled} unlabelled.",
        **counts,
    )
    if left:
        yield say("{n} records of connections name no address or no time and were not judged.", n=f"{left:,}")
    if not report.verdicts:
        yield say("No connections were judged: this proves nothing.")
    for result in _TOLD:
        yield from _section(result, [one for one in report.verdicts if one.result == result], say)
    if report.unused:
        yield say("Allowed, never used:")
        yield from (f"  {_safe(_told(rule))}" for rule in report.unused)
    for rule in report.expired:
        facts = {"name": _safe(rule.name), "owner": _safe(rule.owner), "when": rule.expires}
        yield say("The exception {name} of {owner} ended on {when} and does not count.", **facts)


def _section(result: str, found: Sequence[Verdict], say: Tongue) -> Iterator[str]:
    if not found:
        return
    yield f"{_title(result, say)}:"
    yield from (f"  {_safe(line)}" for line in _rows(found[:SHOWN], say))
    if len(found) > SHOWN:
        yield "  " + say("and {n} more; --format json has them all.", n=f"{len(found) - SHOWN:,}")


def _title(result: str, say: Tongue) -> str:
    if result == "violated":
        return say("Violated")
    return say("Attempted and blocked") if result == "blocked" else say("Unlabelled")


def _rows(found: Iterable[Verdict], say: Tongue) -> Iterator[str]:
    for one in found:
        flow = one.flow
        name = f" ({flow.target_name})" if flow.target_name else ""
        by = flow.protocol if flow.port is None else f"{flow.protocol}/{flow.port}"
        ends = f"{_where(one.source)} {flow.source} -> {_where(one.target)} {flow.destination}{name}"
        why = one.rule or ("" if one.result == "unlabelled" else say("nothing allows it"))
        yield f"{ends} {by} ×{flow.flows:,}" + (f"  [{why}]" if why else "")


def _where(names: Sequence[str]) -> str:
    return "+".join(names) or "?"


def _told(rule: Rule) -> str:
    return f"{rule.name}: {rule.source} -> {rule.target}"


def _safe(text: str) -> str:
    from sakimori.response.hostile import for_terminal

    return for_terminal(text)


segments.command(check)
segments.command(export)
