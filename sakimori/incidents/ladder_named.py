"""`named.yml` of a case: that a government or vendor has named an incident, entered by the case's owner.

named:
  - incident: 5f0c1d2e3a4b5c6d        # its id, as incidents.json and the report write it
    by: National Police Agency
    kind: government                   # or vendor
    published: 2026-05-14
    quote: "…"                         # their words about this incident, as they stand
    url: https://…                     # or `document:` where it is a letter
    entered_by: Mori, CSIRT
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sakimori.errors import UsageError

FILE = "named.yml"
_NEEDED = ("incident", "by", "kind", "published", "quote", "entered_by")
_MAY = ("url", "document")
_KINDS = ("government", "vendor")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Somebody's words about one incident; nothing here is a conclusion of ours."""

    incident: str
    by: str
    kind: str
    published: str
    quote: str
    entered_by: str
    url: str = ""
    document: str = ""


def read_statements(case: Path) -> tuple[Statement, ...]:
    """The statements of a case folder in their order; none where it has no `named.yml`.

    Raises UsageError where the file cannot be read, or a statement does not say whose words it quotes, when
    they were published, or who entered them.
    """
    file = case / FILE
    try:
        data = yaml.safe_load(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as problem:
        raise UsageError(f"{file}: cannot be read ({problem}); see docs/known-activity.md") from None
    return statements_of(data, str(file))


def statements_of(data: Any, where: str) -> tuple[Statement, ...]:
    """The statements of a document. Raises UsageError, which names `where`."""
    listed = data.get("named") if isinstance(data, dict) and set(data) == {"named"} else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise UsageError(f"{where}: it must hold `named:` and a list; see docs/known-activity.md")
    return tuple(_statement(one, f"{where}, statement {at}") for at, one in enumerate(listed, 1))


def _statement(one: Mapping[str, Any], where: str) -> Statement:
    texts = {str(key): " ".join(str(value).split()) for key, value in one.items() if value is not None}
    if missing := [key for key in _NEEDED if not texts.get(key)]:
        raise UsageError(f"{where}: it does not say {', '.join(missing)}; see docs/known-activity.md")
    if strange := sorted(set(texts) - {*_NEEDED, *_MAY}):
        raise UsageError(f"{where}: {strange[0]} is not known; it may say {', '.join((*_NEEDED, *_MAY))}.")
    if texts["kind"] not in _KINDS:
        raise UsageError(f"{where}: kind is {texts['kind']}; it may be {' or '.join(_KINDS)}.")
    if not (texts.get("url") or texts.get("document")):
        raise UsageError(f"{where}: name the url or the document in which the words stand.")
    if not texts.get("url", "https://").startswith("https://"):
        raise UsageError(f"{where}: url must begin with https://")
    try:
        date.fromisoformat(texts["published"])
    except ValueError:
        raise UsageError(f"{where}: published is no day; write it like 2026-05-14.") from None
    if len(texts["quote"]) > _LONGEST:
        raise UsageError(f"{where}: the quote is longer than {_LONGEST:,} letters; quote what names it.")
    return Statement(**texts)
