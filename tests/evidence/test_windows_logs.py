"""Channel, provider and event id lead to one stream, the most specific log first."""

from __future__ import annotations

import pytest

from sakimori.evidence.windows_logs import WindowsStreams
from sakimori.records.catalogue import Catalogue, Log, catalogue
from sakimori.records.plan import stored_only
from sakimori.tongue import tongue

SYSMON = "Microsoft-Windows-Sysmon/Operational"


def windows(name: str, **match: object) -> Log:
    return Log(name=name, family="windows", columns=("Channel", "EventID"), match=match)


SMALL = Catalogue(
    (
        windows("windows_other"),
        windows("channel", channel=["One", "Two"]),
        windows("ids", channel="One", event_id=[5, 6]),
        windows("provider", channel="One", provider="Vendor"),
        windows("both", channel="One", provider="Vendor", event_id=[5]),
    ),
    "of a test",
)


@pytest.mark.parametrize(
    ("channel", "provider", "event_id", "key"),
    [
        ("One", "Vendor", "5", "both|Channel=One|EventID=5"),
        ("One", "vendor", "6", "provider|Channel=One|EventID=6"),
        ("one", "Other", "6", "ids|Channel=One|EventID=6"),
        ("TWO", None, "5", "channel|Channel=Two|EventID=5"),
        ("One", None, "7", "channel|Channel=One|EventID=7"),
        ("One", "Vendor", None, "provider|Channel=One"),
        ("Three", "Vendor", "5", "windows_other"),
        (None, "Vendor", "5", "windows_other"),
        ("", None, None, "windows_other"),
        ("Two", None, "5; drop", "channel|Channel=Two"),
        ("Two", None, "123456", "channel|Channel=Two"),
        ("Two", None, "²", "channel|Channel=Two"),
    ],
)
def test_the_most_specific_log_wins(
    channel: str | None, provider: str | None, event_id: str | None, key: str
) -> None:
    assert WindowsStreams(stored_only(SMALL)).stream(channel, provider, event_id).key == key


def test_the_same_event_kind_is_the_same_stream() -> None:
    streams = WindowsStreams(stored_only(SMALL))
    assert streams.stream("One", "Vendor", "5") is streams.stream("ONE", "VENDOR", "5")


def test_only_some_channels_need_the_provider() -> None:
    streams = WindowsStreams(stored_only(catalogue()))
    assert streams.by_provider("system")
    assert not streams.by_provider(SYSMON)
    assert not streams.by_provider("Nobody's")


@pytest.mark.parametrize(
    ("channel", "event_id", "log"),
    [
        (SYSMON, "1", "windows_sysmon_1"),
        (SYSMON, "18", "windows_sysmon_17"),
        (SYSMON, "99", "windows_sysmon"),
        ("Security", "4688", "windows_security_process_created"),
        ("Security", "4732", "windows_security_accounts"),
        ("Security", "6416", "windows_security"),
        ("PowerShellCore/Operational", "4104", "windows_powershell_script"),
        ("Windows PowerShell", "800", "windows_powershell_classic_pipeline"),
        ("Microsoft-Windows-Windows Defender/Operational", "1116", "windows_defender_detection"),
        ("Microsoft-Windows-AppLocker/MSI and Script", "8007", "windows_applocker"),
    ],
)
def test_the_shipped_catalogue_knows_its_channels(channel: str, event_id: str, log: str) -> None:
    assert WindowsStreams(stored_only(catalogue())).stream(channel, None, event_id).log.name == log


def test_every_windows_log_has_a_japanese_title() -> None:
    titles = [log.title for log in catalogue().of_family("windows")]
    assert [title for title in titles if tongue("ja")(title) == title] == []
