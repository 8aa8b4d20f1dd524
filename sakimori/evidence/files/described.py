"""What parsers of files share: facts by column, with limits on what a hostile file may say."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import orjson

Facts = dict[str, Any]
_LONGEST = 4_096
_MOST = 200


class Damaged(Exception):
    """The file cannot be taken apart; the message completes "not analysed because ..."."""


def limited(text: str | bytes, most: int = _LONGEST) -> str:
    """The text, cut, without what cannot be written down."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return plain[:most].encode("utf-8", "replace").decode()


def listed(found: Iterable[Any]) -> str | None:
    """The first of them as JSON; None for none."""
    kept = list(islice(found, _MOST))
    return orjson.dumps(kept).decode() if kept else None
