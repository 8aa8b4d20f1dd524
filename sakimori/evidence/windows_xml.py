"""Windows events exported as XML: `wevtutil /f:xml`, Event Viewer's "Save as XML", with or without a root."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

import orjson

from sakimori.evidence.reader import Source
from sakimori.evidence.windows_event import HEADER, braced
from sakimori.evidence.windows_logs import WindowsStreams
from sakimori.evidence.xml_cut import Cut, cut
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_CLAIM = re.compile(r"<Event(?:\s[^<>]*)?>\s*<System[\s>]")
_DECLARED = re.compile(r"""<\?xml[^>]*encoding=["']([\w.:-]+)["']""")
# Characters XML 1.0 forbids, bare or as a reference; Windows writes them all the same.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_SYSTEM = {
    "Channel",
    "EventID",
    "Computer",
    "EventRecordID",
    "Level",
    "Task",
    "Opcode",
    "Keywords",
    "Version",
}
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTES = (
    ("Provider", "Name", "Provider_Name"),
    ("TimeCreated", "SystemTime", "TimeCreated"),
    ("Security", "UserID", "UserID"),
    ("Execution", "ProcessID", "Execution_ProcessID"),
    ("Execution", "ThreadID", "Execution_ThreadID"),
)


class WindowsXml:
    """Reads event by event: each is cut out of the text and parsed alone, so a damaged one costs only itself.

    An event cut out begins with its own tag, and XML allows a DOCTYPE only before the first tag. So no entity
    can be declared that unfolds or reaches out of the file, and the plain parser is a safe one.
    """

    name = "windows_xml"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """Text that begins as XML, or as evtx_dump numbers it, in which an Event opens with its System."""
        text = head.decode(_encoding(head), "ignore").lstrip("\ufeff \r\n\t")
        return text.startswith(("<", "Record ")) and bool(_CLAIM.search(text))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches by log; events that are not well formed are Unread."""
        stream_of = plan.kept(WindowsStreams, lambda: WindowsStreams(plan)).stream
        builders = source.builders()
        encoding = _encoding(source.head)
        for number, part in enumerate(_events(source), source.record):
            text = part.data.decode(encoding, "backslashreplace")
            row = event_row(text) if not part.problem else part.problem
            if isinstance(row, str):
                yield Unread(number, part.offset, row)
                continue
            stream = stream_of(row.get("Channel"), row.get("Provider_Name"), row.get("EventID"))
            raw = orjson.dumps(row)
            yield from builders.add(stream, number, part.offset, row, len(part.data), raw)
        yield from builders.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The event's XML as it was written; an offset of 0 is not compared."""
        part = next(islice(_events(source), max(0, number - source.record), None), None)
        if part is None or part.problem or offset not in (0, part.offset):
            return None
        return part.data.decode(_encoding(source.head), "backslashreplace")


def _events(source: Source) -> Iterator[Cut]:
    return cut(source.stream, source.offset, _encoding(source.head))


def _encoding(head: bytes) -> str:
    """The text's encoding: its byte order mark, the look of its first bytes, what it declares, or UTF-8."""
    if head.startswith(codecs.BOM_UTF16_LE) or head[1:2] == b"\0":
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE) or head[:1] == b"\0":
        return "utf-16-be"
    declared = _DECLARED.search(head[:200].decode("latin-1"))
    return declared.group(1).lower() if declared and _plain(declared.group(1)) else "utf-8"


def _plain(name: str) -> bool:
    """Whether this is an encoding that keeps ASCII as it is, so that tags can be found in its bytes."""
    try:
        return "<Event>".encode(name) == b"<Event>"
    except (LookupError, ValueError):
        return False


def event_row(text: str) -> dict[str, Any] | str:
    """The event's native names and values, or why it cannot be read."""
    try:
        event = _parsed(text)
    except ParseError as damage:
        return f"The event is not well formed: {damage}."
    row: dict[str, Any] = {}
    for part in event:
        name = _local(part)
        if name == "EventData":
            row |= _data(part)
        elif name == "RenderingInfo":
            row["Message"] = next((child.text for child in part if _local(child) == "Message"), None)
        elif name != "System":
            row |= _leaves(part)
    system = next((part for part in event if _local(part) == "System"), None)
    return "The event has no System element." if system is None else _joined(row, _header(system))


def _joined(row: dict[str, Any], header: dict[str, Any]) -> dict[str, Any]:
    # "Version" in the event's own data says more than the version of its template.
    return {**row, **header, "Version": row.get("Version", header.get("Version"))}


def _parsed(text: str) -> Element:
    # XML turns a line end of CR LF into LF; as a reference it stays what Windows logged.
    kept = text if "<![CDATA[" in text else text.replace("\r\n", "&#13;\n")
    try:
        return fromstring(kept)
    except ParseError:
        return fromstring(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", _mended(kept)))


def _mended(text: str) -> str:
    """Line ends inside tags as they were; only text may hold references."""
    return _TAG.sub(lambda tag: tag.group().replace("&#13;", "\r"), text)


def _header(system: Element) -> dict[str, Any]:
    parts = {_local(part): part for part in system}
    row: dict[str, Any] = {
        name: (parts[name].text or "").strip() or None for name in _SYSTEM if name in parts
    }
    for part, attribute, name in _ATTRIBUTES:
        row[name] = parts[part].get(attribute) if part in parts else None
    return row


def _data(part: Element) -> dict[str, Any]:
    row: dict[str, Any] = {}
    unnamed: list[str] = []
    for child in part:
        name = child.get("Name")
        if name:
            value = _text(child) or ""
            row.setdefault(name, braced(value) if name[-4:].lower() == "guid" else value)
        elif _local(child) == "Data":
            unnamed.append(_text(child) or "")
        else:
            row.setdefault(_local(child), _text(child))
    if unnamed:
        row["Data"] = "\n".join(unnamed)
    return row


def _leaves(part: Element) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for leaf in part.iter():
        if len(leaf) == 0:
            name = _local(leaf)
            row.setdefault(f"UserData_{name}" if name in HEADER else name, _text(leaf))
    return row


def _text(part: Element) -> str | None:
    """The element's text; None where there is none but the line breaks of a pretty printer."""
    text = part.text or ""
    return text if text.strip() or (text and "\n" not in text) else None


def _local(part: Element) -> str:
    return str(part.tag).rpartition("}")[2]
