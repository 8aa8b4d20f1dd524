"""Filters add their condition to the rules they name, within their log source."""

from __future__ import annotations

from typing import Any

import pytest

from sakimori.detection.sigma.kernel.tree import And, Atom, Not, Or, Tree
from sakimori.detection.sigma.kernel.values import holds
from sakimori.detection.sigma.pack import pack_of

RULE: dict[str, Any] = {
    "title": "Archiver", "id": "6f3e2987-db24-4c78-a860-b4f4095a7095", "name": "archiver", "level": "medium",
    "logsource": {"category": "process_creation", "product": "windows"},
    "detection": {"selection": {"Image|endswith": "\\rar.exe"}, "condition": "selection"},
}  # fmt: skip
EVENT = {"Image": "C:\\x\\rar.exe", "User": "adm_mori"}


def filter_of(**changed: Any) -> dict[str, Any]:
    section = {"rules": ["archiver"], "selection": {"User|startswith": "adm_"}, "condition": "not selection"}
    section.update({key: value for key, value in changed.items() if key != "logsource"})
    source = changed.get("logsource", RULE["logsource"])
    id_ = "0f1d2a34-6a0b-4b43-9d4e-4f1d6b7a9c10"
    return {"title": "Administrators", "id": id_, "logsource": source, "filter": section}


def true(tree: Tree, event: dict[str, str]) -> bool:
    """Whether a condition holds of an event."""
    if isinstance(tree, Atom):
        return holds(tree, event.get(tree.field))
    if isinstance(tree, Not):
        return not true(tree.arg, event)
    if isinstance(tree, And):
        return all(true(arg, event) for arg in tree.args)
    return isinstance(tree, Or) and any(true(arg, event) for arg in tree.args)


def fires(*documents: dict[str, Any], event: dict[str, str] = EVENT) -> bool:
    (rule,) = pack_of([RULE, *documents]).rules
    return true(rule.tree, event)


def test_a_filter_takes_its_own_away_and_nothing_else() -> None:
    assert fires()
    assert not fires(filter_of())
    assert fires(filter_of(), event={**EVENT, "User": "mei"})


@pytest.mark.parametrize("rules", ["any", [], ["archiver"], [RULE["id"]], RULE["id"]])
def test_it_names_rules_by_name_or_id_or_all_of_them(rules: object) -> None:
    assert not fires(filter_of(rules=rules))


def test_a_condition_without_not_narrows_to_what_it_selects() -> None:
    assert fires(filter_of(condition="selection"))
    assert not fires(filter_of(condition="selection"), event={**EVENT, "User": "mei"})


@pytest.mark.parametrize(
    "changed",
    [
        {"logsource": {"category": "process_creation", "product": "linux"}},
        {"logsource": {"category": "file_event", "product": "windows"}, "rules": "any"},
    ],
)
def test_another_log_source_is_not_reached(changed: dict[str, Any]) -> None:
    assert fires(filter_of(**changed))


def test_a_wider_log_source_reaches_too() -> None:
    assert not fires(filter_of(logsource={"product": "windows"}))


def test_two_filters_both_hold() -> None:
    second = {**filter_of(selection={"User": "adm_ken"}), "id": "0f1d2a34-6a0b-4b43-9d4e-4f1d6b7a9c11"}
    assert not fires(filter_of(selection={"User": "adm_mori"}), second)
    assert not fires(filter_of(selection={"User": "adm_mori"}), second, event={**EVENT, "User": "adm_ken"})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({**filter_of(), "filter": "x"}, "the filter is no mapping"),
        (filter_of(rules=None), "names no rules"),
        (filter_of(rules=[1]), "neither `any` nor a list"),
        (filter_of(rules=["nobody"]), "it names nobody, which is no rule that was read"),
        (filter_of(condition="nothing"), "not valid Sigma"),
    ],
)
def test_what_cannot_be_honoured_is_refused_and_changes_nothing(document: Any, reason: str) -> None:
    pack = pack_of([RULE, document])
    assert [reason in one.reason for one in pack.refused] == [True]
    assert true(pack.rules[0].tree, EVENT)
