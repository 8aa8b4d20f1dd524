"""Text logs: no bytes stop a reader, ranges read what the whole reads, and rules speak in Sigma's words."""

from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.text_logs import TEXT_LOGS
from tests.evidence.reading import read
from tests.evidence.test_golden import GOLDEN
from tests.evidence.test_golden import given as sample_bytes
from tests.evidence.text_samples import TEXT_SAMPLES

READER = {reader.name: reader for reader in TEXT_LOGS}
FAMILIES = ("syslog", "sysmon_linux", "auditd", "web", "appliances", "build_servers", "windows_dhcp")
LINES = [
    line
    for family in FAMILIES
    for sample in tomllib.loads((GOLDEN / f"{family}.toml").read_text("utf-8"))["sample"]
    for line in sample_bytes(sample).splitlines(keepends=True)
]


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
