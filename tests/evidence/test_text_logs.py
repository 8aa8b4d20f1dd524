"""Text logs: no bytes stop a reader, a range reads what the whole reads, and rules speak in Sigma's words."""

from __future__ import annotations

import io
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.auditd import Auditd
from sakimori.evidence.reader import HEAD_BYTES, Reader, Source
from sakimori.evidence.syslog import Syslog
from sakimori.evidence.syslog_years import Years, newest_year, put_away, with_years
from sakimori.evidence.text_logs import TEXT_LOGS
from sakimori.evidence.w3c import W3cExtended
from sakimori.evidence.web_access import WebAccess
from sakimori.evidence.wordings import read as said
from sakimori.evidence.wordings import wording
from tests.evidence.reading import Rows, part, read
from tests.evidence.test_golden import GOLDEN
from tests.evidence.test_golden import given as bytes_of
from tests.evidence.test_rules_on_other_logs import speaks
from tests.evidence.text_samples import TEXT_SAMPLES

READER = {reader.name: reader for reader in TEXT_LOGS}
FAMILIES = ("syslog", "sysmon_linux", "auditd", "web", "appliances", "build_servers", "windows_dhcp")
LINES = [
    line
    for family in FAMILIES
    for sample in tomllib.loads((GOLDEN / f"{family}.toml").read_text("utf-8"))["sample"]
    for line in bytes_of(sample).splitlines(keepends=True)
]
NOON = datetime(2026, 11, 20, 12)


def lying_at(path: str, text: str) -> Source:
    """A member that lay at this path."""
    data = text.encode()
    stream = cast(BinaryIO, io.BufferedReader(io.BytesIO(data)))
    return Source(path=path, stream=stream, head=data[:HEAD_BYTES])


def without_place(rows: Rows) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in ("record", "offset", "member")} for row in rows]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_no_bytes_raise(noise: bytes) -> None:
    for name, reader in READER.items():
        rows, unread = read(reader, TEXT_SAMPLES[name] + noise)
        assert len(rows) + len(unread) >= 2
        reader.claims(noise)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(LINES), st.integers(0, 4000), st.binary(max_size=12))
def test_no_damaged_line_raises(line: bytes, at: int, noise: bytes) -> None:
    damaged = line[:at] + noise + line[at + len(noise) :]
    for reader in TEXT_LOGS:
        read(reader, damaged)


def test_a_range_that_starts_later_has_the_members_own_places() -> None:
    for name, reader in READER.items():
        data = TEXT_SAMPLES[name]
        whole, _ = read(reader, data)
        last = whole[-1]
        (again,), _ = read(reader, part(data, last["offset"], last["record"]))
        assert again == last, name


# Years


def years_of(path: str, *days: str) -> list[str]:
    text = "".join(f"{day} 09:00:00 db01 app[1]: text\n" for day in days)
    with with_years(lying_at(path, text), NOON) as (dated, years):
        assert dated.stream.read() == text.encode()
        months = {"Jan": 1, "Feb": 2, "Mar": 3, "Nov": 11, "Dec": 12}
        return [f"{years.of(months[day[:3]], int(day[4:]))}" for day in days]


def test_the_last_line_is_not_later_than_now() -> None:
    assert years_of("messages", "Mar  1", "Mar  2") == ["2026", "2026"]
    assert years_of("messages", "Dec  1", "Dec  2") == ["2025", "2025"]


def test_the_year_turns_where_the_months_fall_back_and_not_for_a_late_line() -> None:
    assert years_of("messages", "Nov  2", "Dec 31", "Jan  1") == ["2025", "2025", "2026"]
    assert years_of("messages", "Nov 10", "Dec 31", "Jan  1", "Dec 31", "Jan  1") == [
        "2025", "2025", "2026", "2025", "2026",
    ]  # fmt: skip


def test_a_rotated_name_says_the_year() -> None:
    assert years_of("var/log/messages-20240310", "Dec 31", "Mar  1") == ["2023", "2024"]
    assert years_of("syslog-2024-03-10.gz!syslog", "Mar  1") == ["2024"]
    assert put_away("messages-20241345") is None


