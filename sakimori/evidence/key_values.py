"""`key=value key="value with spaces"`, and values between commas, as firewalls write their messages."""

from __future__ import annotations

import csv
import re

_PAIR = re.compile(r'(?<![\w.-])([A-Za-z_][\w.-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))')


def pairs(text: str) -> dict[str, str]:
    """The values by their keys; empty ones and `N/A` are left out, of two with one key the first stays."""
    found: dict[str, str] = {}
    for key, quoted, plain in _PAIR.findall(text):
        value = quoted.replace('\\"', '"') if quoted else plain
        if value and value != "N/A":
            found.setdefault(key, value)
    return found


def cells(line: str) -> list[str]:
    """The values between the commas of one line."""
    # A line end inside a line, bare and unquoted, is an error to the parser.
    return next(csv.reader([line.replace("\r", " ").replace("\n", " ")]), [])
