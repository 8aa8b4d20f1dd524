"""What holds of every scenario: determinism, the mark, safe names, truth, bounds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sakimori.errors import UsageError
from sakimori.scenario import attack
from sakimori.scenario.data import toml
from sakimori.scenario.plot import variants
from tests.scenario.reading import Written, bare_of, content, documents, every_byte, wrote

MARK = b"SAKIMORI-SYNTHETIC"
SAFE_ADDRESS = re.compile(
    r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}|10\.20\.\d{1,3}\.\d{1,3}|127\.0\.0\.1"
)
ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
TOPS = "com|net|org|io|jp|dev|info|biz|cc|xyz|app|co|kr|ru|cn|top"
NAME = re.compile(rf"\b(?:[a-z0-9-]+\.)+(?:{TOPS})\b(?!\w|[-.]\w)")
# Publishers and schemas in version resources and task definitions, and folders, as they stand in real ones.
# So do the names of Amazon's services and of Microsoft Graph, which are values of their logs.
NOT_NAMES = {
    "graph.microsoft.com",
    "token.actions.githubusercontent.com",
    "chrome.app",
    "code.app",
    "slack.app",
    "www.sysinternals.com",
    "www.joeware.net",
    "schemas.microsoft.com",
    "microsoft.net",
    "asp.net",
}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = wrote(tmp_path / "a", days=2), wrote(tmp_path / "b", days=2)
    assert every_byte(first) == every_byte(second)
    assert first.truth == second.truth


def test_ten_seeds_give_ten_scenarios_and_every_way_in(tmp_path: Path) -> None:
    found = [wrote(tmp_path / str(seed), seed=seed, days=2, rate=15) for seed in range(10)]
    assert len({str(sorted(every_byte(one).items())) for one in found}) == 10
    assert {one.truth["incident"]["variant"] for one in found} == set(variants())


@pytest.mark.parametrize("kind", ["windows", "cloud"])
def test_every_record_carries_the_mark(kind: str, request: pytest.FixtureRequest) -> None:
    written: Written = request.getfixturevalue(kind)
    assert [line for path in written.files("*") for line in bare_of(path, MARK)] == []


@pytest.mark.parametrize("kind", ["windows", "cloud"])
def test_only_addresses_and_names_kept_for_documentation_occur(
    kind: str, request: pytest.FixtureRequest
) -> None:
    written: Written = request.getfixturevalue(kind)
    addresses: set[str] = set()
    names: set[str] = set()
    for path in written.files("*"):
        text = content(path).decode()
        addresses |= set(ADDRESS.findall(text))
        names |= set(NAME.findall(text.lower()))
    assert {found for found in addresses if not SAFE_ADDRESS.fullmatch(found)} - _versions() == set()
    outside = {
        name for name in names if not re.search(r"(^|\.)example\.(com|net|org)$|\.amazonaws\.com$", name)
    }
    assert outside <= NOT_NAMES


def _versions() -> set[str]:
    """Version numbers in data and code that read like addresses: the word before says what they are."""
    room = Path(attack.__file__).parent
    texts = [path.read_text() for ending in ("*.toml", "*.py") for path in room.rglob(ending)]
    said = re.compile(rf"""(?:version\W+"|Chrome/|/VERSION:|servicingstack_\w+_|stub )({ADDRESS.pattern})""")
    return {found for text in texts for found in said.findall(text)}


@pytest.mark.parametrize("kind", ["windows", "cloud"])
def test_the_truth_points_at_the_records_of_the_intrusion(kind: str, request: pytest.FixtureRequest) -> None:
    written: Written = request.getfixturevalue(kind)
    assert len(written.truth["attack"]) == written.summary.attack_records > 100
    for entry in written.truth["attack"]:
        path = written.root / entry["file"]
        line = content(path)[entry["offset"] :].split(b"\n", 1)[0]
        assert MARK in line
        if entry["file"].startswith(("entra", "aws")):  # a record of a document is counted, not its line
            assert documents(path)[entry["record"] - 1] == json.loads(line.removesuffix(b","))
        else:
            assert content(path).split(b"\n")[entry["record"] - 1] == line


