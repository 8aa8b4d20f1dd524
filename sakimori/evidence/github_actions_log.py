"""What the steps of a GitHub Actions job printed: lines with a time to the ten-millionth of a second.

    2026-03-02T09:00:00.1234567Z ##[group]Run npm ci
    2026-03-02T09:00:00.1235000Z \\x1b[36;1mnpm ci\\x1b[0m
    2026-03-02T09:00:01.0000000Z [command]/usr/bin/git version

A run's log is a zip with a file a job (`0_build.txt`) and a folder a job with a file a step
(`build/2_Run npm ci.txt`); `gh run view --log` puts job and step before the time, with tabs between.
Azure Pipelines writes the same lines. The runner prints the lines of a script in bright cyan:
https://github.com/actions/runner/blob/main/src/Runner.Worker/Handlers/ScriptHandler.cs
Commands between brackets: https://github.com/actions/toolkit/tree/main/packages/exec
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sakimori.evidence.fetched_packages import packages
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import LONGEST_LINE, numbered, text_at
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import first_lines, text_of_line
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_LINE = re.compile(
    r"(?:(?P<job>[^\t]*)\t(?P<step>[^\t]*)\t)?\ufeff?"
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z)(?: (?P<text>.*))?$"
)
# What a runner prints itself, in the first lines of a job's file and of a step's.
_SIGNS = re.compile(
    r"##\[|\[command\]|\x1b\[36;1m|Current runner version|Post job cleanup|Cleaning up orphan processes"
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SCRIPT = re.compile(r"\x1b\[36;1m(?P<script>.*?)(?:\x1b\[0m)?$")
_COMMAND = re.compile(r'(?:##)?\[command\](?P<command>(?P<image>"[^"]+"|\S+).*)')
_STEP_FILE = re.compile(r"(?:(?P<job>[^/!]+)/)?(?P<number>\d+)_(?P<name>[^/!]+)\.txt$")


class GithubActionsLog:
    """Logs of GitHub Actions runs, as downloaded (a zip) or from `gh run view --log`; Azure Pipelines' too.

    Watch: secrets are masked as `***`; a step that prints nothing leaves nothing; kept 90 days.
    """

    name = "github_actions_log"
    version = 1
    lines = True

    def claims(self, head: bytes) -> bool:
        """Most of the first lines begin with such a time, and one of them is a runner's own."""
        given = first_lines(head)
        fitting = sum(1 for line in given if _LINE.match(line))
        return fitting * 2 > len(given) and any(map(_SIGNS.search, given))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One record a line, and one for each package it names."""
        return batches(_records(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def _records(source: Source) -> Iterator[Found | Unread]:
    place = _place(source.path)
    for number, offset, line in numbered(source):
        if len(line) > LONGEST_LINE:
            yield Unread(number, offset, "the line is longer than 32 MB")
            continue
        found = _LINE.match(text := text_of_line(line))
        if found is None and text.strip():
            yield Unread(number, offset, "no time at its start")
        elif found:
            for log, row in _told(found, place, source.path):
                yield Found(log, number, offset, row, line)


def _place(path: str) -> dict[str, str | None]:
    """The job and the step whose file this is, as the names in a run's zip say."""
    found = _STEP_FILE.search(path)
    if found is None:
        return {"job": None, "step": None}
    # Jobs' files are counted from 0 and lie at the top of the zip, those of steps in their job's folder.
    if found["job"] is None or found["number"] == "0":
        return {"job": found["name"], "step": None}
    return {"job": found["job"], "step": found["name"]}


def _told(
    found: re.Match[str], place: dict[str, str | None], path: str
) -> Iterator[tuple[str, dict[str, str | None]]]:
    text = found["text"] or ""
    row = {
        "job": found["job"] or place["job"],
        "step": found["step"] or place["step"],
        "time": found["time"],
        "text": _COLOURS.sub("", text),
    }
    yield _line(text, row)
    for package in packages(row["text"] or ""):
        fields = replace(package, time=found["time"]).row(path)
        # Where the log lay is not where the package lies.
        yield "github_actions_package", {**row, **fields, "path": None}


def _line(text: str, row: dict[str, str | None]) -> tuple[str, dict[str, str | None]]:
    """The log and the fields of a line: of a script, a command, or anything else."""
    if (script := _SCRIPT.match(text)) and script["script"].strip():
        return "github_actions_script", {**row, "command": script["script"]}
    if command := _COMMAND.match(text):
        image = command["image"].strip('"')
        return "github_actions_command", {**row, "command": command["command"], "image": image}
    return "github_actions_line", row
