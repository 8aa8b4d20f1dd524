"""The sentences of the ladder in the reader's tongue, made of a key and its facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sakimori.incidents.ladder_ground import Climb, Option, Said
from sakimori.knowledge.entries import Shape
from sakimori.knowledge.known import known
from sakimori.tongue import Tongue

RUNGS = {
    "L0": "generic techniques",
    "L1": "a similar set of techniques",
    "L2": "an uncommon pair of behaviours",
    "L3": "one exact artefact or dated indicator",
    "L4": "family, artefact and infrastructure, from two independent sources",
    "L5": "a government or vendor has named this incident",
}
NO_ATTRIBUTION = (
    "The ladder compares with what others have published. It is no attribution and adds nothing to a rank."
)
_SAYS: Mapping[str, str] = {
    # rungs: why, or why not
    "generic": "{n} techniques in {findings} findings: such as very many intrusions show.",
    "too_few_techniques": "{n} techniques can be compared; a likeness of fewer than {enough} says nothing.",
    "similar": "The set of techniques is alike to published ones by {figure} (of 0 to 1), and none "
    "of the published groups that this base leaves out is as near. That names nobody: it is often wrong.",
    "others_as_near": "The likeness of techniques is {figure} (of 0 to 1), and {others} of {groups} "
    "published groups, all left out of this base, are at least as near.",
    "not_similar": "The likeness of techniques is {figure} (of 0 to 1); from {least} on it would be "
    "called similar.",
    "no_shape": "None of the behaviours that reports call uncommon was seen.",
    "one_shape": "Seen, but not as a pair of uncommon ones in different records: {shapes}.",
    "pair": "Two uncommon behaviours in different records: “{shape}” and “{other_shape}”.",
    "no_trace": "No exact artefact of the base and no indicator was met.",
    "only_doubted": "{n} were met, and each has a doubt that keeps it below this rung.",
    "trace_artefact": "An exact artefact was met: {value} (published by {by}, {published}; {n} traces in "
    "all).",
    "trace_indicator": "A dated indicator was met: {value} (reported by {by}, {published}; {n} traces in "
    "all).",
    "trace_release": "A release was met that is known to be changed or made to harm: {value} (reported by "
    "{by}, {published}; {n} traces in all).",
    "not_agreed": "No family, artefact and infrastructure point the same way from two independent sources.",
    "agreed": "{value} belongs to {family} (by {by}), and {infrastructure} is reported of the same "
    "activity by {other_by}.",
    "not_named": "Nobody's statement about this incident was entered.",
    "named_by_government": "{by} (government, {published}): “{quote}” Entered by {entered_by}; it stands in "
    "{where}.",
    "named_by_vendor": "{by} (vendor, {published}): “{quote}” Entered by {entered_by}; it stands in {where}.",
    # what speaks against it
    "doubted_indicator": "{value} was met, and counts for nothing above L2: {doubts}.",
    "doubted_artefact": "{value} was met, and counts for nothing above L2: {doubts}.",
    "doubted_release": "{value} was met, and counts for nothing above L2: {doubts}.",
    "nearer_others": "By techniques alone, {n} of {groups} published groups that this base does not "
    "describe are at least as near.",
    "ordinary": "“{shape}” has honest twins: {twin}",
    "everyday": "“{shape}” was seen on {hosts} of {all} hosts here: so it counts for no pair.",
    "one_trace": "A single trace carries it; it may be copied, planted or left over from somebody else.",
    "known_since": "What was met was public up to {days} days before: whoever read of it could use it "
    "since.",
    "several_owners": "{family} is reported of several clusters: {clusters}.",
    "split": "What was met points to different clusters: {clusters}.",
    "nothing_against": "Nothing that was compared speaks against it, and that confirms nothing.",
    # shared tools and false flags
    "shared_tools": "Tools that very many use were met, and they name nobody: {tools}.",
    "cyrillic": "Text in Cyrillic letters was met. Such letters have been planted before and count "
    "for nothing here.",
    "false_flags": "Language, clocks, borrowed code and file names can be planted; none of them counts "
    "for a rung.",
    # age
    "base_age": "The base compared with reaches to publications of {newest}, and ATT&CK {attack}.",
    "bundles": "Indicators looked for: {bundles}.",
    "no_bundles": "No indicators were given, so only artefacts of the base could be met.",
    "met_before": "{value}: last reported {days} days before the event.",
    "met_after": "{value}: reported {days} days after the event.",
    "met_undated": "{value}: its age at the event cannot be told.",
    # what would lift it
    "lift_logs": "Records that were not given would show more techniques: {logs}.",
    "lift_techniques": "More techniques, or a set that is nearer to published ones than other groups' are.",
    "lift_shapes": "Two behaviours that reports call uncommon, in different records.",
    "lift_second_shape": "A second uncommon behaviour in other records, beside: {shapes}.",
    "lift_doubt": "For {value}, a dated source that answers this: {doubts}.",
    "lift_import": "An exact trace: import dated indicators (sakimori intel import) and hunt again over "
    "the same evidence.",
    "lift_hashes": "An exact trace: take the files named in the evidence, and compare their hashes and "
    "contents with reports.",
    "lift_family": "A file or command that a publication assigns to a malware family: have the files "
    "analysed.",
    "lift_infrastructure": "A dated address, name or link of the same activity, from another publisher.",
    "lift_second_source": "A second publisher, independent of the first, that reports the same activity.",
    "lift_name": "A government or vendor that names this incident: enter its words in named.yml for "
    "incident {id}.",
    # who it may be
    "unknown_below": "Nothing that was met is exact enough to name anybody.",
    "unknown_first": "It stands first: one trace can be copied, bought or planted.",
    "unknown": "It remains possible: traces can be copied, bought or planted.",
    "because_traces": "{n} exact traces are reported of it, by {publishers}.",
    "because_said": "So an indicator that was met is said to be of; this base describes no such cluster.",
    "because_stated": "{by} says so, {published}.",
}  # fmt: skip
_DOUBTS: Mapping[str, str] = {
    "undated": "nobody says when it was seen",
    "expired": "its source no longer vouched for it at that time",
    "old": "it was reported long before and may have another owner now",
    "hacked legitimate site": "it belongs to somebody who was broken into",
    "shared hosting": "many share it",
    "sinkhole": "defenders hold it now",
    "no time": "the records carry no time, so its age cannot be told",
    "common name": "anybody may use such a name",
    "low confidence": "its source has little confidence in it",
    "unclear version": "the version that would decide is not given",
    "another's": "it is reported of somebody else",
    "disputed": "sources contradict each other",
    "recalled": "its publication has not been read again",
}
_OPTIONS: Mapping[str, str] = {"unknown": "unknown or another actor", "said": "said to be of: “{name}”",
                               "named": "named: “{name}”"}  # fmt: skip
_WEIGHTS: Mapping[str, str] = {"low": "low", "medium": "medium", "stated": "a statement, not a conclusion"}
SENTENCES = (*RUNGS.values(), NO_ATTRIBUTION, *_SAYS.values(), *_DOUBTS.values(), *_OPTIONS.values(),
             *_WEIGHTS.values())  # fmt: skip


def text(said: Said, say: Tongue) -> str:
    """The sentence."""
    facts = {key: _FACTS.get(key, _as_it_is)(value, say) for key, value in said.facts.items()}
    return say(_SAYS[said.key], **facts)


def option(one: Option, say: Tongue) -> str:
    """Who it may be: a cluster's title, a quotation, or `unknown or another actor`."""
    if one.kind == "cluster":
        return known().entry(one.name).title.of(say.lang)
    return say(_OPTIONS[one.kind], **({"name": one.name} if one.name else {}))


