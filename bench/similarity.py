"""How often the known-activity ladder is right and wrong: `python -m bench.similarity`.

Technique sets of held-out reports and campaigns, and hunts over intrusions that are somebody else's.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.data import EVTX, OTRF, SHARED, SIGMA
from bench.measure import measured, sakimori
from sakimori.incidents.ladder import ALIKE, ENOUGH_TECHNIQUES
from sakimori.knowledge.naming import names_someone
from sakimori.knowledge.similarity import Profiles, cosines, likeness, ours, published, visible

INTEL = SHARED / "data" / "intel"
# ATT&CK's campaigns of groups this base describes; the third is given to nobody.
CAMPAIGNS = ("C0022", "C0057", "C0013")
LEAST, SPLIT = 5, 2020


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One cited report: the group it is of, its year where the citation says it, its techniques."""

    group: str
    cited: str
    year: int
    techniques: frozenset[str]


def reports() -> tuple[list[Report], Mapping[str, list[tuple[str, frozenset[str]]]]]:
    """Reports with five visible techniques or more; and for each group its (technique, citations)."""
    names: dict[str, str] = {}
    held: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    uses: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    with (INTEL / "attack_procedures_dprk.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["object_id"].startswith("G")]
    for row in rows:
        cited = frozenset(part.strip() for part in row["citations"].split(";") if part.strip())
        names[row["object_id"]] = row["object"]
        uses[row["object_id"]].append((row["technique"], cited))
        for one in cited:
            held[row["object_id"], one].add(row["technique"])
    found = [
        Report(group=group, cited=cited, year=_year(cited), techniques=seen)
        for (group, cited), techniques in sorted(held.items())
        if len(seen := visible(techniques)) >= LEAST
    ]
    return found, uses


def _year(cited: str) -> int:
    years = re.findall(r"20[012]\d", cited)
    return int(years[-1]) if years else 0


def left_out(report: Report, uses: Mapping[str, list[tuple[str, frozenset[str]]]]) -> Profiles:
    """All profiles, those of this base made anew without what only this report says."""
    made = {
        group: visible(one for one, cited in told if cited - {report.cited}) for group, told in uses.items()
    }
    return {**published(), **made}


def before(uses: Mapping[str, list[tuple[str, frozenset[str]]]], year: int) -> Profiles:
    """All profiles, those of this base only as far as reports up to a year say."""
    made = {
        group: visible(t for t, cited in told if any(0 < _year(one) <= year for one in cited))
        for group, told in uses.items()
    }
    return {**published(), **made}


def plain(techniques: frozenset[str], profiles: Profiles) -> dict[str, float]:
    """Jaccard with each profile, for comparison."""
    return {g: len(techniques & p) / len(techniques | p) for g, p in profiles.items() if techniques & p}


def _first(figures: Mapping[str, float]) -> str:
    return max(figures, key=lambda group: (figures[group], group), default="")


def report_rows() -> Iterator[tuple[str, int, str]]:
    """What was tried, how many, and how many came out so."""
    found, uses = reports()
    later = [one for one in found if one.year > SPLIT]
    old = before(uses, SPLIT)
    tried: dict[str, list[tuple[Report, Profiles]]] = {
        "one report left out": [(one, left_out(one, uses)) for one in found],
        f"known up to {SPLIT}, reports after it": [(one, old) for one in later],
    }
    for name, sets in tried.items():
        cosine = [(one, cosines(one.techniques, theirs)) for one, theirs in sets]
        yield f"{name}: right group first, TF-IDF", len(sets), _n(_first(f) == o.group for o, f in cosine)
        jaccard = ((one, plain(one.techniques, theirs)) for one, theirs in sets)
        yield f"{name}: right group first, Jaccard", len(sets), _n(_first(f) == o.group for o, f in jaccard)
        yield f"{name}: one of this base first", len(sets), _n(_first(f) in ours() for _, f in cosine)
        enough = [(one, theirs) for one, theirs in sets if len(one.techniques) >= ENOUGH_TECHNIQUES]
        reached = _n(_similar(one.techniques, theirs) for one, theirs in enough)
        yield f"{name}: 8 techniques or more, L1 reached", len(enough), reached


def campaign_rows() -> Iterator[tuple[str, int, str]]:
    """ATT&CK's campaigns and software of others: how often they are called similar."""
    data = json.loads((INTEL / "attack_enterprise_v18_1.json").read_text())
    others = {id_: one for id_, one in data["campaigns"].items() if id_ not in CAMPAIGNS}
    theirs = [data["campaigns"][id_] for id_ in CAMPAIGNS]
    yield "campaigns of this base's groups (or nobody's): L1", len(theirs), _n(map(_of, theirs))
    yield "campaigns of others: L1", len(others), _n(map(_of, others.values()))
    mine = {one for group in ours() for one in data["groups"][group]["software"]}
    software = [one for id_, one in data["software"].items() if id_ not in mine]
    yield "software of others: L1", len(software), _n(map(_of, software))


def _of(one: Mapping[str, list[str]]) -> bool:
    return _similar(frozenset(one["techniques"]), published())


def _similar(techniques: frozenset[str], profiles: Profiles) -> bool:
    found = likeness(techniques, profiles)
    return found.compared >= ENOUGH_TECHNIQUES and found.figure >= ALIKE and not found.others


def _n(outcomes: Iterator[bool] | map[bool]) -> str:
    return str(sum(outcomes))


def hunted(evidence: Path, folder: Path, *more: object) -> tuple[Counter[str], int]:
    """Incidents by rung, and how many of their titles and ladders name anybody."""
    case = folder / f"case-{evidence.name}"
    run = measured(sakimori("hunt", evidence, "--case", case, "--memory", "1GB", *more), folder)
    if run.code not in (0, 3):
        raise SystemExit(f"{evidence}: the hunt ended with {run.code}")
    made = json.loads((case / "incidents.json").read_text())
    words = [one["title"] + json.dumps(one["known_activity"]) for one in made]
    return Counter(one["known_activity"]["level"] for one in made), sum(map(names_someone, words))


def main() -> None:
    """Print the tables."""
    print("| what | n | held |\n|---|---|---|")
    for what, n, held in (*report_rows(), *campaign_rows()):
        print(f"| {what} | {n} | {held} |")
    print("\n| intrusions of others | incidents | L0 | L1 | L2 | L3 and more | name somebody |")
    print("|---|---|---|---|---|---|---|")
    for rules in ((), ("--rules", SIGMA)):
        for evidence in (EVTX, OTRF):
            with tempfile.TemporaryDirectory() as folder:
                levels, named = hunted(evidence, Path(folder), *rules)
            more = sum(n for level, n in levels.items() if level >= "L3")
            rungs = " | ".join(str(levels[level]) for level in ("L0", "L1", "L2"))
            pack = "SigmaHQ" if rules else "own rules"
            print(f"| {evidence.name}, {pack} | {levels.total()} | {rungs} | {more} | {named} |", flush=True)


if __name__ == "__main__":
    main()
