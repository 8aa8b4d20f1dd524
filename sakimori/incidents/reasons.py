"""The sentences behind a score, in the reader's tongue: why each part stands there, what would lower it."""

from __future__ import annotations

from sakimori.incidents.incident import STAGES, ScorePart
from sakimori.tongue import Tongue, tongue

_BECAUSE = {
    "strength": "Because the strongest finding, “{title}”, is {severity} with {confidence} confidence;"
    " {n} detectors count here, each next one less.",
    "noise": "Because “{title}” speaks on {hosts} of {all} hosts here, on {days} host-days.",
    "stages": "Because {n} of 8 stages of an intrusion were seen: {stages}.",
    "order": "Because {n} stages came in the order of an intrusion.",
    "spread": "Because {n} hosts are linked: {hosts}.",
    "goal": "Because it comes near what an intruder wants: {goals}.",
    "breadth": "Because {n} detectors noticed different records independently.",
    "asset": "Because your organisation named {asset} as important.",
}
_LOWER_IF = {
    "strength": "Would be lower if that finding turned out to be ordinary here.",
    "noise": "Would be lower still if more of these findings were as common.",
    "stages": "Would be lower if the findings of a stage turned out to be routine.",
    "order": "Would be lower if the clocks of the sources were wrong, or the order were chance.",
    "spread": "Would be lower if what links the hosts were something they all use.",
    "goal": "Would be lower if that were done by its rightful owner.",
    "breadth": "Would be lower if those detectors saw one and the same action.",
    "asset": "Would be lower if it were not touched after all.",
}
NAMES = {
    "strength": "Strength of the findings",
    "noise": "Everyday here",
    "stages": "Stages seen",
    "order": "Order of the stages",
    "spread": "Spread over hosts",
    "goal": "Nearness to the goal",
    "breadth": "Independent detectors",
    "asset": "What is at stake",
}
STAGE_NAMES = dict(
    zip(
        STAGES,
        (
            "way in",
            "foothold",
            "look round",
            "tool up",
            "hide and persist",
            "spread",
            "reach the goal",
            "erase or destroy",
        ),
        strict=True,
    )
)
_WORDS = {
    "theft_or_forgery": "theft or forgery",
    "destruction": "destruction",
    "exfiltration": "exfiltration",
    "credentials": "credentials",
    "traces_removed": "traces removed",
    "collection": "collection of data",
    "informational": "informational",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "critical": "critical",
    **STAGE_NAMES,
}
SENTENCES = (*_BECAUSE.values(), *_LOWER_IF.values(), *NAMES.values(), *_WORDS.values())
# Facts that are keys of ours, not names from the evidence.
_KEYED = ("stages", "goals", "severity", "confidence")


def part(name: str, points: float, **facts: object) -> ScorePart:
    """A part of the score with its English sentences; `points` are rounded to a tenth."""
    texts = {key: str(value) for key, value in facts.items()}
    bare = ScorePart(name=name, points=round(points, 1), because="", lower_if="", facts=texts)
    say = tongue("en")
    return ScorePart(
        name=name, points=bare.points, because=because(bare, say), lower_if=lower_if(bare, say), facts=texts
    )


def name(found: ScorePart, say: Tongue) -> str:
    """What a part is called beside its bar."""
    return say(NAMES[found.name])


def because(found: ScorePart, say: Tongue) -> str:
    """Why the part stands there, in the reader's tongue."""
    facts = {key: _fact(key, text, say) for key, text in found.facts.items()}
    theirs = facts.get(f"title_{say.lang}")
    return say(_BECAUSE[found.name], **(facts | {"title": theirs} if theirs else facts))


def lower_if(found: ScorePart, say: Tongue) -> str:
    """What would lower the part, in the reader's tongue."""
    return say(_LOWER_IF[found.name])


def _fact(key: str, text: str, say: Tongue) -> str:
    if key not in _KEYED:
        return text
    glue = "、" if say.lang == "ja" else ", "
    return glue.join(say(_WORDS[word]) for word in text.split(", "))
