"""Hunts as queries to paste: bounded in time, and no value gets out of its quotes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.findings import Subject
from sakimori.incidents.hunts import Hunt
from sakimori.response.queries import kql, kql_text, spl, spl_text
from tests.response.corpus import HOSTILE
from tests.response.sample_case import make_case

INCIDENT = make_case().incidents[0]


def hunt(*subjects: Subject) -> Hunt:
    return Hunt("beside", "Who else has this?", "", ("file_event", "process"), subjects)


def test_entities_are_searched_by_what_other_hosts_share_from_a_week_before() -> None:
    asked = hunt(Subject("file", "C:\\Users\\Public\\svc_host.exe"), Subject("address", "203.0.113.77"))
    assert kql(INCIDENT, asked).splitlines() == [
        "union DeviceFileEvents, DeviceProcessEvents",
        "| where Timestamp >= datetime(2026-02-24T09:12:04Z)",
        '| where * has @"svc_host.exe" or * has @"203.0.113.77"',
        "| sort by Timestamp asc",
    ]
    assert spl(INCIDENT, asked).splitlines() == [
        'search index=* earliest="02/24/2026:00:00:00" ("*svc_host.exe*" OR "*203.0.113.77*")',
        "| sort 0 _time",
    ]


def test_a_hunt_without_entities_asks_for_the_hosts() -> None:
    assert '| where DeviceName has_any (@"dev-07", @"sign-01")' in kql(INCIDENT, hunt())
    assert '(host="dev-07" OR host="sign-01")' in spl(INCIDENT, hunt())


def test_of_several_digests_the_strongest_is_searched() -> None:
    digests = hunt(Subject("hash", "md5=" + "a" * 32 + ",sha256=" + "b" * 64 + ",imphash=" + "c" * 32))
    assert f'* has @"{"b" * 64}"' in kql(INCIDENT, digests)


@given(st.text() | st.sampled_from(sorted(HOSTILE.values())))
def test_no_value_ends_its_own_string(text: str) -> None:
    assert re.fullmatch(r'@"(?:[^"]|"")*"', kql_text(text))
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', spl_text(text))
    assert "\n" not in kql_text(text) + spl_text(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_query_keeps_its_lines_whatever_the_entity_is_called(text: str) -> None:
    asked = hunt(Subject("file", text), Subject("domain", text))
    assert (len(kql(INCIDENT, asked).split("\n")), len(spl(INCIDENT, asked).split("\n"))) == (4, 2)
