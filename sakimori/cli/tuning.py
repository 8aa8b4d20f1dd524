"""`sakimori rules noise` and `rules propose`: what rules say on ordinary days, and a filter for it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from cyclopts import Parameter

from sakimori.errors import RuleError, UsageError

if TYPE_CHECKING:
    from sakimori.detection.sigma.baseline import Noise
    from sakimori.detection.sigma.proposing import Proposal
    from sakimori.records.batch import Batch
    from sakimori.records.plan import Plan
    from sakimori.tongue import Tongue

Lang = Literal["en", "ja"] | None
LONGEST, FOUND_WANTING = 160, 3


def noise(
    folder: Path,
    evidence: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    mapping: Annotated[list[Path] | None, Parameter(negative=())] = None,
    placeholders: Path | None = None,
    absence: bool = False,
    format: Literal["text", "json"] = "text",
    zone: str = "UTC",
    lang: Lang = None,
) -> int:
    """Say what rules find in evidence of ordinary days; those that spoke on most hosts first.

    Parameters
    ----------
    folder:
        Folder of Sigma YAML.
    evidence:
        Folders or files that hold logs of days on which nothing happened.
    mapping:
        YAML files that describe logs Sakimori does not know.
    placeholders:
        YAML file with the values of rules' placeholders: `placeholders: {Servers: [a, b]}`.
    absence:
        Let correlations speak of what did not happen (SEP 198).
    format:
        text for people, json for scripts.
    zone:
        Zone assumed for times that name none.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.detection.sigma.baseline import hits_in, noise_of
    from sakimori.detection.sigma.engine import Engine
    from sakimori.detection.sigma.pack import load_pack
    from sakimori.detection.sigma.placeholders import read_lists
    from sakimori.evidence.generic import known_logs
    from sakimori.setting import cache_folder
    from sakimori.tongue import tongue

    pack = load_pack([folder], cache_folder(), absence=absence, placeholders=read_lists(placeholders))
    engine = Engine(pack, known_logs(mapping or []))
    found = noise_of(hits_in(read(evidence, engine.plan(), zone), engine), engine)
    if format == "json":
        sys.stdout.write(
            orjson.dumps([_plain(one) for one in found], option=orjson.OPT_INDENT_2).decode() + "\n"
        )
    else:
        say = tongue(lang or spoken())
        print(say("{n} of {of} rules spoke here.", n=len(found), of=len(pack.rules) - len(pack.quiet)))
        print("\n".join(line for one in found for line in told(one, say)))
    return 0


def read(evidence: Sequence[Path], plan: Plan, zone: str) -> Iterable[Batch]:
    """The evidence in batches, as `hunt` reads it."""
    from sakimori.cli.hunting import known_zone
    from sakimori.evidence.reading import batches_of
    from sakimori.records.clock import Zone

    return batches_of(evidence, plan, Zone(known_zone(zone)))


def _plain(one: Noise) -> dict[str, Any]:
    return {
        "id": one.rule.id,
        "title": one.rule.title,
        "level": one.rule.level,
        "file": one.rule.file,
        "events": one.events,
        "hosts": one.hosts,
        "days": one.days,
        "host_days": one.host_days,
        "events_per_host_day": round(one.per_host_day, 3),
        "values": {name: [{"value": v, "events": n} for v, n in seen] for name, seen in one.values.items()},
    }


def told(one: Noise, say: Tongue) -> Iterator[str]:
    """A rule's noise in a few lines; nothing of the evidence in them acts on a terminal."""
    from sakimori.response.hostile import for_terminal

    yield f"{one.rule.title} ({one.rule.id}) · {one.rule.level}"
    yield "  " + say(
        "{events} events on {hosts} hosts and {days} days, {rate} a host-day",
        events=one.events, hosts=one.hosts, days=one.days, rate=f"{one.per_host_day:.1f}",
    )  # fmt: skip
    for name, seen in one.values.items():
        for value, events in seen:
            yield for_terminal(f"    {events:>6} {name}: {_short(value)}")


def _short(value: str) -> str:
    flat = " ".join(value.split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST] + "…"