def weight(one: Option, say: Tongue) -> str:
    """How much the option weighs; empty for the unknown."""
    return say(_WEIGHTS[one.weight]) if one.weight else ""


def standing(climb: Climb, say: Tongue) -> str:
    """The rung reached in one line: `L2: an uncommon pair of behaviours`."""
    return f"{climb.level}: {say(RUNGS[climb.level])}"


def _as_it_is(value: str, say: Tongue) -> str:
    return value


def _titles(value: str, say: Tongue) -> str:
    return listed((known().entry(one).title.of(say.lang) for one in value.split(", ")), say)


def _doubts(value: str, say: Tongue) -> str:
    return listed((say(_DOUBTS.get(one, one)) for one in value.split(", ")), say)


def _twin(value: str, say: Tongue) -> str:
    entry = known().entry(value)
    return entry.ordinary.of(say.lang) if isinstance(entry, Shape) else ""


def _logs(value: str, say: Tongue) -> str:
    return listed((say(one) if "{" not in one else one for one in value.split("; ")), say)


def listed(texts: Iterable[str], say: Tongue) -> str:
    """`a, b` or `a、b`."""
    return ("、" if say.lang == "ja" else ", ").join(texts)


# Facts that are keys and ids of ours, not texts of the evidence.
_FACTS: Mapping[str, Callable[[str, Tongue], str]] = {
    "shape": _titles,
    "other_shape": _titles,
    "shapes": _titles,
    "family": _titles,
    "clusters": _titles,
    "twin": _twin,
    "doubts": _doubts,
    "logs": _logs,
}
