"""Evidence text made harmless on its way to a person, and to a program that shows it to a person.

The actor attacks the people who read reports. So nothing from evidence, rule packs or file names reaches a
terminal, a page or a spreadsheet except through one of the functions here. They show what was there instead
of dropping it (but what has the shape of a seed phrase, a private key or a My Number: sakimori/masking.py):
an invisible character becomes its code point between double angle brackets, and since the
opening bracket itself is written the same way, no evidence text can imitate such an escape.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markupsafe import Markup, escape
from rich.text import Text

from sakimori.masking import masked
from sakimori.tongue import tongue

OPENING, CLOSING = "⟪", "⟫"
_KEPT_SPACES = " \u3000"  # the ordinary space, and the ideographic one that Japanese text is full of
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
# Letters by category that are drawn as nothing: Hangul fillers, Khmer inherent vowels, empty braille.
_UNSEEN_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
_MARKS_IN_A_ROW = 4
# Leading characters that make a spreadsheet calculate: https://owasp.org/www-community/attacks/CSV_Injection
_SHORT = 256
_CELL_LIMIT = 32_000  # spreadsheets stop at 32,767
_FORMULA = re.compile(r"(\A[\s\"'`]*|[;,\t\r\n\"]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def visible(text: str, *, keep: str = "") -> str:
    """The text with every control, bidirectional, invisible or unassigned character written as `⟪U+202E⟫`.

    Characters in `keep` (say a newline, where lines are wanted) stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        stays = character in keep or (_is_seen(character) and marks <= _MARKS_IN_A_ROW)
        shown.append(character if stays else code_point(character))
    return "".join(shown)


def code_point(character: str) -> str:
    """`⟪U+202E⟫` for the character of that number."""
    return f"{OPENING}U+{ord(character):04X}{CLOSING}"


@lru_cache(maxsize=8192)
def _is_seen(character: str) -> bool:
    if character in _KEPT_SPACES:
        return True
    if character == OPENING or character in _UNSEEN_LETTERS or _is_variation_selector(character):
        return False
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES


def _is_variation_selector(character: str) -> bool:
    # They draw nothing and can carry a byte each, so a hidden message fits behind one visible letter.
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def cut(text: str, limit: int) -> tuple[str, int]:
    """The first `limit` characters, and how many were left out."""
    return (text, 0) if len(text) <= limit else (text[:limit], len(text) - limit)


def shorten(text: str, limit: int, lang: str = "en") -> str:
    """The text, or its first `limit` characters with a note how many were cut; unseen signs shown."""
    kept, left_out = cut(masked(text), limit)
    return visible(kept) + (cut_note(left_out, lang) if left_out else "")


def cut_note(left_out: int, lang: str = "en") -> str:
    """`⟪1,234 more characters⟫`: what stands where text was cut."""
    say = tongue(lang)
    return OPENING + say("{n} more characters", n=f"{left_out:,}") + CLOSING


def for_terminal(text: str, limit: int = 2_000, lang: str = "en") -> str:
    """One line that no terminal acts on: no escape sequence, no control, no direction change."""
    return shorten(text, limit, lang)


def for_rich(text: str, style: str = "", limit: int = 2_000, lang: str = "en") -> Text:
    """The same as a rich text, which rich prints without reading markup, emoji codes or links in it."""
    return Text(for_terminal(text, limit, lang), style=style, end="")


def for_html(text: str, *, keep: str = "") -> Markup:
    """Escaped text for element content or a quoted attribute, its unseen characters shown and marked."""
    return Markup(
        _SHOWN.sub(r'<span class="esc">\g<0></span>', str(escape(visible(masked(text), keep=keep))))
    )


def for_attribute(text: str) -> Markup:
    """Escaped text for a quoted attribute: the same signs, without elements around them."""
    return escape(visible(masked(text)))


_SHOWN = re.compile(f"{OPENING}U\\+[0-9A-F]{{4,6}}{CLOSING}")


def for_csv(text: str) -> str:
    """A cell that no spreadsheet calculates: an apostrophe stands before what could start a formula.

    Also after a quote or a separator, since a file may be opened with others than it was written with.
    """
    return _short_cell(text) if len(text) <= _SHORT else _cell(text)


def _cell(text: str) -> str:
    cell, left_out = cut(_FORMULA.sub(r"\1'", visible(masked(text))), _CELL_LIMIT)
    return cell + (cut_note(left_out) if left_out else "")


_short_cell = lru_cache(maxsize=1 << 14)(_cell)  # names, paths and ids stand in one line after another


def for_json(document: str) -> str:
    """JSON that reads the same to a program, with unseen characters as `\\uXXXX` for who prints it."""
    return _JSON_UNSEEN.sub(_json_escape, document)


# Unseen characters stand in JSON inside of strings only, so an escape never changes its meaning.
_JSON_UNSEEN = re.compile(r"[^\n\x20-\x7e]")


def _json_escape(found: re.Match[str]) -> str:
    if _is_seen(found.group()):
        return found.group()
    units = found.group().encode(
        "utf-16-be", "replace" if "\ud800" <= found.group() <= "\udfff" else "strict"
    )
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
