"""How far an incident resembles published activity: six rungs, each with why it holds or does not.

Never attribution. Below L3 nothing here names an actor, a campaign or a case; at L3 "unknown or another"
comes first. It is made after incidents are ranked, and nothing of it goes back into score or rank.
"""

from __future__ import annotations

from collections.abc import Iterator

from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder_beside import against, age, lift, notes, options
from sakimori.incidents.ladder_ground import NAMING, Around, Climb, Ground, Rung, Said, ground_of
from sakimori.knowledge.similarity import Likeness

# From so many techniques and this figure on, with no other published group as near, a set is similar.
ENOUGH_TECHNIQUES, ALIKE = 8, 0.25


def climb(incident: Incident, around: Around | None = None) -> Climb:
    """The account of an incident that was ranked already."""
    ground = ground_of(incident, around or Around())
    rungs = tuple(_rungs(ground))
    level = max(rung.level for rung in rungs if rung.met)
    return Climb(
        level=level,
        rungs=rungs,
        lift=tuple(lift(ground, level)),
        against=tuple(against(ground, level)),
        notes=tuple(notes(ground)),
        age=tuple(age(ground)),
        options=tuple(options(ground, level)),
        figure=round(ground.likeness.figure, 2),
        statements=ground.statements,
        seen=ground.exact if level >= NAMING else (),
    )


def _rungs(ground: Ground) -> Iterator[Rung]:
    incident = ground.incident
    generic = {"n": str(len(incident.techniques)), "findings": str(len(incident.findings))}
    yield Rung(level="L0", met=True, why=Said(key="generic", facts=generic))
    yield _similar(ground.likeness)
    yield _uncommon(ground)
    yield _trace(ground)
    yield _agreeing(ground)
    yield _named(ground)


def _similar(found: Likeness) -> Rung:
    facts = {
        "figure": f"{found.figure:.2f}", "n": str(found.compared), "others": str(found.others),
        "groups": str(found.groups), "least": f"{ALIKE:.2f}", "enough": str(ENOUGH_TECHNIQUES),
    }  # fmt: skip
    if found.compared < ENOUGH_TECHNIQUES:
        return Rung(level="L1", met=False, why=Said(key="too_few_techniques", facts=facts))
    met = found.figure >= ALIKE and not found.others
    key = "similar" if met else "others_as_near" if found.others else "not_similar"
    return Rung(level="L1", met=met, why=Said(key=key, facts=facts))


def _uncommon(ground: Ground) -> Rung:
    if ground.pair is None:
        key = "one_shape" if ground.shown else "no_shape"
        facts = {"shapes": ", ".join(one.shape.id for one in ground.shown)}
        return Rung(level="L2", met=False, why=Said(key=key, facts=facts if ground.shown else {}))
    one, other = ground.pair
    facts = {"shape": one.shape.id, "other_shape": other.shape.id}
    findings = (*one.findings, *other.findings)
    return Rung(level="L2", met=True, why=Said(key="pair", facts=facts, findings=findings))


def _trace(ground: Ground) -> Rung:
    if not ground.exact:
        key = "only_doubted" if ground.seen else "no_trace"
        facts = {"n": str(len(ground.seen))} if ground.seen else {}
        return Rung(level="L3", met=False, why=Said(key=key, facts=facts))
    first = ground.exact[0]
    facts = {"value": first.value, "by": ", ".join(sorted(first.publishers)) or "-",
             "published": first.published or "-", "n": str(len(ground.exact))}  # fmt: skip
    findings = tuple(one.finding for one in ground.exact)
    return Rung(level="L3", met=True, why=Said(key=f"trace_{first.sort}", facts=facts, findings=findings))


def _agreeing(ground: Ground) -> Rung:
    if ground.agreed is None:
        return Rung(level="L4", met=False, why=Said(key="not_agreed"))
    trace, other = ground.agreed
    facts = {
        "family": trace.families[0], "value": trace.value, "infrastructure": other.value,
        "by": ", ".join(sorted(trace.publishers)), "other_by": ", ".join(sorted(other.publishers)),
    }  # fmt: skip
    return Rung(
        level="L4", met=True, why=Said(key="agreed", facts=facts, findings=(trace.finding, other.finding))
    )


def _named(ground: Ground) -> Rung:
    if not ground.statements:
        return Rung(level="L5", met=False, why=Said(key="not_named"))
    one = ground.statements[0]
    facts = {"by": one.by, "published": one.published, "quote": one.quote, "entered_by": one.entered_by,
             "where": one.url or one.document}  # fmt: skip
    return Rung(level="L5", met=True, why=Said(key=f"named_by_{one.kind}", facts=facts))
