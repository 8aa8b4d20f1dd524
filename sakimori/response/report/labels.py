"""Words that stand in thousands of cells: written once, in the style sheet, in both tongues.

A cell then holds only a class; browsers read generated content aloud and print it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sakimori.response import words
from sakimori.response.sentences import Sentence, plain, sentence

ORIGINALS = sentence("Original records and places")


def labels() -> dict[str, Sentence]:
    """Class -> what it says."""
    return {
        **{f"s{int(level)}": said for level, said in words.SEVERITIES.items()},
        **{f"st-{stage}": said for stage, said in words.STAGE_WORDS.items()},
        **{f"kd-{kind}": said for kind, said in words.KINDS.items()},
        **{f"cf-{level}": said for level, said in words.CONFIDENCE_WORDS.items()},
        "k-orig": ORIGINALS,
    }


def label_style() -> str:
    """The rules for the style sheet."""
    return "\n".join(_rules())


def _rules() -> Iterator[str]:
    for name, said in labels().items():
        yield f'.{name}::before{{content:"{_text(said, "en")}"}}'
        yield f'#l-ja:checked~.page .{name}::before{{content:"{_text(said, "ja")}"}}'


def _text(said: Sentence, lang: str) -> str:
    return plain(said, lang).replace("\\", "\\\\").replace('"', '\\"')