def test_29_february_stands_in_a_year_that_has_one() -> None:
    assert newest_year(2, 29, NOON) == 2024


def test_without_a_look_ahead_each_day_is_the_newest_one() -> None:
    assert [Years(NOON).of(12, 1), Years(NOON).of(11, 1)] == [2025, 2026]


def test_of_a_very_large_member_no_line_is_lost() -> None:
    text = "".join(f"Mar  2 09:00:{n:02} db01 app[1]: text {n}\n" for n in range(60))
    with with_years(lying_at("messages", text), NOON, most=100) as (dated, years):
        assert dated.stream.read() == text.encode()
        assert (years.of(12, 1), years.of(3, 2)) == (2025, 2026)


def test_an_assumed_year_is_told() -> None:
    (row,), _ = read(Syslog(), lying_at("messages-20260308", "Mar  2 09:12:00 db01 app[1]: text\n"))
    assert (row["clock_source"], row["timestamp_year_assumed"]) == (
        "timestamp_year_assumed",
        "2026-03-02T09:12:00",
    )


# What is like it, but is not


@pytest.mark.parametrize(
    "text",
    [
        "Mar yielded more than we hoped, and April: even more.\n" * 3,
        "2026-03-02 09:12:00 a note to myself: buy milk\n" * 3,
        "2026-03-02T09:12:00Z,db01,app,text\n" * 3,
        "[2026-03-02] a list in brackets\n" * 3,
        "# Fields: of wheat and of rye\n" * 3,
        "10,11,12,13\n" * 3,
    ],
)
def test_what_only_resembles_a_text_log_is_left_alone(text: str) -> None:
    assert [reader.name for reader in TEXT_LOGS if reader.claims(text.encode())] == []


def test_zeros_ahead_of_what_was_written_are_nothing() -> None:
    data = IIS.encode() + b"\0" * 4096
    assert W3cExtended().claims(data)
    assert [row["log"] for row in read(W3cExtended(), data)[0]] == ["w3c_access"]
    rows, unread = read(Syslog(), b"\0\0\0" + SHELL.encode())
    assert ([row["log"] for row in rows], unread) == (["syslog_sudo"], [])


def test_a_message_of_two_lines_is_two_rows() -> None:
    rows, unread = read(Syslog(), SHELL.encode() + b"\tat a.B.c(B.java:1)\n")
    assert ([row["log"] for row in rows], unread) == (["syslog_sudo", "syslog"], [])


def test_a_dhcp_log_in_another_language_is_told_by_its_lines() -> None:
    lines = TEXT_SAMPLES["windows_dhcp"].split(b"\n", 1)[1]
    data = (
        "\t\tMicrosoft DHCP サービス アクティビティ ログ\n\nID,日付,時刻,説明,IP アドレス\n".encode("cp932")
        + lines
    )
    assert READER["windows_dhcp"].claims(data)
    rows, unread = read(READER["windows_dhcp"], data)
    assert ([row["IP Address"] for row in rows], unread) == (["192.0.2.50"] * 2, [])


# Audit log


EVENT = (
    "type=SYSCALL msg=audit(1772442720.123:{n}): arch=c000003e syscall=59 success=yes ppid=7 pid={n} uid=0"
    ' comm="id" exe="/usr/bin/id"\n'
    'type=EXECVE msg=audit(1772442720.123:{n}): argc=2 a0="id" a1="-{n}"\n'
)


def test_records_of_two_happenings_that_come_mixed_are_told_apart() -> None:
    one, two = EVENT.format(n=1).splitlines(), EVENT.format(n=2).splitlines()
    rows, _ = read(Auditd(), "\n".join([one[0], two[0], one[1], two[1]]).encode())
    started = [row for row in rows if row["log"] == "auditd_execve"]
    assert [(row["pid"], row["command_line"]) for row in started] == [("1", "id -1"), ("2", "id -2")]


