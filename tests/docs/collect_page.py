"""`docs/collect.md`, made from `sakimori/knowledge/sources.toml`: `python -m tests.docs.collect_page`."""

from __future__ import annotations

from pathlib import Path

from sakimori.knowledge.sources import LogSource, log_sources
from sakimori.response.checklist import expiry, kept_words, standing
from sakimori.tongue import tongue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "collect.md"
_EN = tongue("en")
_START = """\
# What to collect, before it is gone

Made from `sakimori/knowledge/sources.toml` by `python -m tests.docs.collect_page`; a test holds it current.

    sakimori collect                                  what to export first, in your tongue
    sakimori collect --have entra,m365,github         only from what you have
    sakimori collect --within 7 --format html         one page for paper, English and Japanese, boxes to tick
    sakimori collect record FILE_OR_FOLDER --by NAME --from TENANT --query TEXT --source ID --tool TEXT

`record` writes who took a file, when, from which tenant, with which query and tool, and every file's SHA-256
into `acquisition.json` beside it. `sakimori hunt` finds that note in the evidence, checks the hashes and puts
it into the manifest and the report; a file that changed since, or is gone, is said. Where several notes name
a file, the newest counts. A note inside a container is not applied: keep it beside the container.

Days are what the page named at the entry said on the day it was read; vendors change them, and contracts
differ.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((_START, _table(), *map(_section, log_sources())))


def _table() -> str:
    rows = "".join(
        f"| {expiry(one, _EN)} | [{one.title.en}](#{one.id}) | `{one.of}` |\n" for one in log_sources()
    )
    return f"| expires | log | `--have` |\n|---|---|---|\n{rows}"


def _section(source: LogSource) -> str:
    kept = "; ".join(kept_words(one, _EN) for one in source.kept)
    command = f"\n```\n{source.command}\n```\n" if source.command else ""
    return (
        f'<a id="{source.id}"></a>\n\n### {source.title.en}\n\n{source.title.ja}\n\n'
        f"- Kept: {kept}\n- Clicks: {source.clicks.en}\n- Needs: {source.licence.en}\n"
        f"- Why: {source.why.en}\n- Source: {standing(source, _EN)}\n{command}"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
