"""`sakimori collect`: what to export before it expires, and a record of what was taken."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

collect = App(name="collect", help="What to export before it expires, and a record of what was taken.")


def checklist(
    *,
    have: Annotated[str, Parameter(name="--have")] = "",
    within: int | None = None,
    format: Literal["text", "markdown", "html", "json"] = "text",
    lang: Literal["en", "ja"] | None = None,
) -> int:
    """Print what to export from which console, in order of expiry: commands, clicks, licence, retention.

    Parameters
    ----------
    have:
        Only these products, with commas: entra,m365,github.
    within:
        Only what may expire within so many days.
    format:
        text for a terminal; markdown; html for paper, both tongues; json for scripts.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.knowledge.sources import chosen
    from sakimori.response import checklist as printed

    sources = chosen(have.split(","), within)
    tongue = lang or spoken()
    if format == "json":
        sys.stdout.write(printed.as_json(sources))
    else:
        makers = {"text": printed.as_text, "markdown": printed.as_markdown, "html": printed.as_html}
        sys.stdout.write(makers[format](sources, tongue))
    return 0


def record(
    evidence: Path,
    /,
    *,
    by: str,
    tenant: Annotated[str, Parameter(name="--from")],
    source: str = "",
    query: str = "",
    tool: str = "",
    when: str | None = None,
    note: str = "",
) -> int:
    """Write down who took a file or folder, when and how, in acquisition.json beside it.

    Every file's SHA-256 is written with it; `sakimori hunt` checks them and puts the record into the case.

    Parameters
    ----------
    evidence:
        The exported file, or a folder of them.
    by:
        Who took it.
    tenant:
        From which tenant, account, organisation or host.
    source:
        Which log it is, by its id in the checklist.
    query:
        The query and filter that were used, word for word.
    tool:
        The tool and its version.
    when:
        When it was taken (ISO 8601; without a zone: UTC); now by default.
    note:
        Anything else that a later reader must know.
    """
    from sakimori.cli.hunting import moment_of, spoken
    from sakimori.response.acquiring import Taking, write_note
    from sakimori.response.hostile import for_terminal
    from sakimori.tongue import tongue

    taking = Taking(
        by=by, tenant=tenant, source=source, query=query, tool=tool, note=note,
        when=moment_of(when, "--when"),
    )  # fmt: skip
    written, files = write_note(evidence, taking)
    said = tongue(spoken())("{n} files are written down in {file}.", n=files, file=written)
    print(for_terminal(said, 100_000))
    return 0


collect.default(checklist)
collect.command(record)
