"""The firm with Sysmon and Zeek: form of the records, and a life that could be true."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from tests.scenario.reading import Written, data, events, rows


def test_documents_have_the_shape_of_winlogbeat_8(windows: Written) -> None:
    for event in events(windows):
        winlog = event["winlog"]
        assert event["event"]["code"] == winlog["event_id"]
        assert event["event"]["provider"] == winlog["provider_name"]
        assert event["host"]["name"] == winlog["computer_name"].lower()
        assert event["agent"]["type"] == "winlogbeat"
        assert event["labels"] == {"synthetic": "SAKIMORI-SYNTHETIC"}
        assert all(isinstance(value, str) for value in data(event).values())


def test_record_numbers_of_a_host_and_channel_rise_by_one(windows: Written) -> None:
    last: dict[tuple[str, str], int] = {}
    for event in events(windows):
        key = (event["winlog"]["computer_name"], event["winlog"]["channel"])
        number = event["winlog"]["record_id"]
        assert number == last.get(key, number - 1) + 1
        last[key] = number


def test_documents_stand_in_order_of_time_on_the_day_of_their_file(windows: Written) -> None:
    for path in windows.files("*.ndjson"):
        times = [line[15:39] for line in path.read_text().splitlines()]
        assert times == sorted(times)
        assert {time[:10] for time in times} == {path.stem}


def test_a_started_process_is_audited_too(windows: Written) -> None:
    counts = Counter(event["winlog"]["event_id"] for event in events(windows))
    assert counts["1"] == counts["4688"] > 300


def test_a_parent_named_by_a_process_was_started_or_always_ran(windows: Written) -> None:
    started: set[str] = set()
    unknown: Counter[str] = Counter()
    for event in events(windows):
        if event["winlog"]["event_id"] == "1":
            fields = data(event)
            started.add(fields["ProcessGuid"])
            if fields["ParentProcessGuid"] not in started:
                unknown[fields["ParentImage"].rpartition("\\")[2]] += 1
    standing = {
        "svchost.exe",
        "services.exe",
        "winlogon.exe",
        "hlagent.exe",
        "MsMpEng.exe",
        "SearchIndexer.exe",
        "agent.exe",
        "signerd.exe",
        "svbackup.exe",
        "taskhostw.exe",
        "wininit.exe",
        "smss.exe",
        "w3wp.exe",
        "WmiPrvSE.exe",
    }
    assert set(unknown) <= standing


def test_zeek_logs_say_their_fields_and_every_line_has_them(windows: Written) -> None:
    logs = {path.stem for path in windows.files("*.log")}
    assert logs == {"conn", "dns", "http", "ssl", "files"}
    for path in windows.files("*.log"):
        found = rows(path)  # strict: as many cells as fields
        assert found
        assert {row["synthetic"] for row in found} == {"SAKIMORI-SYNTHETIC"}
        times = [float(row["ts"]) for row in found]
        assert all(abs(a - b) < 2 for a, b in zip(times, sorted(times), strict=True))
        assert path.read_text().startswith("#separator \\x09\n#set_separator\t,\n")
        assert path.read_text().rstrip().splitlines()[-1].startswith("#close")


def test_every_http_and_tls_line_belongs_to_a_connection(windows: Written) -> None:
    for path in windows.files("conn.log"):
        uids = {row["uid"] for row in rows(path)}
        for other in ("http", "ssl", "files"):
            beside = path.with_name(f"{other}.log")
            lonely = [row for row in rows(beside) if row["uid"] not in uids] if beside.exists() else []
            assert len(lonely) <= 1  # one may have begun in the last moment of the day before


def test_a_connection_of_sysmon_is_seen_by_zeek(windows: Written) -> None:
    seen = {(row["id.orig_h"], row["id.orig_p"]) for path in windows.files("conn.log") for row in rows(path)}
    said = {
        (data(event)["SourceIp"], data(event)["SourcePort"])
        for event in events(windows)
        if event["winlog"]["event_id"] == "3"
    }
    assert said <= seen


def test_people_work_on_weekdays_by_day(tmp_path_factory: object, windows: Written) -> None:
    hours: Counter[int] = Counter()
    for event in events(windows):
        if event["winlog"]["event_id"] == "4624" and data(event)["LogonType"] in ("2", "11"):
            hours[datetime.fromisoformat(event["@timestamp"]).hour] += 1
    assert sum(hours.values()) > 10
    assert sum(count for hour, count in hours.items() if hour < 9) > 0.8 * sum(hours.values())


def test_values_repeat_as_they_do_in_real_logs(windows: Written) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    total = 0
    for event in events(windows):
        for field, value in data(event).items():
            if not field.endswith(("Guid", "GUID", "Time")):
                seen[field].add(value)
                total += 1
    assert 0.02 < sum(len(values) for values in seen.values()) / total < 0.16


def test_the_intrusion_speaks_as_public_reports_do(windows: Written) -> None:
    told = {(entry["file"], entry["record"]) for entry in windows.truth["attack"]}
    commands = []
    for path in windows.files("*.ndjson"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if (f"winlogbeat/{path.name}", number) in told:
                commands.append(line)
    text = "\n".join(commands)
    for said in (
        "/create /tn",
        "objectcategory=computer",
        "KTR-BLD01",
        "wevtutil  cl Security",
        "-hp[redacted]",
    ):
        assert said in text
