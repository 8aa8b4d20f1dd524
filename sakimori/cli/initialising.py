"""`sakimori init`: what the evidence suggests for `org.yml`, asked of a person in ten questions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.organisation.proposals import Proposal
    from sakimori.organisation.questions import Entry, Question
    from sakimori.tongue import Tongue


def init(
    case: Path,
    /,
    *,
    out: Path = Path("org.yml"),
    yes: bool = False,
    mapping: Annotated[list[Path] | None, Parameter(negative=())] = None,
    lang: Literal["en", "ja"] | None = None,
) -> int:
    """Propose org.yml from a case that was hunted in, and ask ten questions about it.

    Parameters
    ----------
    case:
        The case folder of an earlier hunt.
    out:
        The file to write; an existing one is never overwritten.
    yes:
        Ask nothing and take what is proposed.
    mapping:
        The mapping files of that hunt.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.organisation.questions import written
    from sakimori.tongue import tongue

    if out.exists():
        raise UsageError(f"{out} is there already; name another file with --out, or edit it.")
    say = tongue(lang or spoken())
    ask = _taken if yes or not sys.stdin.isatty() else _asked
    entries = _entries(_proposed(case, mapping or []), ask, say)
    out.write_text(written(entries, say), encoding="utf-8")
    total = sum(map(len, entries.values()))
    print(
        say("{file} has {n} entries. Read it, then: sakimori hunt EVIDENCE --org {file}", file=out, n=total)
    )
    return 0


def _proposed(case: Path, mappings: list[Path]) -> tuple[Proposal, ...]:
    from sakimori.engine.local import Local
    from sakimori.evidence.generic import known_logs
    from sakimori.organisation.proposals import proposals
    from sakimori.records.store import Store

    if not (case / "store").is_dir():
        raise UsageError(f"{case} is no case: run `sakimori hunt EVIDENCE --case {case}` first.")
    catalogue = known_logs(mappings)
    with (
        closing(Store(case / "store").open()) as store,
        Local(store, catalogue, 192 << 20, store.root / "spill") as local,
    ):
        return proposals(local)


Ask = Callable[[int, "Question", Sequence["Proposal"], "Tongue"], str]


def _entries(found: Sequence[Proposal], ask: Ask, say: Tongue) -> dict[str, list[Entry]]:
    from sakimori.organisation.questions import QUESTIONS, answered, offered

    entries: dict[str, list[Entry]] = {}
    for number, question in enumerate(QUESTIONS, 1):
        fitting = offered(question, found)
        text = ask(number, question, fitting, say)
        entries.setdefault(question.key, []).extend(answered(question, text, fitting, say))
    return entries


def _taken(number: int, question: Question, fitting: Sequence[Proposal], say: Tongue) -> str:
    """Nobody to ask: what is offered is taken."""
    return ""


def _asked(number: int, question: Question, fitting: Sequence[Proposal], say: Tongue) -> str:
    from sakimori.response.hostile import for_terminal

    print(f"\n{number}/10 {say(question.text)}")
    for one in fitting:
        print(f"   {for_terminal(one.value)}  ({say(one.reason, **one.facts)})")
    print(say("Enter takes these, - takes none; or write your own, with commas between."))
    return input("> ")
