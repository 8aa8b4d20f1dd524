"""Data compiles to acts; what data cannot say is refused by name."""

from __future__ import annotations

import base64
import re
from importlib.resources import files
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sakimori.errors import CatalogueError
from sakimori.scenario.acts import acts
from sakimori.scenario.data import toml
from sakimori.scenario.life import tables
from sakimori.scenario.slots import template

SCENE: Any = cast(
    Any, SimpleNamespace(rng=Random(1), session=SimpleNamespace(account=SimpleNamespace(name="a.b")))
)


def test_a_template_is_filled_from_the_scene() -> None:
    assert template("{home}\\x")(SCENE) == "C:\\Users\\a.b\\x"


def test_words_that_are_bound_win_over_slots() -> None:
    assert template("{user} {task}", {"task": "T", "user": "u"})(SCENE) == "u T"


def test_doubled_braces_and_percent_signs_stand_for_themselves() -> None:
    assert template("{{{user}}} 100% {{x}}")(SCENE) == "{a.b} 100% {x}"


def test_an_unknown_slot_is_refused() -> None:
    with pytest.raises(CatalogueError, match="nothing fills the slot"):
        template("{nothing}")


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(CatalogueError, match="no act is called 'dance'"):
        acts([{"do": "dance"}])


def test_all_habits_compile_and_every_role_has_some() -> None:
    found = tables(lambda name: 1)
    assert {"machine", "seat", "office", "trading", "people", "developer", "admin", "helpdesk", "dc"} <= set(
        found
    )


def test_all_parts_of_all_variants_exist() -> None:
    data = toml("attacks.toml")
    named = [part for variant in data["variant"] for entry in variant["parts"] for part in _names(entry)]
    assert set(named) == set(data["part"])


def _names(entry: str | list[str]) -> list[str]:
    return [entry] if isinstance(entry, str) else entry


def test_encoded_commands_in_the_data_are_comments_and_nothing_else() -> None:
    text = "".join(
        (entry.read_text(encoding="utf-8"))
        for entry in files("sakimori.scenario.data").iterdir()
        if entry.is_file()
    )
    encoded = re.findall(r"(?i)-enc(?:odedcommand)? ([A-Za-z0-9+/]{16,}={0,2})", text)
    decoded = [base64.b64decode(word).decode("utf-16-le") for word in encoded]
    assert len(decoded) == 2
    assert all(line.startswith("# ") and "\n" not in line for line in decoded)
