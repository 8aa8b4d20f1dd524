"""The ladder of an incident as `incidents.json` has it: sentences, and keys and facts to localise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sakimori.incidents.hunts import Hunt
from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder_cases import SHARES, Similar, hunts_after, similar
from sakimori.incidents.ladder_ground import Climb, Option, Said
from sakimori.incidents.ladder_words import NO_ATTRIBUTION, option, text, weight
from sakimori.knowledge.known import known
from sakimori.tongue import tongue

_EN = tongue("en")


def ladder_object(incident: Incident, climb: Climb) -> dict[str, Any]:
    """The whole account. `similar` and `hunts` are empty below L3."""
    cases = similar(incident, climb)
    return {
        "level": climb.level,
        "note": NO_ATTRIBUTION,
        "figure": climb.figure,
        "rungs": [{"level": r.level, "met": r.met, **_said(r.why)} for r in climb.rungs],
        "lift": _all(climb.lift),
        "against": _all(climb.against),
        "notes": _all(climb.notes),
        "age": _all(climb.age),
        "options": [_option(rank, one) for rank, one in enumerate(climb.options, 1)],
        "similar": [_similar(one) for one in cases],
        "hunts": [_hunt(one) for one in hunts_after(cases, _EN)],
    }


def _all(said: Iterable[Said]) -> list[dict[str, Any]]:
    return [_said(one) for one in said]


def _said(said: Said) -> dict[str, Any]:
    return {
        "key": said.key,
        "text": text(said, _EN),
        "facts": dict(sorted(said.facts.items())),
        "findings": list(said.findings),
    }


def _option(rank: int, one: Option) -> dict[str, Any]:
    return {
        "rank": rank, "kind": one.kind, "id": one.name if one.kind == "cluster" else "",
        "name": option(one, _EN), "weight": weight(one, _EN), "because": _said(one.because),
    }  # fmt: skip


def _similar(one: Similar) -> dict[str, Any]:
    cited = [known().publications[source] for source in one.operation.sources]
    return {
        "id": one.operation.id,
        "title": one.operation.title.en,
        "began": one.operation.began,
        "ended": one.operation.ended,
        "standing": one.operation.standing,
        "shares": SHARES[one.shares],
        "next": [{"stage": s.stage, "text": s.en, "techniques": list(s.attack), "standing": s.standing}
                 for s in one.next],
        "sources": [{"by": p.by, "title": p.title, "url": p.url, "published": p.published} for p in cited],
    }  # fmt: skip


def _hunt(hunt: Hunt) -> dict[str, Any]:
    return {"key": hunt.key, "question": hunt.question, "look": hunt.look, "tables": list(hunt.tables)}
