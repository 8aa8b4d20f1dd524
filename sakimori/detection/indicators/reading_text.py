"""Lists and prose: one value a line with comments (as maltrail has them), or a mail that names addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sakimori.detection.indicators.indicator import Source
from sakimori.detection.indicators.making import Gathered
from sakimori.detection.indicators.normalising import guess, refang

_REFERENCE = re.compile(r"#\s*reference:\s*(https?://\S+)", re.IGNORECASE)
_DATE = re.compile(r"\b(20\d\d)[-/](\d\d)[-/](\d\d)\b")


def read_lines(text: str, into: Gathered) -> None:
    """One value a line; what follows `#` is a comment. A block's `# Reference: URL` is its source.

    As maltrail's trails: https://github.com/stamparm/maltrail/tree/master/trails/static/malware
    """
    told, references, open_ = into.told, list[Source](), False
    for number, line in enumerate(text.splitlines(), 1):
        value, _, comment = line.partition(" #") if not line.startswith("#") else ("", "", line)
        if found := _REFERENCE.match(line):
            references = [*(references if open_ else ()), Source(_site(found[1]), found[1])]
        if value.strip():
            dated = _DATE.search(comment)
            into.take(
                f"line {number}",
                "",
                value.strip(),
                sources=references or ([told.source] if told.source else []),
                first_seen=dated and dated[0],
                words=[comment],
            )
        open_ = not value.strip() and bool(line.strip())
        if not line.strip():
            references = []


def _site(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")


# Where a value may begin and end in prose: blanks, quotes, brackets, and Japanese punctuation.
_TOKEN = re.compile(r"[^\s\"'<>“”„‘’`,;、。（）「」『』【】・※]+")
_FANGED = re.compile(
    r"h(?:xx|\*\*)p|fxp|\[[.:@/]|[.:]\]|\(\.\)|\{\.\}|[\[({]\s?(?:dot|at|punkt|ドット)\s?[\])}]",
    re.IGNORECASE,
)
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])")
_NETWORKED = frozenset({"domain", "url", "address", "address_port"})
# Endings of files that are also top-level domains, or look like one.
_FILES = re.compile(
    r".*\.(py|sh|pl|ps|ps1|rs|md|zip|mov|so|cc|app|exe|dll|sys|bat|vbs|js|mjs|lnk|hta|iso|img|pkg|dmg|docx?|docm|xlsx?|"
    r"xlsm|pptx?|pdf|rtf|txt|csv|json|jsonl|xml|html?|php|asp|aspx|jsp|gif|jpe?g|png|tmp|dat|log|bin|ini|cfg|ya?ml|toml|"
    r"jar|class|scpt|plist|msi|cab|rar|7z|gz|tar|evtx|pcap|eml|msg|yar|local|lan|internal)",
    re.IGNORECASE,
)


def read_prose(text: str, into: Gathered, *, plain: bool = False) -> None:
    """Values in a mail, a chat or a report: hashes, addresses, ranges, host:port, URLs, registry keys, names.

    Where some are defanged, those written plainly beside them are taken for references and refused, unless
    `plain` says otherwise. File names and mail addresses are not taken: prose is full of everybody's.
    """
    spaced = re.sub(r"\s([\[({]\s?(?:dot|punkt|at|ドット)\s?[\])}])\s", r"\1", text, flags=re.IGNORECASE)
    spaced = re.sub(r"([\[({])\s(dot|punkt|at)\s([\])}])", r"\1\2\3", spaced, flags=re.IGNORECASE)
    only_fanged = not plain and _FANGED.search(spaced) is not None
    met: set[str] = set()
    for number, line in enumerate(spaced.splitlines(), 1):
        for token in _values(line):
            if token not in met:
                met.add(token)
                _weigh(f"line {number}", token, only_fanged, into)


def _values(line: str) -> Iterator[str]:
    yield from (found.group() for found in _HEX.finditer(line))
    for found in _TOKEN.finditer(_HEX.sub(" ", line)):
        # What ends a sentence, and brackets round the whole, belong to the prose.
        token = found.group().rstrip(".:!?|*_")
        while len(token) > 1 and token[:1] in "([{" and token[-1:] in ")]}" and not _FANGED.match(token):
            token = token[1:-1]
        token = token.lstrip("(*|=_-").rstrip(")" if "(" not in token else "")
        if token:
            yield token


def _weigh(where: str, token: str, only_fanged: bool, into: Gathered) -> None:
    mended = refang(token)
    if "." not in mended and ":" not in mended and "\\" not in mended and not _HEX.fullmatch(mended):
        return
    try:
        kind, value = guess(mended)
    except ValueError:
        if _FANGED.search(token):
            into.refuse(where, token, "it is defanged, and nobody can tell what it is")
        return
    fanged = _FANGED.search(token) is not None
    if kind in ("path", "url_path") or (kind == "domain" and not fanged and not _a_name(mended)):
        return
    if kind == "url" and "://" not in mended and not fanged:
        return
    if only_fanged and not fanged and kind in _NETWORKED:
        into.refuse(where, token, "it is written plainly beside defanged ones: taken for a reference")
        return
    into.take(where, "" if kind == "url" else kind, mended if kind == "url" else value)


def _a_name(text: str) -> bool:
    host = text.rpartition("://")[2].partition("/")[0].partition(":")[0]
    return re.fullmatch(r"[\w-]+(\.[\w-]+)*\.([a-z]{2,12}|xn--[\w-]+)", host, re.IGNORECASE) is not None and (
        "://" in text or not _FILES.fullmatch(host)
    )
