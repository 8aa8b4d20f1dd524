"""The firm's cloud: exports the services could have given, all of one world."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sakimori.errors import CatalogueError, UsageError
from sakimori.scenario.acts import acts
from sakimori.scenario.cloud.files import PackedFile
from sakimori.scenario.cloud.people import workers
from sakimori.scenario.cloud.slots import Slots
from sakimori.scenario.data import toml
from sakimori.scenario.estate import build
from tests.scenario.reading import Written, content, documents, every_byte, records, wrote

TIMES: dict[str, Callable[[dict[str, Any]], str]] = {
    "SignIns.json": lambda one: one["createdDateTime"],
    "AuditLogs.json": lambda one: one["activityDateTime"],
    "UnifiedAuditLog.csv": lambda one: one["CreationDate"],
    "MessageTrace.csv": lambda one: one["Received"],
    "EmailEvents.csv": lambda one: one["Timestamp"],
    "UrlClickEvents.csv": lambda one: one["Timestamp"],
    "audit-log-*.json": lambda one: str(one["@timestamp"]),
    "*_synthetic.json.gz": lambda one: one["eventTime"],
    "eslogger.json": lambda one: one["time"],
    "KTR-FG01-*.log": lambda one: one["eventtime"],
}


def _of(written: Written, name: str) -> Iterator[dict[str, Any]]:
    for path in written.files(name):
        yield from records(path)


def _attack(written: Written, *hosts: str) -> list[dict[str, Any]]:
    """The records of the intrusion that stand in these services' logs."""
    found = []
    for entry in written.truth["attack"]:
        if entry["host"] in hosts:
            path = written.root / entry["file"]
            known = records(path)
            found.append(known[entry["record"] - (2 if path.suffix == ".csv" else 1)])
    return found


@pytest.mark.parametrize("name", sorted(TIMES))
def test_each_log_is_there_in_order_of_time(name: str, cloud: Written) -> None:
    assert len(cloud.files(name)) > 2
    for path in cloud.files(name):
        known = records(path)
        times = [TIMES[name](one) for one in known]
        assert times == sorted(times)


