"""SigmaHQ's own regression data: every labelled rule fires on its file with its match count, 100 %."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from sakimori.detection.sigma import Engine, load_pack, pack_of
from sakimori.records.catalogue import catalogue
from tests.detection.sigma import plain
from tests.detection.sigma.hunt import hunt_file

SYSMON = "Microsoft-Windows-Sysmon/Operational"
# The log sources of the labelled rules, by hand: channel, and event ids where the category fixes them.
LOGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "process_creation": (SYSMON, ("1",)),
    "image_load": (SYSMON, ("7",)),
    "process_access": (SYSMON, ("10",)),
    "file_event": (SYSMON, ("11",)),
    "registry_delete": (SYSMON, ("12",)),
    "registry_set": (SYSMON, ("13",)),
    "security": ("Security", ()),
    "taskscheduler": ("Microsoft-Windows-TaskScheduler/Operational", ()),
    "wmi": ("Microsoft-Windows-WMI-Activity/Operational", ()),
}
# Three labels say 1 where their own files hold more events that the rule describes, letter by letter:
# user.conf.new, user.conf~RF...TMP and user.conf.new again; procdump64.exe, procdump64a.exe and procdump.exe;
# AutoShareServer and AutoShareWks, both set to 0.
LABELLED_SHORT = {
    "file_event_win_anydesk_artefact": 3,
    "file_event_win_cred_dump_tools_dropped_files": 3,
    "registry_set_disable_administrative_share": 2,
}


@dataclass(frozen=True, slots=True)
class Label:
    """What the data set says: this rule fires on this file so many times (None: it does not say how many)."""

    folder: Path
    rule: str
    file: Path
    count: int | None

    def fits(self, count: int) -> bool:
        """Whether the rule fired as often as it must."""
        right = LABELLED_SHORT.get(self.folder.name, self.count)
        return count > 0 if right is None else count == right


@pytest.fixture
def labels(shared: Callable[[str], Path]) -> list[Label]:
    return [
        label
        for info in sorted(shared("sigma_regression").rglob("info.yml"))
        for label in _labels(info.parent, yaml.safe_load(info.read_text(encoding="utf-8")))
    ]


@pytest.fixture
def documents(shared: Callable[[str], Path]) -> dict[str, Any]:
    files = sorted(shared("sigma").rglob("*.yml"))
    loaded = (yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) for file in files)
    return {document["id"]: document for document in loaded}


def test_every_labelled_rule_fires_on_its_file_with_its_count(
    labels: list[Label], documents: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    pack = pack_of(documents[rule] for rule in sorted({label.rule for label in labels}))
    engine = Engine(pack, catalogue())
    got = {label: hunt_file(label.file, engine)[label.rule] for label in labels}
    fired = sum(count > 0 for count in got.values())
    right = sum(label.fits(count) for label, count in got.items())
    with capsys.disabled():
        print(
            f"\nSigma regression data: {fired} of {len(labels)} labelled rules fire on their file,"
            f" {right} with the right count ({len(LABELLED_SHORT)} labels are corrected in the test)."
        )
    assert {label.folder.name: count for label, count in got.items() if not label.fits(count)} == {}


def test_the_plain_evaluator_gives_the_same_counts_on_the_json_twins(
    labels: list[Label], documents: dict[str, Any]
) -> None:
    got = {label: _plain_count(label, documents[label.rule]) for label in labels}
    assert {label.folder.name: count for label, count in got.items() if not label.fits(count)} == {}


def test_no_rule_of_the_pack_is_lost_on_the_way(
    shared: Callable[[str], Path], documents: dict[str, Any]
) -> None:
    pack = load_pack([shared("sigma")])
    refused = {rule for rule, document in documents.items() if _refusal(document)}
    assert {rule.name for rule in pack.refused} == refused
    assert {rule.id for rule in pack.rules} == documents.keys() - refused


def _labels(folder: Path, info: Mapping[str, Any]) -> Iterator[Label]:
    for rule in info["rule_metadata"]:
        for test in info["regression_tests_info"]:
            yield Label(folder, rule["id"], folder / Path(test["path"]).name, test.get("match_count"))


def _plain_count(label: Label, document: Mapping[str, Any]) -> int:
    rule = plain.parse(document)
    source = document["logsource"]
    channel, event_ids = LOGS[source.get("category") or source["service"]]
    events = [_flat(event) for event in _objects(label.file.with_suffix(".json"))]
    return sum(
        plain.matches(rule, event)
        for event in events
        if event["Channel"] == channel and (not event_ids or str(event["EventID"]) in event_ids)
    )


def _objects(file: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a file that holds one JSON value after another."""
    text = file.read_text(encoding="utf-8-sig").strip()
    decoder = json.JSONDecoder()
    while text:
        value, end = decoder.raw_decode(text)
        yield from value if isinstance(value, list) else [value]
        text = text[end:].lstrip()


def _flat(record: Mapping[str, Any]) -> dict[str, object]:
    system = record["Event"]["System"]
    body = record["Event"].get("EventData") or next(
        iter((record["Event"].get("UserData") or {"": {}}).values())
    )
    header = {
        "Provider_Name": system["Provider"]["#attributes"]["Name"],
        "EventID": system["EventID"],
        "Channel": system["Channel"],
        "Computer": system["Computer"],
    }
    return {**{name: value for name, value in body.items() if name != "#attributes"}, **header}


def _refusal(document: Mapping[str, Any]) -> str:
    try:
        plain.parse(document)
    except ValueError as error:
        return str(error)
    return ""
