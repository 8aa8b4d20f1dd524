"""The request line of web servers' logs, and the fields most of them share, under W3C's names.

https://www.w3.org/TR/WD-logfile.html
"""

from __future__ import annotations

import re

from sakimori.evidence.text_lines import Row

_REQUEST = re.compile(r"(\S+) (.*?)(?: (HTTP/[\d.]+))?$", re.S)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)([^?]*)", re.I)
_HOST = re.compile(r"(.*?)(?::(\d{1,5}))?$")
_ESCAPED = re.compile(r'\\(["\\])')


def request(line: str | None) -> Row:
    """Method, path, query and version; a line that is no request stays whole in `cs-uri`."""
    if line is None:
        return {}
    text = _plain(line)
    found = _REQUEST.match(text)
    if found is None or not re.fullmatch(r"[A-Za-z_-]{1,32}", found[1]):
        return {"cs-uri": text or None}
    return {"cs-method": found[1], "cs-version": found[3], **address(found[2])}


def address(uri: str) -> Row:
    """Path, query and host of a request's target: `/a?b`, `http://host/a?b`, `host:443`."""
    row: Row = {"cs-uri": uri}
    whole = _ABSOLUTE.match(uri)
    if whole:
        row |= host(whole[1].rpartition("@")[2])
        row["cs-uri-stem"] = whole[2] or "/"
    elif uri.startswith(("/", "*")):
        row["cs-uri-stem"] = uri.partition("?")[0]
    else:
        row |= host(uri.partition("/")[0])
    row["cs-uri-query"] = uri.partition("?")[2] or None
    row["c-uri-extension"] = _extension(row.get("cs-uri-stem") or "")
    return row


def _extension(path: str) -> str | None:
    """`zip` of `/a/b.zip`."""
    name, dot, last = path.rpartition("/")[2].rpartition(".")
    return last if dot and name and len(last) <= 10 else None


def host(text: str) -> Row:
    """Name and port: `www.example.com:443`, `[2001:db8::1]:443`."""
    found = _HOST.fullmatch(text)
    name, port = found.groups() if found else (text, None)
    return {"cs-host": str(name).strip("[]") or None, "r-port": port}


def said(text: str | None) -> str | None:
    """The value; None for the dash that stands for nothing."""
    return None if text is None or text in ("", "-") else _plain(text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
