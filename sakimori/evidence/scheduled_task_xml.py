"""Scheduled tasks of Windows as XML: the files under `System32\\Tasks`, and what `schtasks` writes.

Format: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from sakimori.evidence.collected import host_of, original_path
from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.reader import Source
from sakimori.evidence.registry.said import program
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_TASK = re.compile(r"<Task\s.*?</Task>", re.S)
_FOLDER = re.compile(r"(?i)^.*?/(?:system32|syswow64)/tasks(?=/)")
_END = "</Task>"
_LARGEST = 16 << 20
_LONGEST = 1_000_000


class ScheduledTaskXml:
    """Windows scheduled tasks as XML (files of System32\\Tasks, schtasks' output): what they start."""

    name = "windows_task_xml"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """A task of the schema's namespace."""
        text = _text(head)
        return "<Task" in text[:4096] and _SPACE in text[:8192]

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row an action; a task without any that can be told is one row."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The XML of the task."""
        found = (one for one in _found(source) if isinstance(one, Found) and one.record == number)
        one = next(found, None)
        return None if one is None else one.raw.decode("utf-8", "replace")


def _text(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-16-le" if data[1:40:2].count(0) > 10 else "utf-8-sig", "replace")


def _found(source: Source) -> Iterator[Found | Unread]:
    try:
        text = _text(in_memory(source, _LARGEST))
    except TooLarge as problem:
        yield Unread(0, 0, f"the task is {problem}")
        return
    text = text[: text.rfind(_END) + len(_END)] if _END in text else ""
    number = 0
    for task, match in enumerate(_TASK.finditer(text), 1):
        if len(match[0]) > _LONGEST:
            yield Unread(number + 1, match.start(), f"task {task} is longer than a million characters")
            continue
        try:
            rows = list(_rows(ElementTree.fromstring(match[0]), source.path))
        except ElementTree.ParseError as problem:
            yield Unread(number + 1, match.start(), f"task {task} is no XML: {problem}")
            continue
        for row in rows:
            number += 1
            yield Found("task_xml", number, match.start(), row, match[0].encode("utf-8", "replace"))
    if not text:
        yield Unread(0, 0, "the task has no end")


def _rows(task: ElementTree.Element, path: str) -> Iterator[dict[str, str | None]]:
    shared = {
        "Computer": host_of(path),
        "Name": _of(task, "RegistrationInfo/URI") or _FOLDER.sub("", original_path(path)).replace("/", "\\"),
        "Author": _of(task, "RegistrationInfo/Author"),
        "Date": _of(task, "RegistrationInfo/Date"),
        "Description": _of(task, "RegistrationInfo/Description"),
        "UserId": _of(task, "Principals/Principal/UserId"),
        "RunLevel": _of(task, "Principals/Principal/RunLevel"),
        "Enabled": _of(task, "Settings/Enabled") or "true",
        "Hidden": _of(task, "Settings/Hidden") or "false",
        "Triggers": ", ".join(_local(one) for one in _at(task, "Triggers/*")) or None,
    }
    commands: list[str | None] = [*_commands(task)]
    for command in commands or [None]:
        yield {**shared, "Command": command, "Path": program(command)}


def _commands(task: ElementTree.Element) -> Iterator[str]:
    for action in _at(task, "Actions/*"):
        words = [_of(action, name) for name in ("Command", "Arguments", "ClassId", "Data")]
        if any(words):
            yield " ".join(filter(None, words))


def _at(element: ElementTree.Element, path: str) -> list[ElementTree.Element]:
    return element.findall("/".join("{*}" + part if part != "*" else part for part in path.split("/")))


def _of(element: ElementTree.Element, path: str) -> str | None:
    found = _at(element, path)
    return (found[0].text or "").strip() or None if found else None


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
