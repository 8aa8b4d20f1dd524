"""Step logs of GitHub Actions: what a job ran, what it fetched, and whose lines they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.evidence.fetched_packages import packages
from sakimori.evidence.github_actions_log import GithubActionsLog
from tests.evidence.reading import part, read, source

READER = GithubActionsLog()
TIME = b"2026-03-02T09:00:00.1234567Z "
ACTIONS_LOG = TIME + b"##[group]Run npm ci\n" + TIME + b"\x1b[36;1mnpm ci\x1b[0m\n"


@pytest.mark.parametrize(
    ("path", "job", "step"),
    [
        ("logs_1.zip!build/2_Run npm ci.txt", "build", "Run npm ci"),
        ("logs_1.zip!0_build.txt", "build", None),
        ("logs/0_build.txt", "build", None),
        ("somewhere/step.txt", None, None),
    ],
)
def test_a_run_s_zip_names_job_and_step(path: str, job: str | None, step: str | None) -> None:
    rows, _ = read(READER, replace(source(ACTIONS_LOG), path=path))
    assert {(row.get("job"), row.get("step")) for row in rows} == {(job, step)}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("npm http fetch GET 200 https://n.example.com/a/-/a-1.2.3.tgz", [("npm", "a", "1.2.3", "fetched")]),
        ("https://n.example.com/@x%2fa/-/a-1.0.0-rc.1.tgz", [("npm", "@x/a", "1.0.0-rc.1", "fetched")]),
        ("\u27a4 YN0013: \u2502 @x/a@npm:2.0.0 can't be found", [("npm", "@x/a", "2.0.0", "fetched")]),
        ("  Downloading a_b-1.2-cp311-cp311-linux_x86_64.whl (1 kB)", [("pypi", "a_b", "1.2", "fetched")]),
        ("  Downloading a-b-1.2.tar.gz (1 kB)", [("pypi", "a-b", "1.2", "fetched")]),
        (
            "Successfully installed a-1.2 b-c-3.0",
            [("pypi", "a", "1.2", "installed"), ("pypi", "b-c", "3.0", "installed")],
        ),
        ("  Downloaded serde v1.0.1", [("cargo", "serde", "1.0.1", "fetched")]),
        ("go: downloading example.com/m v1.2.3", [("go", "example.com/m", "v1.2.3", "fetched")]),
        ("added 50 packages in 2s", []),
        ("Downloading the internet, part 2", []),
        ("Installing collected packages: a, b", []),
    ],
)  # fmt: skip
def test_a_line_names_packages_with_their_versions_or_none(
    line: str, found: list[tuple[str, str, str, str]]
) -> None:
    assert [(p.ecosystem, p.name, p.version, p.state) for p in packages(line)] == found


def test_such_a_time_without_a_runner_s_words_is_some_other_log() -> None:
    assert READER.claims(ACTIONS_LOG)
    assert not READER.claims(TIME + b"INFO started\n" + TIME + b"INFO stopped\n")


def test_a_range_reads_as_the_whole_does() -> None:
    whole, _ = read(READER, ACTIONS_LOG)
    cut = ACTIONS_LOG.index(b"\n") + 1
    rows, _ = read(READER, part(ACTIONS_LOG, cut, 2))
    assert rows == whole[1:]
    assert READER.record(source(ACTIONS_LOG), 2, cut) == (TIME + b"\x1b[36;1mnpm ci\x1b[0m").decode()


def test_a_line_made_to_be_slow_is_not() -> None:
    for word in ("a-" * 10_000, "1-" * 10_000, "a" * 20_000, "https://a/" * 2_000):
        for before in ("Successfully installed ", "Downloading ", "YN0013 .tgz "):
            assert list(packages(before + word + ".tgz!")) == []


@given(st.binary(max_size=200))
def test_no_bytes_raise(noise: bytes) -> None:
    for start in (ACTIONS_LOG, TIME + b"Downloading ", TIME + b"Successfully installed ", b""):
        read(READER, start + noise)
        READER.claims(start + noise)
