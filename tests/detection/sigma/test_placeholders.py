"""Lists for placeholders: read whole or refused, part of the pack, and asked for where one is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.cli import run
from sakimori.detection.sigma.pack import load_pack, pack_of
from sakimori.detection.sigma.placeholders import filled, read_lists
from sakimori.errors import UsageError
from tests.small_evidence import RULE, lines, rules, started


def written(folder: Path, text: str) -> Path:
    file = folder / "placeholders.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_lists_of_a_file_are_read(tmp_path: Path) -> None:
    found = read_lists(written(tmp_path, "placeholders: {Servers: [a, 10], Zone: example.com}"))
    assert found == {"Servers": ("a", "10"), "Zone": ("example.com",)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Servers: [a]", "write it like"),
        ("placeholders: [a]", "write it like"),
        ("placeholders: {Servers: []}", "Servers has no values"),
        ("placeholders: {Servers: [{a: b}]}", "texts or numbers"),
        ("placeholders: {Servers: [true]}", "texts or numbers"),
        ("placeholders: [", "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        read_lists(written(tmp_path, text))


def test_other_values_are_another_pack(tmp_path: Path) -> None:
    folder = rules(tmp_path / "rules")
    prints = {
        load_pack([folder], placeholders=lists).fingerprint for lists in ({}, {"A": ("x",)}, {"A": ("y",)})
    }
    assert len(prints) == 3


def test_a_rule_without_its_list_says_which_and_how_to_give_it(tmp_path: Path) -> None:
    text = RULE.replace("Image|endswith", "Image|expand", 1).replace("\\notepad.exe", "%Editors%")
    (refused,) = load_pack([rules(tmp_path / "rules", text)]).refused
    assert "%Editors%" in refused.reason and "--placeholders FILE" in refused.reason


def test_a_filter_may_have_placeholders_too() -> None:
    document = {"filter": {"rules": "any", "sel": {"User|expand": "%Admins%"}, "condition": "not sel"}}
    assert filled(document, {"Admins": ("mori",)})["filter"]["sel"] == {"User": ["mori"]}


@pytest.mark.parametrize(("values", "fired"), [("[wscript, cscript]", 1), ("[cscript]", 0)])
def test_rules_explain_and_hunt_take_the_lists(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    values: str,
    fired: int,
) -> None:
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    lists = written(tmp_path, f"placeholders: {{Hosts: {values}}}")
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence/a.json").write_bytes(lines([started(1)]))
    asking = RULE.replace(
        "ParentImage|endswith: '\\wscript.exe'", "ParentImage|contains|expand: '%Hosts%.exe'"
    )
    folder = rules(tmp_path / "rules", asking)
    common = ["--rules", str(folder), "--placeholders", str(lists), "--lang", "en"]
    id_ = str(yaml.safe_load(RULE)["id"])
    assert run(["rules", "explain", id_, str(tmp_path / "evidence"), *common]) == 0
    assert (f"It fired on {fired} records." in capsys.readouterr().out) == bool(fired)
    case = tmp_path / "case"
    assert run(["hunt", str(tmp_path / "evidence"), "--case", str(case), "--workers", "1", *common]) == 0
    assert len((case / "findings.jsonl").read_text().splitlines()) == fired


def test_rules_check_takes_the_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rules(tmp_path / "rules", RULE.replace("Image|endswith: '\\notepad.exe'", "Image|expand: '%E%'"))
    assert run(["rules", "check", str(folder), "--lang", "en"]) == 3
    lists = written(tmp_path, "placeholders: {E: [x]}")
    assert run(["rules", "check", str(folder), "--placeholders", str(lists), "--lang", "en"]) == 0
    assert "refused" in capsys.readouterr().out


_VALUES = st.none() | st.integers() | st.text(st.sampled_from("a%*?\\"), max_size=9)
_PARTS = st.recursive(
    _VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["f", "f|expand", "f|re|expand", "|expand", "f|cidr|expand"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(part=_PARTS, values=st.lists(st.text(st.sampled_from("b%*?\\"), min_size=1), min_size=1, max_size=3))
def test_whatever_stands_in_a_rule_it_is_taken_or_refused(part: object, values: list[str]) -> None:
    document = yaml.safe_load(RULE) | {"detection": {"s": part, "condition": "s"}}
    pack = pack_of([document], placeholders={"a": tuple(values)})
    assert len(pack.rules) + len(pack.refused) == 1
