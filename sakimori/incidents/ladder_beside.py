"""What stands beside the rungs: what speaks against them, shared tools, false flags, age, who it may be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sakimori.findings import Subject
from sakimori.incidents.ladder_ground import LEVELS, NAMING, Ground, Option, Said, shared_clusters
from sakimori.incidents.ladder_seen import Seen
from sakimori.knowledge.entries import Family
from sakimori.knowledge.known import known
from sakimori.knowledge.shared_tools import shared_tools
from sakimori.knowledge.techniques import OLDER

_SHOWN = 4
_CYRILLIC = re.compile(r"[\u0400-\u04ff]{3}")
_LOGS = 3


def against(ground: Ground, level: str) -> Iterator[Said]:
    """What contradicts or weakens it; where nothing does, that this is no confirmation."""
    found = [*_doubted(ground), *_others(ground), *_ordinary(ground)]
    if level >= NAMING:
        found += [*_alone(ground), *_known_since(ground), *_owners(ground)]
    yield from found or [Said(key="nothing_against")]


def _doubted(ground: Ground) -> Iterator[Said]:
    for one in [one for one in ground.seen if not one.exact][:_SHOWN]:
        facts = {"value": one.value, "doubts": ", ".join(one.doubts)}
        yield Said(key=f"doubted_{one.sort}", facts=facts, findings=(one.finding,))


def _others(ground: Ground) -> Iterator[Said]:
    found = ground.likeness
    if found.others and found.figure:
        yield Said(key="nearer_others", facts={"n": str(found.others), "groups": str(found.groups)})


def _ordinary(ground: Ground) -> Iterator[Said]:
    for one in ground.shown[:_SHOWN]:
        yield Said(key="ordinary", facts={"shape": one.shape.id, "twin": one.shape.id}, findings=one.findings)
        if one.everyday(ground.around.hosts):
            facts = {
                "shape": one.shape.id,
                "hosts": str(one.hosts),
                "all": str(ground.around.hosts),
            }
            yield Said(key="everyday", facts=facts, findings=one.findings)


def _alone(ground: Ground) -> Iterator[Said]:
    if len(ground.exact) == 1:
        yield Said(key="one_trace", findings=(ground.exact[0].finding,))


def _known_since(ground: Ground) -> Iterator[Said]:
    days = [one.days for one in ground.exact if one.days is not None and one.days > 0]
    if days:
        yield Said(key="known_since", facts={"days": str(max(days))})


def _owners(ground: Ground) -> Iterator[Said]:
    met = dict.fromkeys(id_ for one in ground.exact for id_ in one.families)
    for family in map(known().entry, met):
        if isinstance(family, Family) and len(family.clusters) > 1:
            facts = {"family": family.id, "clusters": ", ".join(family.clusters)}
            yield Said(key="several_owners", facts=facts)
    pointed = [one for one in ground.exact if one.clusters]
    if len(pointed) > 1 and not set.intersection(*(set(one.clusters) for one in pointed)):
        clusters = dict.fromkeys(cluster for one in pointed for cluster in one.clusters)
        yield Said(key="split", facts={"clusters": ", ".join(clusters)})


def notes(ground: Ground) -> Iterator[Said]:
    """Tools that many share, and what could be planted."""
    tools: dict[str, list[str]] = {}
    for finding in ground.incident.findings:
        for tool in _tools(finding.subjects):
            tools.setdefault(tool, []).append(finding.id)
    if tools:
        findings = tuple(dict.fromkeys(id_ for ids in tools.values() for id_ in ids))
        yield Said(key="shared_tools", facts={"tools": ", ".join(sorted(tools))}, findings=findings)
    written = [f.id for f in ground.incident.findings if _CYRILLIC.search(" ".join(_evidence(f.facts)))]
    if written:
        yield Said(key="cyrillic", findings=tuple(written))
    yield Said(key="false_flags")


def _tools(subjects: Iterable[Subject]) -> Iterator[str]:
    for subject in subjects:
        if subject.type in ("file", "process", "service"):
            name = subject.value.replace("/", "\\").rpartition("\\")[2].casefold()
            if name in shared_tools():
                yield shared_tools()[name]


def _evidence(facts: Mapping[str, str]) -> Iterator[str]:
    yield from (text for key, text in facts.items() if key.startswith("field."))


def age(ground: Ground) -> Iterator[Said]:
    """How old what it was compared with is, and what was met."""
    newest = max(one.published for one in known().publications.values())
    yield Said(key="base_age", facts={"newest": newest, "attack": OLDER})
    if ground.around.bundles:
        yield Said(key="bundles", facts={"bundles": "; ".join(ground.around.bundles)})
    else:
        yield Said(key="no_bundles")
    for one in ground.exact[:_SHOWN]:
        if one.days is None:
            yield Said(key="met_undated", facts={"value": one.value})
        elif one.days >= 0:
            yield Said(key="met_before", facts={"value": one.value, "days": str(one.days)})
        else:
            yield Said(key="met_after", facts={"value": one.value, "days": str(-one.days)})


def lift(ground: Ground, level: str) -> Iterator[Said]:
    """What would lift it one rung; below L3 also what would lift it there at once. Empty at the top."""
    if level == LEVELS[-1]:
        return
    wanted = LEVELS[LEVELS.index(level) + 1]
    yield from {
        "L1": _to_similar, "L2": _to_pair, "L3": _to_trace, "L4": _to_agreement, "L5": _to_name,
    }[wanted](ground)  # fmt: skip
    if wanted < NAMING:
        yield from _to_trace(ground)


def _to_similar(ground: Ground) -> Iterator[Said]:
    blind = "; ".join(ground.around.blind[:_LOGS])
    if blind:
        yield Said(key="lift_logs", facts={"logs": blind})
    else:
        yield Said(key="lift_techniques")


def _to_pair(ground: Ground) -> Iterator[Said]:
    shapes = ", ".join(one.shape.id for one in ground.shown)
    yield Said(key="lift_second_shape", facts={"shapes": shapes}) if shapes else Said(key="lift_shapes")


def _to_trace(ground: Ground) -> Iterator[Said]:
    for one in [one for one in ground.seen if not one.exact][:_SHOWN]:
        yield Said(key="lift_doubt", facts={"value": one.value, "doubts": ", ".join(one.doubts)})
    yield Said(key="lift_hashes" if ground.around.bundles else "lift_import")


def _to_agreement(ground: Ground) -> Iterator[Said]:
    families = any(one.families and not one.network for one in ground.exact)
    if not families:
        yield Said(key="lift_family")
    if not any(one.network for one in ground.exact):
        yield Said(key="lift_infrastructure")
    if families and any(one.network for one in ground.exact):
        yield Said(key="lift_second_source")


def _to_name(ground: Ground) -> Iterator[Said]:
    yield Said(key="lift_name", facts={"id": ground.incident.id})


def options(ground: Ground, level: str) -> Iterator[Option]:
    """Who it may be, the likelier first; "unknown or another" is always among them, below L3 alone."""
    unknown = Option(kind="unknown", name="", weight="", because=_unknown(level))
    if level < NAMING:
        yield unknown
        return
    yield from (
        Option(kind="named", name=one.quote, weight="stated", because=_stated(one.by, one.published))
        for one in ground.statements
    )
    hypotheses = [*_clusters(ground, level), *_quoted(ground.exact)]
    medium = [one for one in hypotheses if one.weight == "medium"]
    yield from medium
    yield unknown
    yield from (one for one in hypotheses if one.weight != "medium")


def _unknown(level: str) -> Said:
    return Said(key="unknown_below" if level < NAMING else "unknown_first" if level == "L3" else "unknown")


def _stated(by: str, published: str) -> Said:
    return Said(key="because_stated", facts={"by": by, "published": published})


def _clusters(ground: Ground, level: str) -> Iterator[Option]:
    borne = Counter(cluster for one in ground.exact for cluster in dict.fromkeys(one.clusters))
    sure = shared_clusters(*ground.agreed) if ground.agreed else ()
    for cluster, n in sorted(borne.items(), key=lambda item: (item[0] not in sure, -item[1], item[0])):
        held = [one for one in ground.exact if cluster in one.clusters]
        publishers = sorted({name for one in held for name in one.publishers})
        facts = {"n": str(n), "publishers": ", ".join(publishers) or "-"}
        because = Said(key="because_traces", facts=facts, findings=tuple(one.finding for one in held))
        weight = "medium" if level >= "L4" and cluster in sure else "low"
        yield Option(kind="cluster", name=cluster, weight=weight, because=because)


def _quoted(exact: Iterable[Seen]) -> Iterator[Option]:
    """What an indicator is said to be of, where this base knows no such cluster."""
    for said in dict.fromkeys(one.said for one in exact if one.said and not one.clusters):
        findings = tuple(one.finding for one in exact if one.said == said)
        yield Option(
            kind="said", name=said, weight="low", because=Said(key="because_said", findings=findings)
        )