def test_the_intruders_own_values_stand_in_the_records_of_the_truth_and_nowhere_else(
    windows: Written,
) -> None:
    files, incident = every_byte(windows), windows.truth["incident"]
    told = {(entry["file"], entry["record"]) for entry in windows.truth["attack"]}
    c2 = incident["addresses"]["c2"][0].encode()
    places = {
        (name, number)
        for name, text in files.items()
        for number, line in enumerate(text.split(b"\n"), 1)
        if c2 + b'"' in line or c2 + b"\t" in line or c2 + b";" in line
    }
    assert places
    assert places <= told


def test_every_step_of_the_plan_left_records(windows: Written) -> None:
    chosen = windows.truth["incident"]["parts"]
    steps = [step for part in chosen for step in toml("attacks.toml")["part"][part]["steps"]]
    said = {step["says"] for step in steps if step.get("only") in (None, *chosen)}
    assert said <= {entry["description"] for entry in windows.truth["attack"]}


def test_without_an_intrusion_the_truth_is_empty_but_for_the_twins(tmp_path: Path) -> None:
    written = wrote(tmp_path, attack=False, days=2)
    assert written.truth["attack"] == []
    assert written.truth["incident"] == {}
    assert written.summary.variant == ""
    assert any(twin["records"] for twin in written.truth["benign_twins"])


def test_twins_are_counted_and_never_part_of_the_intrusion(windows: Written) -> None:
    attack = {(entry["file"], entry["record"]) for entry in windows.truth["attack"]}
    for twin in windows.truth["benign_twins"]:
        places = {(place["file"], place["record"]) for place in twin["first_places"]}
        assert not places & attack
        assert len(places) == min(twin["records"], 20)


def test_the_truth_stands_outside_the_evidence(windows: Written) -> None:
    assert windows.summary.truth.parent == windows.root.parent
    assert not any("truth" in path.name for path in windows.files("*"))


def test_the_summary_counts_what_was_written(windows: Written) -> None:
    lines = sum(
        1
        for path in windows.files("*")
        for line in path.read_bytes().splitlines()
        if not line.startswith(b"#")
    )
    assert windows.summary.records == lines


def test_progress_is_told_after_each_day(tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    wrote(tmp_path, days=3, rate=15, progress=lambda *said: told.append(said))
    assert [(done, days) for done, days, _ in told] == [(1, 3), (2, 3), (3, 3)]
    assert [records for *_, records in told] == sorted(records for *_, records in told)


def test_compressed_evidence_holds_the_same_lines(tmp_path: Path) -> None:
    plain, packed = wrote(tmp_path / "a", days=1), wrote(tmp_path / "b", days=1, compress="zst")
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    (path,) = plain.files("*.ndjson")
    (other,) = packed.files("*.ndjson.zst")
    assert zstd.decompress(other.read_bytes()) == path.read_bytes()
    assert len(packed.truth["attack"]) == len(plain.truth["attack"])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"kind": "mainframe"}, "choose one of windows, cloud"),
        ({"hosts": 2}, "hosts"),
        ({"days": 0}, "at least one day"),
        ({"kind": "cloud", "people": 5000}, "names for 2,000 people"),
        ({"variant": "magic"}, "dream_job_archive"),
        ({"compress": "rar"}, "none, zst"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(
    tmp_path: Path, asked: dict[str, object], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        wrote(tmp_path, **asked)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "mine.txt").write_text("keep me")
    with pytest.raises(UsageError, match="empty folder"):
        wrote(tmp_path)
    assert (tmp_path / "evidence" / "mine.txt").read_text() == "keep me"


def test_events_are_not_held_in_memory(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path;"
        "from sakimori.scenario.generate import write_scenario;"
        "s = write_scenario(Path(sys.argv[1]), kind='windows', seed=1, hosts=9, days=1,"
        "rate=int(sys.argv[2]));"
        "print(s.records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak(rate: int) -> tuple[int, int]:
        out = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / str(rate)), str(rate)],
            capture_output=True,
            check=True,
        )
        records, kilobytes = out.stdout.split()
        return int(records), int(kilobytes)

    few, low = peak(40)
    many, high = peak(8000)
    assert many > 50 * few
    assert high < low + 40_000  # kB: 60,000 more documents would weigh 80,000
