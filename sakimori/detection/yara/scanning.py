"""YARA rules over one file after another, in a confined process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yara_x

_SHOWN = 12
_MATCHES = 1000
_MOST = 200
_SECONDS = 30


def scanning(setting: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """The job: {path, name, kind} of a file in, {matches} out, of the compiled rules at `rules`."""
    with Path(setting["rules"]).open("rb") as file:
        scanner = yara_x.Scanner(yara_x.Rules.deserialize_from(file))
    scanner.set_timeout(_SECONDS)
    scanner.max_matches_per_pattern(_MATCHES)

    def scan(question: Mapping[str, Any]) -> Mapping[str, Any]:
        for name in ("filename", "filepath", "extension", "filetype"):
            scanner.set_global(name, question[name])
        found = scanner.scan_file(question["path"])
        return {"matches": [_told(rule) for rule in list(found.matching_rules)[:_MOST]]}

    return scan


def _told(rule: yara_x.Rule) -> dict[str, str]:
    """Rule, file and where what matched; never the bytes themselves, which may be somebody's secret."""
    places = [
        f"{pattern.identifier} at {pattern.matches[0].offset:#x}"
        + (f" and {len(pattern.matches) - 1} more" if len(pattern.matches) > 1 else "")
        for pattern in rule.patterns
        if pattern.matches
    ]
    return {"Rule": rule.identifier, "Namespace": rule.namespace, "Strings": ", ".join(places[:_SHOWN])}
