"""Folders of rules: what is loaded, what is refused by name, and the same pack from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.sigma import load_pack
from sakimori.detection.sigma.pack import documents_of_files
from sakimori.errors import UsageError
from tests.small_evidence import CORRELATION, RULE, rules


def test_a_pack_from_the_cache_is_the_pack(tmp_path: Path) -> None:
    folder = rules(tmp_path / "rules", RULE, CORRELATION)
    fresh = load_pack([folder], tmp_path / "cache")
    assert load_pack([folder], tmp_path / "cache") == fresh == load_pack([folder])


def test_a_changed_rule_is_another_pack(tmp_path: Path) -> None:
    folder = rules(tmp_path / "rules")
    before = load_pack([folder], tmp_path / "cache")
    rules(folder, RULE.replace("level: high", "level: low"))
    after = load_pack([folder], tmp_path / "cache")
    assert before.fingerprint != after.fingerprint
    assert [rule.level for rule in after.rules] == ["low"]


def test_tags_become_techniques_and_tactics(tmp_path: Path) -> None:
    (rule,) = load_pack([rules(tmp_path / "rules")]).rules
    assert (rule.techniques, rule.tactics, rule.logsource) == (
        ("T1059.005",), ("execution",), "windows/process_creation",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CORRELATION, "no rule that was read"),
        ("title: [", "not valid YAML"),
        (RULE.replace("status: test", "status: deprecated"), "deprecated"),
        (RULE.replace("condition: selection", "condition: selection | count() > 3"), "pipe"),
        ("- just\n- a list", "no mapping"),
        ("!!python/object/apply:os.system ['true']", "not valid YAML"),
        (RULE.replace("Image|endswith", "Image|expand").replace("\\notepad.exe", "%paths%"), "placeholder"),
    ],
)
def test_what_cannot_be_honoured_is_refused_with_the_reason(tmp_path: Path, text: str, words: str) -> None:
    pack = load_pack([rules(tmp_path / "rules", text)])
    assert pack.rules == ()
    assert [words in refused.reason for refused in pack.refused] == [True]


def test_links_and_cases_are_not_rules(tmp_path: Path) -> None:
    folder = rules(tmp_path / "rules")
    outside = tmp_path / "outside.yml"
    outside.write_text(RULE.replace("0d3c7d1e", "0d3c7d1f"))
    (folder / "link.yml").symlink_to(outside)
    (folder / "rule-0.cases.yml").write_text("speaks: []")
    assert len(load_pack([folder]).rules) == 1


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        load_pack([tmp_path / "absent"])


@pytest.mark.parametrize("spelled", ["id: one", "id: 'one'", 'id: "one" # a note', '"id": one'])
def test_documents_of_some_rules_are_found_however_their_ids_are_spelled(
    tmp_path: Path, spelled: str
) -> None:
    (tmp_path / "one.yml").write_text(f"{spelled}\nrelated:\n  - id: three\n")
    (tmp_path / "two.yml").write_text("id: two\n")
    (tmp_path / "none.yml").write_text("title: without an id\n")
    files = {file.name for file, _ in documents_of_files([tmp_path], {"one"})}
    assert files == {"one.yml", "none.yml"}
    assert len([*documents_of_files([tmp_path])]) == 3
