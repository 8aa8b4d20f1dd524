"""The steps as a CACAO 2.0 playbook whose every command is a person's.

https://docs.oasis-open.org/cacao/security-playbooks/v2.0/security-playbooks-v2.0.html, sections 3 to 7
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from sakimori.response.feeds.published import identifier, instant
from sakimori.response.hostile import visible
from sakimori.response.respond.proposal import SPARED, Proposal
from sakimori.response.respond.steps import platforms
from sakimori.response.sentences import plain


def playbook(found: Sequence[Proposal], now: int) -> dict[str, Any]:
    """The playbook: one action after the other, in the order of the proposals; `now` in seconds."""
    moment = instant(now).replace("Z", ".000Z")
    chosen = [one for one in found if one.kind != SPARED]
    names = [f"action--{identifier('action', one.id)}" for one in chosen]
    start, end = f"start--{identifier('start', 'respond')}", f"end--{identifier('end', 'respond')}"
    following = [*names[1:], end]
    workflow: dict[str, Any] = {start: {"type": "start", "on_completion": names[0] if names else end}}
    for one, name, after in zip(chosen, names, following if names else [], strict=True):
        workflow[name] = _action(one, after)
    return {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": f"playbook--{identifier('playbook', 'respond')}",
        "name": "Sakimori: what to do now",
        "description": "Proposals of a case; a person decides on each and carries it out.",
        "created_by": f"identity--{identifier('identity', 'respond')}",
        "created": moment,
        "modified": moment,
        "workflow_start": start,
        "workflow": {**workflow, end: {"type": "end"}},
        "agent_definitions": {
            _agent(one): {"type": "group", "name": plain(one.owner, "en")} for one in chosen
        },
    }


def _agent(one: Proposal) -> str:
    return f"group--{identifier('group', one.owner.template)}"


def _action(one: Proposal, after: str) -> dict[str, Any]:
    breaks, undo = plain(one.breaks, "en"), plain(one.undo, "en")
    return {
        "type": "action",
        "name": plain(one.what, "en"),
        "description": f"{one.id}. Breaks: {breaks} Undo: {undo}",
        "commands": [{"type": "manual", "command_b64": _coded(text)} for text in _texts(one)],
        "agent": _agent(one),
        "on_completion": after,
    }


def _texts(one: Proposal) -> list[str]:
    if not one.platform:
        return [plain(one.what, "en")]
    steps = platforms()[one.platform].steps_for(one.type)
    return [
        f"{step.title.en}. {step.do.en.replace('{who}', visible(one.value))} ({step.page})" for step in steps
    ]


def _coded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()
