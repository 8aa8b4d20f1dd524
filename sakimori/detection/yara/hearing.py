"""Matches of YARA rules as findings, and what became of each rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sakimori.coverage import RuleState
from sakimori.detection.indicators.match import Hearing
from sakimori.detection.subjects import normal
from sakimori.detection.yara.pack import YaraPack
from sakimori.detection.yara.rule import YaraRule
from sakimori.engine.local import PLACES, Local
from sakimori.findings import Finding, Place, Severity, Subject, by_time, day_of
from sakimori.tongue import tongue

_SUBJECTS = 64
_MISSES = "It says that the file's bytes look like this, not that it ran or who brought it."
_NEXT = "When did the file come, what put it there, and do other machines have its hash?"
_BECAUSE = "{file} matches the YARA rule {rule} ({strings}); files that match it here: {n}."
_MATCHES = """
SELECT y."Rule" AS rule, y."Namespace" AS namespace, y."Strings" AS strings, y."Path" AS path,
       y."Computer" AS host, y."Account" AS account, y."Sha256" AS sha256, y.clock, m.path AS place,
       y.record, y."offset"
FROM records.yara_match y JOIN members m USING (segment, member)
ORDER BY place, y.record
"""
Match = Mapping[str, Any]


def with_yara(met: Hearing, engine: Local, pack: YaraPack) -> Hearing:
    """What was heard, with what the rules of the pack say of this case's files."""
    rows = engine.query(_MATCHES).to_pylist() if "yara_match" in engine.logs else []
    rules = {(rule.namespace, rule.name): rule for rule in pack.rules}
    known = [row for row in rows if (row["namespace"], row["rule"]) in rules]
    found = list(_findings(known, rules))
    spoke = Counter(str(finding.detector) for finding in found)
    scanned = int(engine.query("SELECT count(*) AS n FROM file").column("n")[0].as_py())
    states = [_state(rule, spoke, scanned) for rule in pack.rules]
    states += [
        RuleState(
            detector=f"yara:{one.name}", title=one.title, level="", state="refused", events=0,
            reason=one.reason,
        )
        for one in pack.refused
    ]  # fmt: skip
    return replace(
        met,
        findings=tuple(sorted((*met.findings, *found), key=by_time)),
        states=(*met.states, *states),
        described={**met.described, "yara": pack.fingerprint},
        refused=(*met.refused, *pack.refused),
    )


def detector(rule: YaraRule) -> str:
    """The name under which a rule's findings go."""
    return f"yara:{rule.namespace}:{rule.name}"


def _state(rule: YaraRule, spoke: Counter[str], scanned: int) -> RuleState:
    found = spoke[detector(rule)]
    reasons = {
        "spoke": f"it matched on {found:,} machines and days",
        "silent": f"none of {scanned:,} files matched",
        "blind": "the evidence holds no files, only logs",
    }
    state = "spoke" if found else "silent" if scanned else "blind"
    return RuleState(
        detector=detector(rule), title=rule.title, level=rule.severity, state=state, events=found,
        reason=reasons[state], techniques=rule.techniques,
    )  # fmt: skip


def _findings(rows: Sequence[Match], rules: Mapping[tuple[str, str], YaraRule]) -> Iterator[Finding]:
    groups: defaultdict[tuple[str, str, Subject, str], list[Match]] = defaultdict(list)
    for row in rows:
        groups[row["namespace"], row["rule"], _primary(row), day_of(row["clock"])].append(row)
    for (namespace, name, primary, _), group in groups.items():
        yield _finding(rules[namespace, name], primary, group)


def _primary(row: Match) -> Subject:
    kind, value = ("host", row["host"]) if row["host"] else ("file", row["path"])
    return Subject(kind, normal(kind, value))


def _finding(rule: YaraRule, primary: Subject, group: Sequence[Match]) -> Finding:
    clocks = [row["clock"] for row in group if row["clock"] is not None]
    return Finding(
        detector=detector(rule),
        title=rule.title,
        severity=Severity.from_word(rule.severity),
        confidence="medium",
        techniques=rule.techniques,
        subjects=(primary, *sorted(set(_others(group)) - {primary})[: _SUBJECTS - 1]),
        first_seen=min(clocks, default=None),
        last_seen=max(clocks, default=None),
        count=len(group),
        places=tuple(sorted(Place(row["place"], row["record"], row["offset"]) for row in group))[:PLACES],
        because=_because(rule, group, "en"),
        facts=_facts(rule, group),
        source={"author": rule.author, "license": rule.license, "url": rule.url},
    )


def _others(group: Sequence[Match]) -> Iterator[Subject]:
    for row in group:
        for kind, column in (("file", "path"), ("hash", "sha256"), ("account", "account")):
            if row[column] and (value := normal(kind, row[column])):
                yield Subject(kind, value)


def _because(rule: YaraRule, group: Sequence[Match], lang: str) -> str:
    first = group[0]
    return tongue(lang)(
        _BECAUSE, file=first["path"], rule=rule.name, strings=first["strings"] or "-", n=len(group)
    )


def _facts(rule: YaraRule, group: Sequence[Match]) -> dict[str, str]:
    say = tongue("ja")
    facts = {
        "count": str(len(group)),
        "description": rule.title,
        "misses": _MISSES,
        "next": _NEXT,
        "title_ja": rule.title_ja,
        "because_ja": _because(rule, group, "ja"),
        "misses_ja": say(_MISSES),
        "next_ja": say(_NEXT),
        "field.rule": rule.name,
        "field.rules_file": rule.namespace,
        "field.strings": group[0]["strings"] or "",
        "field.sha256": group[0]["sha256"] or "",
    }
    return {name: value for name, value in facts.items() if value}
