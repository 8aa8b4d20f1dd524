"""Pieces of text by which it is known again: runs of words, or of signs where a language has no spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_plus

WORDS, SIGNS = 4, 10
_WORD = re.compile(r"[^\W_]+")
# Kana and ideographs are written without spaces between words.
_UNSPACED = re.compile(r"[\u3041-\u30ff\u3400-\u9fff々〆ー]{4,}")


def plain(text: str) -> str:
    """The text as it is compared: percent signs resolved, one form of each letter, no case."""
    return unicodedata.normalize("NFKC", resolved(text)).casefold()


def resolved(text: str) -> str:
    """The text without the percent signs of web addresses."""
    return unquote_plus(text) if "%" in text or "+" in text else text


def shingles(text: str) -> Iterator[str]:
    """Every run of WORDS words, and of SIGNS signs within what is written without spaces."""
    told = plain(text)
    words = [word for word in _WORD.findall(told) if not _UNSPACED.fullmatch(word)]
    for at in range(len(words) - WORDS + 1):
        yield " ".join(words[at : at + WORDS])
    for run in _UNSPACED.findall(told):
        for at in range(len(run) - SIGNS + 1):
            yield run[at : at + SIGNS]