def test_a_happening_without_its_call_is_still_a_row() -> None:
    (row,), _ = read(Auditd(), EVENT.format(n=1).splitlines()[1].encode())
    assert (row["command_line"], row.get("exe")) == ("id -1", None)


def test_many_happenings_come_in_their_order() -> None:
    rows, unread = read(Auditd(), "".join(EVENT.format(n=n) for n in range(500)).encode())
    assert (len(rows), unread) == (1000, [])
    assert [row["pid"] for row in rows if row["log"] == "auditd_execve"] == [str(n) for n in range(500)]


# Wordings


def test_a_wording_keeps_to_what_its_names_mean() -> None:
    accepted = wording("Accepted {method} for {user...} from {address} port {port}", result="success")
    assert said("Accepted password for a b from 192.0.2.7 port 22 ssh2", (accepted,)) == {
        "method": "password", "user": "a b", "address": "192.0.2.7", "port": "22", "result": "success",
    }  # fmt: skip
    assert said("Accepted password for mei from 192.0.2.7 port no", (accepted,)) is None


# Appliances


def test_a_cef_message_without_keys_is_still_told() -> None:
    (row,), _ = read(Syslog(), b"CEF:0|Example|Gateway|1|100|restarted|3|\n")
    assert (row["log"], row["Name"]) == ("cef", "restarted")


# Rules


SHELL = "Mar  2 09:14:00 db01 sudo[8]:  mei : TTY=pts/0 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/sh\n"
GUACD = "Mar  2 09:14:00 db01 guacd[8]: User joined connection (2 users now present)\n"
FORTI = (
    'date=2026-03-02 time=09:16:00 logid="0100044547" type="event" subtype="system" user="a" action="Add"'
    ' cfgpath="system.admin" cfgobj="b"\n'
)
IIS = (
    "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status\n"
    "2026-03-02 00:12:00 POST /ecp/a.aspx cmd=whoami 192.0.2.7 curl/8.0 200\n"
)
AUDITD = "{product: linux, service: auditd}"
ACCESS = '192.0.2.7 - - [02/Mar/2026:09:12:00 +0900] "GET /a?x=${jndi:ldap} HTTP/1.1" 200 1 "-" "curl/8"\n'
SPOKEN: list[tuple[Reader, str, str, Any]] = [
    (Syslog(), SHELL, "{product: linux, service: sudo}", {"USER|startswith": "#-"}),
    (Syslog(), SHELL, "{product: linux}", ["COMMAND=/bin/sh"]),
    (Syslog(), GUACD, "{product: linux, service: guacamole}", ["(2 users now present)"]),
    (Syslog(), FORTI, "{product: fortigate, service: event}", {"action": "Add", "cfgpath": "system.admin"}),
    (
        Auditd(),
        EVENT.format(n=1),
        AUDITD,
        {"type": "EXECVE", "a0": "id", "a1": "-1"},
    ),
    (
        Auditd(),
        EVENT.format(n=1),
        AUDITD,
        {"type": "SYSCALL", "SYSCALL": "execve"},
    ),
    (
        Auditd(),
        EVENT.format(n=1),
        "{product: linux, category: process_creation}",
        {"Image|endswith": "/id", "CommandLine|contains": "id -1", "User": "root", "ParentProcessId": 7},
    ),
    (W3cExtended(), IIS, "{category: webserver}", {"cs-method": "POST", "cs-uri-query|contains": "whoami"}),
    (W3cExtended(), IIS, "{category: webserver}", {"cs-user-agent|startswith": "curl"}),
    (WebAccess(), ACCESS, "{category: webserver}", {"cs-uri-query|contains": "jndi", "sc-status": 200}),
    (WebAccess(), ACCESS, "{category: webserver}", ["${jndi:"]),
]


@pytest.mark.parametrize(("reader", "text", "logsource", "selection"), SPOKEN)
def test_a_rule_speaks(tmp_path: Path, reader: Reader, text: str, logsource: str, selection: Any) -> None:
    assert speaks(tmp_path / "rule", reader, text.encode(), logsource, selection)
