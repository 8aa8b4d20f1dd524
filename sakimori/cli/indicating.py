"""`sakimori intel add`, `import` and `list-indicators`: what others have seen, kept for the hunt."""

from __future__ import annotations

import getpass
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.detection.indicators.importing import Import
    from sakimori.detection.indicators.making import Told
    from sakimori.tongue import Tongue

Lang = Literal["en", "ja"] | None
Confidence = Literal["low", "medium", "high"]
Format = Literal["stix", "misp", "csv", "lines", "prose"]
PARTLY, SHOWN, LARGEST = 3, 10, 4 << 30
OWN_FILE = "indicators.jsonl"


def add(
    text: Annotated[
        list[str], Parameter(help="Values, files, or - for what is pasted.", allow_leading_hyphen=True)
    ],
    /,
    *,
    to: Path = Path(OWN_FILE),
    source: str = "",
    url: str = "",
    licence: str = "",
    first_seen: str = "",
    expires: str = "",
    confidence: Confidence = "medium",
    tag: Annotated[list[str] | None, Parameter(negative=())] = None,
    said_by: str = "",
    plain: bool = False,
    lang: Lang = None,
) -> int:
    """Take the values in pasted text, defanged or not, and keep them for the hunt.

    Parameters
    ----------
    to:
        Where they are kept; a name that ends in .parquet is written as Parquet.
    source:
        Who named them: the police, a CERT, a vendor.
    url:
        Where they did.
    licence:
        Under which licence.
    first_seen:
        When they were seen (2026-03-01). Undated addresses weigh little.
    expires:
        Until when they hold.
    confidence:
        How sure the source is.
    tag:
        hacked, shared, sinkhole, or synthetic for exercises.
    said_by:
        Who is said to use them, and by whom. It is quoted, never concluded.
    plain:
        Take values that are written plainly beside defanged ones too.
    lang:
        en or ja.
    """
    told = stated(source, url, licence, first_seen, expires, confidence, tag, said_by)
    pasted = [(name, data) for name, data in map(_pasted, text)]
    return keep(to, pasted, told, "", plain, lang, prose=True)


def import_(
    file: Annotated[list[Path], Parameter(negative=())],
    /,
    *,
    to: Path = Path(OWN_FILE),
    format: Format | None = None,
    source: str = "",
    url: str = "",
    licence: str = "",
    first_seen: str = "",
    expires: str = "",
    confidence: Confidence = "medium",
    tag: Annotated[list[str] | None, Parameter(negative=())] = None,
    said_by: str = "",
    lang: Lang = None,
) -> int:
    """Import lists of others: STIX 2.1, MISP JSON, CSV, or one value a line.

    Parameters
    ----------
    file:
        The lists.
    to:
        Where they are kept; a name that ends in .parquet is written as Parquet, for millions.
    format:
        What the files are; told by their content by default.
    source:
        Who published them, where they do not say it themselves.
    url:
        Where they did.
    licence:
        Under which licence, where they do not say it themselves.
    first_seen:
        When they were seen, where they do not say it themselves.
    expires:
        Until when they hold.
    confidence:
        How sure the source is, where it does not say it.
    tag:
        hacked, shared, sinkhole, or synthetic for exercises.
    said_by:
        Who is said to use them, and by whom. It is quoted, never concluded.
    lang:
        en or ja.
    """
    told = stated(source, url, licence, first_seen, expires, confidence, tag, said_by)
    return keep(to, [(one.name, _bytes(one)) for one in file], told, format or "", False, lang)


def stated(
    source: str,
    url: str,
    licence: str,
    first_seen: str,
    expires: str,
    confidence: str,
    tags: list[str] | None,
    said_by: str,
) -> Told:
    from sakimori.detection.indicators.indicator import Source, day, tags_of
    from sakimori.detection.indicators.making import Told

    for option, text in (("--first-seen", first_seen), ("--expires", expires)):
        if text and not day(text):
            raise UsageError(f"{option} {text}: not a date. Write it like 2026-03-01.")
    unknown = next((tag for tag in tags or () if not tags_of([tag])), None)
    if unknown:
        raise UsageError(f"--tag {unknown}: there is no such tag. Use hacked, shared, sinkhole or synthetic.")
    return Told(
        source=Source(source or url, url) if source or url else None,
        licence=licence,
        first_seen=day(first_seen),
        expires=day(expires),
        confidence=confidence,
        tags=tags_of(tags or ()),
        said_by=said_by,
    )


