"""Sentences in the reader's tongue: English stands in the code, Japanese in `tongues/ja/*.po`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO

TONGUES = ("en", "ja")


class Tongue:
    """Says an English sentence in one language: `say("{n} files were read.", n=3)`.

    A sentence without a translation stays English; a test holds every catalogue complete.
    """

    def __init__(self, lang: str, messages: Mapping[str, str]) -> None:
        self.lang = lang
        self._messages = messages

    def __call__(self, sentence: str, **facts: object) -> str:
        text = self._messages.get(sentence, sentence)
        return text.format(**facts) if facts else text


@cache
def tongue(lang: str) -> Tongue:
    """The tongue for a language code, `en` or `ja`; KeyError for another."""
    if lang not in TONGUES:
        raise KeyError(lang)
    return Tongue(lang, {} if lang == "en" else _messages(lang))


def _messages(lang: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    found: dict[str, str] = {}
    for entry in sorted(files(f"sakimori.tongues.{lang}").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".po"):
            for message in read_po(BytesIO(entry.read_bytes())):
                if message.id and message.string:
                    found[str(message.id)] = str(message.string)
    return found
