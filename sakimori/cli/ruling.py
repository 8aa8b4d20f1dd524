"""`sakimori rules`: why a rule spoke or was silent, and what is wrong with a folder of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from sakimori.errors import RuleError, UsageError

if TYPE_CHECKING:
    from sakimori.detection.sigma.explain import Explaining, Explanation
    from sakimori.tongue import Tongue

FOUND_WANTING = 3
rules = App(name="rules", help="Why a rule was silent; what is odd in rules.", help_format="plaintext")
Lang = Literal["en", "ja"] | None


def explain(
    id: str,
    evidence: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    rules: Annotated[list[Path] | None, Parameter(negative=())] = None,
    mapping: Annotated[list[Path] | None, Parameter(negative=())] = None,
    placeholders: Path | None = None,
    zone: str = "UTC",
    lang: Lang = None,
) -> int:
    """Say whether a rule could run on this evidence, what of it held, and what single thing kept it silent.

    Parameters
    ----------
    id:
        The rule's id or name.
    evidence:
        Folders or files that hold logs.
    rules:
        Folders of Sigma YAML; Sakimori's own by default.
    mapping:
        YAML files that describe logs Sakimori does not know.
    placeholders:
        YAML file with the values of rules' placeholders: `placeholders: {Servers: [a, b]}`.
    zone:
        Zone assumed for times that name none.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import known_zone, spoken
    from sakimori.detection.sigma.explain import Explaining
    from sakimori.detection.sigma.pack import own_rules
    from sakimori.detection.sigma.placeholders import filled, read_lists
    from sakimori.evidence.generic import known_logs
    from sakimori.tongue import tongue

    document = filled(_document(id, rules or [own_rules()]), read_lists(placeholders))
    explaining = Explaining(document, known_logs(mapping or []))
    _read(explaining, evidence, known_zone(zone))
    print("\n".join(told(explaining.explanation(), tongue(lang or spoken()))))
    return 0


def _document(id_: str, folders: list[Path]) -> Mapping[str, Any]:
    """The rule with this id or name. Raises UsageError where there is none, RuleError where it is refused."""
    from sakimori.detection.sigma.pack import documents

    for document in documents(folders):
        if isinstance(document, dict) and id_ in (str(document.get("id")), document.get("name")):
            if "detection" not in document:
                raise RuleError(f"{id_} is a correlation or a filter: explain the rules it listens to")
            return document
    raise UsageError(f"{id_}: no rule of that id or name in {', '.join(map(str, folders))}.")


def _read(explaining: Explaining, evidence: list[Path], zone: str) -> None:
    from sakimori.evidence.reading import batches_of
    from sakimori.records.clock import Zone

    for batch in batches_of(evidence, explaining.plan(), Zone(zone)):
        explaining.look(batch)


def told(found: Explanation, say: Tongue) -> Iterator[str]:
    """The explanation in sentences."""
    rule = found.rule
    yield f"{rule.title} ({rule.id}) · {rule.level} · {rule.logsource}"
    if not found.answering:
        yield say("No log that Sakimori reads answers this rule.")
        return
    if not found.logs:
        yield say("It could not run: no log of its kind is in the evidence. These would do: {logs}.",
                  logs=", ".join(found.answering))  # fmt: skip
        return
    yield say("It could run:")
    for title, records in sorted(found.logs.items()):
        yield "  " + say("{title}: {records} records", title=title, records=records)
    yield from _fields(found, say)
    yield say("Selections that held:")
    for name in found.names:
        yield "  " + say("{name}: {records} records", name=name, records=found.selections[name])
    yield from _verdict(found, say)


def _fields(found: Explanation, say: Tongue) -> Iterator[str]:
    if found.empty:
        yield say("Fields that no record fills: {fields}.", fields=", ".join(found.empty))


def _verdict(found: Explanation, say: Tongue) -> Iterator[str]:
    if found.fired:
        yield say("It fired on {n} records.", n=found.fired)
        return
    if not found.one_away:
        yield say("It was silent, and no single selection would have made it speak.")
        return
    yield say("It was silent. One selection alone stood in the way:")
    for name, records in sorted(found.one_away.items(), key=lambda one: (-one[1], one[0])):
        yield "  " + say("{name}: {records} records", name=name, records=records)


def check(
    folder: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    cases: bool = False,
    absence: bool = False,
    placeholders: Path | None = None,
    lang: Lang = None,
) -> int:
    """Check folders of rules: what is refused, can never hold, has no log, is there twice; what costs most.

    Parameters
    ----------
    folder:
        Folders of Sigma YAML. Nothing in them is executed.
    cases:
        Also name rules without a `.cases.yml` beside them.
    absence:
        Let correlations speak of what did not happen (SEP 198).
    placeholders:
        YAML file with the values of rules' placeholders: `placeholders: {Servers: [a, b]}`.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.detection.sigma.check import check as checked
    from sakimori.detection.sigma.pack import load_pack
    from sakimori.detection.sigma.placeholders import read_lists
    from sakimori.records.catalogue import catalogue
    from sakimori.tongue import tongue

    pack = load_pack(folder, absence=absence, placeholders=read_lists(placeholders))
    found = checked(pack, catalogue(), _with_cases(folder) if cases else None)
    say = tongue(lang or spoken())
    for remark in found.remarks:
        print(f"{remark.kind}: {remark.title} ({remark.rule}): {remark.text}")
    titles = {rule.id: rule.title for rule in pack.rules}
    print(say("The costliest of {n} rules, in comparisons of a whole text:", n=len(pack.rules)))
    for id_, cost in sorted(found.costs.items(), key=lambda one: (-one[1], one[0]))[:5]:
        print(f"  {cost:,.0f} {titles[id_]} ({id_})")
    return FOUND_WANTING if any(remark.kind in ("refused", "never") for remark in found.remarks) else 0


def _with_cases(folders: list[Path]) -> frozenset[str]:
    """Rule files, as packs name them, that have cases beside them."""
    return frozenset(
        file.relative_to(folder).as_posix().replace(".cases.yml", ".yml")
        for folder in folders
        for file in folder.rglob("*.cases.yml")
    )


rules.command(explain)
rules.command(check)
rules.command("sakimori.cli.tuning:noise", name="noise", help="What rules find on ordinary days.")
rules.command(
    "sakimori.cli.tuning:propose", name="propose", help="A filter for what a rule finds on ordinary days."
)
