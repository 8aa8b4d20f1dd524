"""What to export first, as a checklist for paper: text, Markdown, HTML or JSON, in order of expiry."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sakimori.knowledge.sources import READ, Kept, LogSource
from sakimori.response.contract import document
from sakimori.tongue import TONGUES, Tongue, tongue

_INDENT = "      "
_FENCE = "```"
_RECORD = "sakimori collect record FILE --by NAME --from TENANT --source ID"


def expiry(source: LogSource, say: Tongue) -> str:
    """When the first of a log may be gone, in words."""
    if source.soonest == 0:
        return say("not kept: record from now on")
    if source.soonest == 1:
        return say("may be gone within a day")
    return say("first gone after {n} days", n=source.soonest)


def kept_words(kept: Kept, say: Tongue) -> str:
    """How long under which licence: `Entra ID Free: 7 days`."""
    under = kept.under.of(say.lang)
    if kept.days is None or kept.days == 0:
        return under
    return say("{days} days ({under})", days=kept.days, under=under)


def standing(source: LogSource, say: Tongue) -> str:
    """Where the retention was read and when, or that it was not."""
    if source.standing == READ:
        return say("read on {date}: {page}", date=source.as_of.isoformat(), page=source.page)
    return say("from practice, not read in a page of the vendor; check your console")


def facts(source: LogSource, say: Tongue) -> tuple[tuple[str, str], ...]:
    """Label and words of everything but the title and the command, in the order in which they are needed."""
    return (
        (say("Expires"), expiry(source, say)),
        (say("Kept"), "; ".join(kept_words(one, say) for one in source.kept)),
        (say("Clicks"), source.clicks.of(say.lang)),
        (say("Needs"), source.licence.of(say.lang)),
        (say("Why"), source.why.of(say.lang)),
        (say("Source"), standing(source, say)),
    )


def as_text(sources: Sequence[LogSource], lang: str) -> str:
    """A list with boxes to tick, one tongue."""
    return "\n".join(_text(sources, tongue(lang))) + "\n"


def _text(sources: Sequence[LogSource], say: Tongue) -> Iterator[str]:
    yield say("What to export, in order of expiry")
    yield say("All commands only read. Words in capitals are yours to fill in.")
    for number, source in enumerate(sources, 1):
        yield ""
        yield f"[ ] {number}. {source.title.of(say.lang)}  ({source.id})"
        yield from (f"{_INDENT}{label}: {words}" for label, words in facts(source, say))
        yield from (f"{_INDENT}  {line}" for line in source.command.splitlines())
    yield ""
    yield say("Then write down what you took:") + f" {_RECORD}"


def as_markdown(sources: Sequence[LogSource], lang: str) -> str:
    """The same as Markdown task list items."""
    return "\n".join(_markdown(sources, tongue(lang))) + "\n"


def _markdown(sources: Sequence[LogSource], say: Tongue) -> Iterator[str]:
    yield f"# {say('What to export, in order of expiry')}\n"
    yield say("All commands only read. Words in capitals are yours to fill in.")
    for source in sources:
        yield f"\n- [ ] **{source.title.of(say.lang)}** (`{source.id}`)"
        yield from (f"  - {label}: {words}" for label, words in facts(source, say))
        if source.command:
            yield f"\n  {_FENCE}"
            yield from (f"  {line}" for line in source.command.splitlines())
            yield f"  {_FENCE}"


def as_json(sources: Sequence[LogSource]) -> str:
    """The entries for scripts, both tongues."""
    return document([_object(source) for source in sources]).decode()


def _object(source: LogSource) -> dict[str, Any]:
    def both(words: Any) -> dict[str, str]:
        return {lang: words.of(lang) for lang in TONGUES}

    return {
        "id": source.id,
        "of": source.of,
        "title": both(source.title),
        "kept": [{"days": one.days, "under": both(one.under)} for one in source.kept],
        "soonest": source.soonest,
        "licence": both(source.licence),
        "clicks": both(source.clicks),
        "command": source.command,
        "why": both(source.why),
        "source": source.page,
        "as_of": source.as_of.isoformat(),
        "standing": source.standing,
    }


def as_html(sources: Sequence[LogSource], lang: str) -> str:
    """One page for A4, both tongues, the asked one first; it holds no script and loads nothing."""
    order = (lang, *(other for other in TONGUES if other != lang))
    style = _STYLE
    return (
        _environment()
        .get_template("collect.html")
        .render(
            sources=sources,
            says=[tongue(one) for one in order],
            facts=facts,
            style=Markup(style),
            policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'",
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sakimori.response.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_STYLE = """@page{size:A4;margin:14mm}
body{font:10pt/1.45 system-ui,"Hiragino Sans","Noto Sans JP","Yu Gothic UI",Meiryo,sans-serif;color:#1d2228;
max-width:182mm;margin:1rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:16pt;margin:0 0 .2rem}ol{list-style:none;padding:0}
li{border-top:1px solid #999;padding:.5rem 0 .5rem 2rem;position:relative;break-inside:avoid}
li::before{content:"";position:absolute;left:0;top:.7rem;width:4.5mm;height:4.5mm;border:1.5px solid #333}
h2{font-size:11pt;margin:0}
dl{display:grid;grid-template-columns:6.2em 1fr;gap:.05rem .7rem;margin:.25rem 0}
dt{color:#555}dd{margin:0}pre{white-space:pre-wrap;font:8pt/1.4 ui-monospace,Menlo,Consolas,monospace;
background:#f1efe9;padding:.35rem .5rem;margin:.25rem 0}
.taken{color:#555;font-size:8.5pt;margin:.35rem 0 0}
.lang+.lang{margin-top:.3rem;border-top:1px dotted #bbb;padding-top:.3rem}
@media print{body{margin:0;padding:0;max-width:none}pre{border:1px solid #ccc}}"""