def test_the_summary_counts_every_record_and_the_people(cloud: Written) -> None:
    found = sum(len(records(path)) for path in cloud.files("*") if path.stem)
    assert cloud.summary.records == found
    assert cloud.summary.people == 24


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, second, other = (
        wrote(tmp_path / name, kind="cloud", days=2, seed=seed)
        for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert every_byte(first) == every_byte(second)
    assert first.truth == second.truth
    assert every_byte(first) != every_byte(other)


def test_people_sign_in_from_home_office_and_telephone_by_day(cloud: Written) -> None:
    found = [one for one in _of(cloud, "SignIns.json") if one["isInteractive"]]
    hours = Counter(datetime.fromisoformat(one["createdDateTime"]).hour for one in found)
    assert sum(count for hour, count in hours.items() if hour < 11) > 0.7 * len(found)
    assert {one["location"]["city"] for one in found} > {"Minato"}
    assert {one["status"]["errorCode"] for one in _of(cloud, "SignIns.json")} >= {0, 50074}
    assert any(one["deviceDetail"]["operatingSystem"].startswith("Ios") for one in _of(cloud, "SignIns.json"))


def test_an_entry_of_the_unified_log_says_the_same_inside_and_out(cloud: Written) -> None:
    for row in _of(cloud, "UnifiedAuditLog.csv"):
        inside = json.loads(row["AuditData"])
        assert (row["RecordId"], row["Operation"]) == (inside["Id"], inside["Operation"])
        assert (row["UserId"], row["RecordType"]) == (inside["UserId"], str(inside["RecordType"]))
        assert row["CreationDate"].startswith(inside["CreationTime"])


def test_a_message_is_the_same_in_the_trace_and_in_defender(cloud: Written) -> None:
    traced = {row["MessageId"] for row in _of(cloud, "MessageTrace.csv")}
    assert traced == {row["InternetMessageId"] for row in _of(cloud, "EmailEvents.csv")}


def test_a_person_has_one_name_in_every_service(cloud: Written) -> None:
    known = {one["userPrincipalName"] for one in _of(cloud, "SignIns.json")}
    named = {
        one["external_identity_nameid"]
        for one in _of(cloud, "audit-log-*.json")
        if "external_identity_nameid" in one
    }
    assert named <= known
    devices = {row["InitiatingProcessAccountUpn"] for row in _of(cloud, "DeviceProcessEvents.csv")}
    assert devices & known


def test_the_intruder_s_inner_address_is_given_by_the_gateway_and_seen_on_the_build_server(
    cloud: Written,
) -> None:
    (given,) = [one for one in _attack(cloud, "VPN") if one.get("action") == "tunnel-up"]
    seen = {
        row["RemoteIP"] for row in _attack(cloud, "KTR-BLD01") if row.get("LogonType") == "RemoteInteractive"
    }
    assert seen == {given["tunnelip"]}
    others = {one["tunnelip"] for one in _of(cloud, "KTR-FG01-*.log") if "tunnelip" in one and one != given}
    assert others and given["tunnelip"] not in others


def test_numbers_of_a_mac_s_events_rise(cloud: Written) -> None:
    for host in {path.parent.name.partition("_")[0] for path in cloud.files("eslogger.json")}:
        paths = [path for path in cloud.files("eslogger.json") if path.parent.name.startswith(host)]
        numbers = [one["seq_num"] for path in paths for one in documents(path)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_stolen_session_is_the_developer_s_own_from_elsewhere(cloud: Written) -> None:
    incident = cloud.truth["incident"]
    stolen = incident["intruder"]["replay"]
    seen = {one["ipAddress"] for one in _of(cloud, "SignIns.json") if one["sessionId"] == stolen["session"]}
    assert stolen["address"] in seen and len(seen) > 1


def test_the_intruder_s_addresses_stand_in_the_records_of_the_truth_and_nowhere_else(cloud: Written) -> None:
    told = {(entry["file"], entry["offset"]) for entry in cloud.truth["attack"]}
    addresses = [f'"{seat["address"]}'.encode() for seat in cloud.truth["incident"]["intruder"].values()]
    for path in cloud.files("*.json*"):
        offset = 0
        for line in content(path).splitlines(keepends=True):
            if any(address in line for address in addresses):
                assert (str(path.relative_to(cloud.root)), offset) in told
            offset += len(line)


def test_every_step_of_the_plan_left_records(cloud: Written) -> None:
    parts = {**toml("attacks.toml")["part"], **toml("cloud_attacks.toml")["part"]}
    said = {step["says"] for part in cloud.truth["incident"]["parts"] for step in parts[part]["steps"]}
    assert said <= {entry["description"] for entry in cloud.truth["attack"]}


def test_the_intrusion_has_the_shape_of_the_reports(cloud: Written) -> None:
    github = Counter(one["action"] for one in _attack(cloud, "GitHub") if "action" in one)
    assert github["git.clone"] >= 28
    assert github["public_key.create"] == 1
    calls = Counter(one["eventName"] for one in _attack(cloud, "AWS"))
    assert {"GetCallerIdentity", "GetSecretValue", "StopLogging", "CreateAccessKey", "PutObject"} <= set(
        calls
    )
    stages = {entry["stage"] for entry in cloud.truth["attack"]}
    assert {"initial-access", "execution", "persistence", "credential-access", "impact"} <= stages


def test_ordinary_look_alikes_are_named(cloud: Written) -> None:
    names = {twin["name"] for twin in cloud.truth["benign_twins"] if twin["records"]}
    assert {"ci-clones", "services-read-secrets", "front-end-released-by-pipeline"} <= names
    assert {"contractor-behind-agreed-vpn", "household-shares-address"} <= names


def test_without_an_intrusion_no_address_of_an_intruder_occurs(tmp_path: Path) -> None:
    written = wrote(tmp_path, kind="cloud", attack=False, days=3)
    assert written.truth["attack"] == []
    assert written.summary.variant == ""
    last = {int(one["ipAddress"].rpartition(".")[2]) for one in _of(written, "SignIns.json")}
    assert max(last) < 240


def test_the_windows_ways_in_can_be_asked_for_too(tmp_path: Path) -> None:
    written = wrote(tmp_path, kind="cloud", variant="coding_test", days=2)
    assert written.summary.variant == "coding_test"
    assert {entry["file"].partition("/")[0] for entry in written.truth["attack"]} == {"defender"}


def test_all_parts_of_the_cloud_s_intrusion_exist_and_their_machine_steps_compile() -> None:
    data, windows = toml("cloud_attacks.toml"), toml("attacks.toml")["part"]
    for name in data["variant"][0]["parts"]:
        assert name in data["part"] or name in windows
    bound = {"rar_name": "rar.exe"}
    for part in data["part"].values():
        for step in part["steps"]:
            if step["host"] in ("build", "signing"):
                assert acts(step["do"], bound)


def test_a_word_nothing_fills_is_refused() -> None:
    staff = workers(build(1, 9), 1, 12)
    with pytest.raises(CatalogueError, match="nothing fills the word"):
        "{nothing}".format_map(Slots(Random(1), staff[0], staff, {}))


def test_nobody_at_work_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give more days"):
        for seed in range(20):  # a Sunday, on which most rest
            wrote(tmp_path / str(seed), kind="cloud", days=1, seed=seed, start=date(2026, 3, 1), rate=5)


def test_the_same_records_pack_to_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        file = PackedFile(
            tmp_path, name + "-{day}.gz", lambda *_: None, head='{{"Records":[\n', foot="\n]}}\n"
        )
        file.turn(20_514)
        file.write(['{"x":1}\n', '{"x":2}\n'], [0, 0])
        file.close()
    (first,), (second,) = tmp_path.glob("a*"), tmp_path.glob("b*")
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(content(first)) == {"Records": [{"x": 1}, {"x": 2}]}
