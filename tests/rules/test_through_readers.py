"""What a rule says it sees, it sees in a log's own format, read by our own reader."""

from __future__ import annotations

from tests.rules.through_readers import spoke


def test_every_speaking_case_speaks_on_a_log_as_it_is_written() -> None:
    mute = [(name, at) for name, told in spoke().items() for at, logs in told.items() if not logs]
    assert mute == []


def test_what_a_log_cannot_say_is_not_seen_there() -> None:
    # Endpoint Security names the parent's file, not its arguments.
    hook = spoke()["proc_creation_any_package_hook_starts_downloader"]
    assert [sorted(log for log in logs if log.startswith("macos_")) for logs in hook.values()] == [[], []]
    assert "sentinelone_process_mac" in hook[0]
    assert "windows_sysmon_1" in hook[1]
    assert "windows_security_process_created" not in hook[1]
