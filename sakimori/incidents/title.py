"""A plain title: what was done, where it began and where it went; never who did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median_low

from sakimori.findings import Finding
from sakimori.incidents.goals import goals_of
from sakimori.incidents.incident import STAGES
from sakimori.incidents.observation import Observation
from sakimori.tongue import Tongue

# How much of what the most telling host shows another must show to be the beginning, and to be the end.
HALF, A_SHARE = 0.5, 0.15
_SHAPES = {
    "single": "{what} on {host}",
    "alike": "{what} on {host} and {more} more",
    "one_host": "{what} on {host}",
    "two_hosts": "{what} from {host} to {other}",
    "many_hosts": "{what} from {host} to {other} and {more} more",
}
# What a person would name first, with the stage that orders it among others.
_THINGS = {
    "theft_or_forgery": ("theft or forgery", "reach_the_goal"),
    "destruction": ("destruction", "erase_or_destroy"),
    "exfiltration": ("data theft", "reach_the_goal"),
    "spread": ("spread", "spread"),
    "credentials": ("credential theft", "tool_up"),
    "traces_removed": ("removal of traces", "erase_or_destroy"),
    "way_in": ("break-in", "way_in"),
    "hide_and_persist": ("hidden persistence", "hide_and_persist"),
    "tool_up": ("tool delivery", "tool_up"),
    "collection": ("collection of data", "reach_the_goal"),
    "reach_the_goal": ("collection of data", "reach_the_goal"),
    "erase_or_destroy": ("removal or destruction", "erase_or_destroy"),
    "look_round": ("reconnaissance", "look_round"),
    "foothold": ("suspicious execution", "foothold"),
    "anything": ("suspicious activity", "foothold"),
}

_BOTH = "{first} and {second}"
SENTENCES = (*_SHAPES.values(), *(word for word, _ in _THINGS.values()), _BOTH)


def title_facts(seen: Sequence[Observation], alike: Sequence[str] = ()) -> dict[str, str]:
    """What a title is made of: its shape (`title_key`), the things done and the hosts.

    `alike` are the hosts on which the same was seen without a link between them.
    """
    telling = [observation for observation in seen if observation.tells] or list(seen)
    hosts = _hosts(telling)
    facts = {
        "host": hosts[0],
        "other": hosts[1] if len(hosts) > 1 else "",
        "more": str(max(0, len(hosts) - 2)),
    }
    if len({observation.finding.detector for observation in telling}) == 1:
        named = {"title_key": "single", **facts, **titles(telling[0].finding)}
        return {**named, "title_key": "alike", "more": str(len(alike) - 1)} if len(alike) > 1 else named
    first, second = _things(telling, spread=len(hosts) > 1)
    key = ("one_host", "two_hosts")[len(hosts) - 1] if len(hosts) < 3 else "many_hosts"
    return {"title_key": key, "first": first, "second": second, **facts}


def title(facts: Mapping[str, str], say: Tongue) -> str:
    """The title in the reader's tongue: `Credential theft and spread from WS-07 to SIGN-01`."""
    named = say(_SHAPES[facts["title_key"]], what=_what(facts, say), **_places(facts))
    # A Japanese title may begin with a host's name, which keeps its letters.
    return named[:1].upper() + named[1:] if say.lang == "en" else named


def finding_title(finding: Finding, say: Tongue) -> str:
    """A finding's title in the reader's tongue where its rule has one (`facts["title_ja"]`)."""
    return finding.facts.get(f"title_{say.lang}") or finding.title


def titles(finding: Finding) -> dict[str, str]:
    """The finding's title in every tongue it has, as facts: `title`, `title_ja`."""
    theirs = {key: text for key, text in finding.facts.items() if key.startswith("title_") and len(key) == 8}
    return {"title": finding.title, **theirs}


def _what(facts: Mapping[str, str], say: Tongue) -> str:
    if facts["title_key"] in ("single", "alike"):
        return facts.get(f"title_{say.lang}") or facts["title"]
    first = say(_THINGS[facts["first"]][0])
    if not facts["second"]:
        return first
    return say(_BOTH, first=first, second=say(_THINGS[facts["second"]][0]))


def _places(facts: Mapping[str, str]) -> dict[str, str]:
    return {key: facts[key] for key in ("host", "other", "more")}


def _hosts(seen: Sequence[Observation]) -> list[str]:
    """Where it began, where it went last, then the other hosts.

    The middle of what was seen on a host places it in time: one old finding of another matter does not make
    a host the beginning. Hosts where little was seen are neither beginning nor end.
    """
    worth: defaultdict[str, float] = defaultdict(float)
    clocks: defaultdict[str, list[int]] = defaultdict(list)
    for observation in seen:
        worth[observation.place.value] += observation.worth
        clocks[observation.place.value].append(observation.finding.first_seen or 0)
    most = max(worth.values())
    order = sorted(worth, key=lambda host: (median_low(clocks[host]), host))
    began = next(host for host in order if worth[host] >= HALF * most)
    ended = next(host for host in reversed(order) if worth[host] >= A_SHARE * most)
    return list(dict.fromkeys((began, ended, *sorted(worth))))


def _things(seen: Sequence[Observation], *, spread: bool) -> tuple[str, str]:
    met = {goal for observation in seen for goal in goals_of(observation.finding.techniques)}
    met |= {stage for observation in seen for stage in observation.stages[:1]} | (
        {"spread"} if spread else set()
    )
    named: dict[str, str] = {}
    for thing, (word, _) in _THINGS.items():
        if thing in met and word not in named and not _covered(thing, named):
            named[word] = thing
    best = sorted(list(named.values())[:2], key=lambda thing: STAGES.index(_THINGS[thing][1]))
    first, second, *_ = (*(best or ["anything"]), "", "")
    return first, second


def _covered(stage: str, named: Mapping[str, str]) -> bool:
    """A stage adds no word of its own where a goal in that stage is named already."""
    return stage in STAGES and any(_THINGS[thing][1] == stage for thing in named.values())
