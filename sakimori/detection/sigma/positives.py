"""What a rule must go on seeing: the events of its own cases, and SigmaHQ's recorded samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Positives:
    """Events under Sigma's field names and files of evidence, each by the name under which it is told."""

    events: Mapping[str, Mapping[str, object]]
    samples: Mapping[str, Path]


def positives_of(rule_id: str, file: Path, folders: tuple[Path, ...]) -> Positives:
    """The `speaks` of `<rule>.cases.yml` beside the rule and below the folders, and samples labelled with it.

    A sample's label is an `info.yml` as in https://github.com/SigmaHQ/sigma/tree/master/regression_data
    """
    name = f"{file.stem}.cases.yml"
    beside = [file.with_name(name), *(case for folder in folders for case in sorted(folder.rglob(name)))]
    cases = list(dict.fromkeys(case.resolve() for case in beside if case.is_file()))
    labels = [info for folder in folders for info in sorted(folder.rglob("info.yml"))]
    return Positives(
        dict(pair for case in cases for pair in _events(case)),
        {str(sample): sample for info in labels for sample in _samples(info, rule_id)},
    )


def _events(case: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    data = _read(case)
    spoken = data.get("speaks") if isinstance(data, dict) else None
    for at, event in enumerate(spoken if isinstance(spoken, list) else [], 1):
        if isinstance(event, dict):
            yield f"{case.name}, speaks {at}", event


def _samples(info: Path, rule_id: str) -> Iterator[Path]:
    data = _read(info)
    if not isinstance(data, dict):
        return
    ids = {one.get("id") for one in data.get("rule_metadata") or () if isinstance(one, dict)}
    for test in (data.get("regression_tests_info") or ()) if rule_id in ids else ():
        # The paths are those of SigmaHQ's repository; the sample stands beside its label.
        sample = info.parent / Path(str(test.get("path") if isinstance(test, dict) else "")).name
        if sample.is_file():
            yield sample


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_bytes(), _LOADER)
    except (OSError, yaml.YAMLError, ValueError, RecursionError):
        return None
