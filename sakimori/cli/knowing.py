"""`sakimori intel`: what is publicly known of the group, looked up, listed and exported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.knowledge.entries import Entry
    from sakimori.tongue import Tongue

NO_RECORD = 1
intel = App(
    name="intel", help="What is publicly known of the group, with who says so.", help_format="plaintext"
)
Lang = Literal["en", "ja"] | None
# What can be listed: the word a person types, and the kind of record.
LISTS = {
    "clusters": "cluster",
    "names": "name",
    "organisations": "organisation",
    "operations": "operation",
    "families": "family",
    "vectors": "vector",
    "stages": "stage",
    "shapes": "shape",
    "measures": "measure",
    "flags": "flag",
    "accounts": "account",
    "context": "context",
}
Listed = Literal[
    "clusters", "names", "organisations", "operations", "families", "vectors", "stages", "shapes", "measures",
    "flags", "accounts", "context",
]  # fmt: skip


def show(
    text: Annotated[list[str], Parameter(allow_leading_hyphen=True)],
    /,
    *,
    format: Literal["text", "json"] = "text",
    lang: Lang = None,
) -> int:
    """Show one card: what it is, who says so, what conflicts, its other names. Exit code 1: no record.

    Parameters
    ----------
    text:
        A name in any spelling or tongue, an ATT&CK id of any version, software, an operation, a hash.
    format:
        text for people, json for scripts.
    lang:
        en or ja.
    """
    import orjson

    from sakimori.cli.hunting import spoken
    from sakimori.knowledge.lookup import look_up
    from sakimori.response.hostile import for_terminal
    from sakimori.response.knowledge_card import as_json, as_text
    from sakimori.tongue import tongue

    answer = look_up(" ".join(text))
    if format == "json":
        sys.stdout.write(orjson.dumps(as_json(answer), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        _print(for_terminal(line, 20_000) for line in as_text(answer, tongue(lang or spoken())))
    return 0 if answer.found else NO_RECORD


def list_(
    what: Listed,
    /,
    *,
    format: Literal["text", "json"] = "text",
    lang: Lang = None,
) -> int:
    """List all records of a kind, a line each: id, title, and what tells them apart.

    Parameters
    ----------
    what:
        Which records: clusters, names, operations, families, measures, flags and others.
    format:
        text for people, json for scripts.
    lang:
        en or ja.
    """
    import msgspec
    import orjson

    from sakimori.cli.hunting import spoken
    from sakimori.knowledge.known import known
    from sakimori.tongue import tongue

    rows = [entry for kind, entry in known().entries if kind == LISTS[what]]
    if format == "json":
        data = msgspec.to_builtins(known().names if what == "names" else rows)
        sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode() + "\n")
        return 0
    say = tongue(lang or spoken())
    _print(_names(say) if what == "names" else (_line(entry, say) for entry in rows))
    return 0


def _print(lines: Iterable[str]) -> None:
    """Line by line; a reader who has seen enough (`head`, a pager that was left) is no mistake."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python still holds must go somewhere when the process ends:
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _names(say: Tongue) -> Iterator[str]:
    from sakimori.knowledge.known import known

    for name in sorted(known().names, key=lambda one: one.name.casefold()):
        relation = known().word("relations", name.relation, say.lang)
        yield f"{name.name:32}  {name.by:22}  {relation}: {known().entry(name.cluster).title.of(say.lang)}"


def _line(entry: Entry, say: Tongue) -> str:
    from sakimori.knowledge.entries import Family, Measure, Operation
    from sakimori.knowledge.known import known

    told = ""
    match entry:
        case Operation():
            told = f"{entry.began} .. {entry.ended}" if entry.ended else entry.began
        case Family():
            told = ", ".join(known().entry(one).title.of(say.lang) for one in entry.clusters)
        case Measure():
            told = ", ".join(one.name for one in entry.served if one.how != "not yet") or say(
                "not yet served"
            )
    return f"{entry.id:30}  {entry.title.of(say.lang)}" + (f"  [{told}]" if told else "")


def export(*, stix: Path) -> int:
    """Write the whole base as one STIX 2.1 bundle; the same base gives the same bytes.

    Parameters
    ----------
    stix:
        The file to write; - for standard output.
    """
    import orjson

    from sakimori.knowledge.known import known
    from sakimori.knowledge.stix import bundle

    data = orjson.dumps(bundle(known()), option=orjson.OPT_INDENT_2) + b"\n"
    if str(stix) == "-":
        sys.stdout.buffer.write(data)
        return 0
    try:
        stix.write_bytes(data)
    except OSError as error:
        raise UsageError(f"--stix {stix}: cannot be written ({error.strerror}).") from error
    return 0


intel.command(show)
intel.command(list_, name="list")
intel.command(export)
# What others have seen, kept for the hunt: a module of its own, loaded when it is asked for.
intel.command(
    "sakimori.cli.indicating:add", name="add", help="Take the values in pasted text, defanged or not."
)
intel.command(
    "sakimori.cli.indicating:import_",
    name="import",
    help="Import lists: STIX 2.1, MISP JSON, CSV, one a line.",
)
intel.command(
    "sakimori.cli.indicating:list_indicators", name="list-indicators", help="What a file of indicators holds."
)
intel.command("sakimori.cli.polling:poll", name="poll", help="Fetch what a TAXII 2.1 server added.")