def propose(
    id: str,
    evidence: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    rules: Annotated[list[Path] | None, Parameter(negative=())] = None,
    cases: Annotated[list[Path] | None, Parameter(negative=())] = None,
    mapping: Annotated[list[Path] | None, Parameter(negative=())] = None,
    placeholders: Path | None = None,
    zone: str = "UTC",
    lang: Lang = None,
) -> int:
    """Propose a Sigma filter for what a rule finds on ordinary days, proved on the rule's own cases.

    Ends with 3 where nothing can be proposed, a case would be lost, or there is no case to prove it on.

    Parameters
    ----------
    id:
        The rule's id or name.
    evidence:
        Folders or files that hold logs of days on which nothing happened.
    rules:
        Folders of Sigma YAML; Sakimori's own by default. Filters in them apply.
    cases:
        Folders with `.cases.yml` of rules, or with SigmaHQ's regression data.
    mapping:
        YAML files that describe logs Sakimori does not know.
    placeholders:
        YAML file with the values of rules' placeholders: `placeholders: {Servers: [a, b]}`.
    zone:
        Zone assumed for times that name none.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.detection.sigma.pack import own_rules
    from sakimori.detection.sigma.placeholders import read_lists
    from sakimori.detection.sigma.positives import positives_of
    from sakimori.detection.sigma.proposing import Proposing
    from sakimori.evidence.generic import known_logs
    from sakimori.tongue import tongue

    file, document, filters = _rule_of(id, rules or [own_rules()])
    known, lists = known_logs(mapping or []), read_lists(placeholders)
    proposing = Proposing(document, filters, known, lambda files, plan: read(files, plan, zone), lists)
    positives = positives_of(str(document.get("id")), file, tuple(cases or ()))
    found = proposing.propose(evidence, positives)
    usable = found.document is not None and not found.lost
    # What is printed may be on its way into a folder of rules: refusals go elsewhere.
    print("\n".join(proposed(found, tongue(lang or spoken()))), file=sys.stdout if usable else sys.stderr)
    return 0 if usable and found.positives else FOUND_WANTING


def _rule_of(id_: str, folders: Sequence[Path]) -> tuple[Path, Mapping[str, Any], list[Mapping[str, Any]]]:
    """The rule's file and document, and the filters. Raises UsageError and RuleError as `explain` does."""
    from sakimori.detection.sigma.pack import documents_of_files

    rule: tuple[Path, Mapping[str, Any]] | None = None
    filters: list[Mapping[str, Any]] = []
    for file, document in documents_of_files(folders):
        if not isinstance(document, dict):
            continue
        if "filter" in document:
            filters.append(document)
        elif rule is None and id_ in (str(document.get("id")), document.get("name")):
            if "detection" not in document:
                raise RuleError(f"{id_} is a correlation: propose for the rules it listens to")
            rule = file, document
    if rule is None:
        raise UsageError(f"{id_}: no rule of that id or name in {', '.join(map(str, folders))}.")
    return *rule, filters


def proposed(found: Proposal, say: Tongue) -> Iterator[str]:
    """The proposal as YAML that can be saved as it is, its proof in comments; or why there is none."""
    if found.lost:
        yield say("Refused: with the filter that takes most away the rule would no longer see:")
        yield from (f"  {name}" for name in found.lost)
        return
    if found.document is None:
        yield from _nothing(found, say)
        return
    yield "# " + say(
        "It takes {taken} of the rule's {hits} hits in this evidence away.",
        taken=found.taken,
        hits=found.hits,
    )
    if found.positives:
        yield "# " + say("Every positive case of the rule still fires with it: {n}.", n=found.positives)
    else:
        yield "# " + say("Not proved: the rule has no positive case here. Give some with --cases.")
    yield _yaml(found.document)


def _yaml(document: Mapping[str, Any]) -> str:
    """The document; letters beyond ASCII as they are, unless one of them would act on a terminal."""
    import yaml

    from sakimori.response.hostile import for_terminal

    def dumped(unicode: bool) -> str:
        text = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=unicode, width=200)
        return str(text).rstrip()

    text = dumped(True)
    harmless = all(for_terminal(line, len(line) + 1) == line for line in text.splitlines())
    return text if harmless else dumped(False)


def _nothing(found: Proposal, say: Tongue) -> Iterator[str]:
    if found.hits:
        yield say(
            "Too little is common to the rule's hits ({n}) for a filter of two fields or more.", n=found.hits
        )
    else:
        yield say("The rule did not fire on this evidence: there is nothing to take away.")