def _pasted(text: str) -> tuple[str, bytes]:
    if text.startswith("--"):
        raise UsageError(f"{text}: there is no such option.")
    if text == "-":
        return "standard input", sys.stdin.buffer.read(LARGEST)
    path = Path(text)
    try:
        return (
            (path.name, _bytes(path)) if path.is_file() else ("command line", text.encode("utf-8", "replace"))
        )
    except (OSError, ValueError):  # a text that can be no path
        return "command line", text.encode("utf-8", "replace")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error


def keep(
    to: Path,
    files: Sequence[tuple[str, bytes]],
    told: Told,
    format: str,
    plain: bool,
    lang: Lang,
    *,
    prose: bool = False,
) -> int:
    from sakimori.cli.hunting import spoken
    from sakimori.detection.indicators.importing import format_of, imported, text_of
    from sakimori.detection.indicators.indicator import merged
    from sakimori.detection.indicators.keeping import read, write
    from sakimori.tongue import tongue

    say, when, by = (
        tongue(lang or spoken()),
        datetime.now(UTC).isoformat(timespec="seconds"),
        getpass.getuser(),
    )
    done = []
    for name, data in files:
        chosen = format or (format_of(text_of(data)) if not prose else "prose")
        done.append(imported(data, told, name=name, when=when, by=by, format=chosen, plain=plain))
    found = [one for each in done for one in each.indicators]
    bad: list[int] = []
    held = merged([*(read(to, bad) if to.is_file() else ()), *found])
    if bad:
        raise UsageError(f"{to}: line {bad[0]} holds no indicator; mend or remove it before more is added.")
    if found:
        write(to, held, done, when)
    for each in done:
        print("\n".join(_lines(each, say)))
    print(say("{file} now holds {n} indicators.", file=str(to), n=f"{len(held):,}"))
    return 0 if found else PARTLY


def _lines(done: Import, say: Tongue) -> Iterator[str]:
    from sakimori.detection.indicators.importing import reasons
    from sakimori.response.defanging import defang
    from sakimori.response.hostile import for_terminal

    name = for_terminal(done.name)
    yield say("{name}, read as {format}: {n} taken, {refused} refused.", name=name, format=done.format,
              n=f"{done.taken:,}", refused=f"{len(done.refused):,}")  # fmt: skip
    if done.mapping:
        pairs = ", ".join(f"{for_terminal(heading)} → {meaning}" for heading, meaning in done.mapping.items())
        yield "  " + say("Columns: {pairs}", pairs=pairs)
    types = Counter(one.type for one in done.indicators)
    for type_, number in sorted(types.items()):
        yield f"  {type_}: {number:,}"
    for reason, number in reasons(done.refused)[:SHOWN]:
        example = next(one for one in done.refused if one.reason == reason)
        text = for_terminal(defang(example.text))[:80]
        facts = {"n": f"{number:,}", "reason": for_terminal(reason), "where": for_terminal(example.where)}
        yield "  " + say("refused {n}: {reason} ({where}: {text})", text=text, **facts)


def list_indicators(file: Path = Path(OWN_FILE), /, *, lang: Lang = None) -> int:
    """Say what a file of indicators holds: types, sources, licences, ages, and what will weigh little.

    Parameters
    ----------
    file:
        The file; indicators.jsonl in the current folder by default.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.detection.indicators.keeping import bundle, read
    from sakimori.response.hostile import for_terminal
    from sakimori.tongue import tongue

    say, of_file, bad = tongue(lang or spoken()), bundle(file), list[int]()
    found = list(read(file, bad))
    counted = [
        (say("By type"), Counter(one.type for one in found)),
        (say("By source"), Counter(source.name for one in found for source in one.sources)),
        (say("By licence"), Counter(one.licence or "-" for one in found)),
        (say("By year"), Counter(one.dated[:4] or "-" for one in found)),
        (say("Tags"), Counter(tag for one in found for tag in one.tags)),
    ]
    facts = {"file": for_terminal(str(file)), "n": f"{len(found):,}", "when": of_file.dated or "?"}
    print(say("{file} holds {n} indicators, written {when}.", **facts))
    if of_file.whole is False:
        print(say("It was changed since its manifest was written."))
    for title, counts in counted:
        if counts:
            print(f"{title}: " + ", ".join(f"{for_terminal(k)} {n:,}" for k, n in counts.most_common(SHOWN)))
    if bad:
        print(say("{n} lines hold no indicator; the first is line {line}.", n=f"{len(bad):,}", line=bad[0]))
    return PARTLY if bad else 0
