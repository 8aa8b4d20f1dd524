"""The playbook is a chain from start to end, and every step and agent that is named is there."""

from __future__ import annotations

import re

from sakimori.response.respond.cacao import playbook
from tests.response.respond.test_pages import FOUND

ID = r"[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def test_the_steps_lead_from_start_to_end_without_a_gap() -> None:
    made = playbook(FOUND, 1_790_000_000)
    step, met = made["workflow_start"], []
    while "on_completion" in made["workflow"][step]:
        step = made["workflow"][step]["on_completion"]
        met.append(step)
    assert made["workflow"][step] == {"type": "end"}
    assert len(met) == len(made["workflow"]) - 1 == 1 + sum(one.kind != "spared" for one in FOUND)


def test_ids_have_their_form_and_agents_are_defined() -> None:
    made = playbook(FOUND, 1_790_000_000)
    assert all(re.fullmatch(ID, name) for name in (made["id"], *made["workflow"], *made["agent_definitions"]))
    agents = {step["agent"] for step in made["workflow"].values() if step["type"] == "action"}
    assert agents == set(made["agent_definitions"])


def test_without_proposals_start_leads_to_end() -> None:
    made = playbook([], 1_790_000_000)
    assert made["workflow"][made["workflow"][made["workflow_start"]]["on_completion"]] == {"type": "end"}
