"""The knowledge base: it reads, it breaks loudly, it holds every claim, it points at what exists."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.errors import CatalogueError
from sakimori.knowledge.entries import Cluster, Family, Measure, Operation, Organisation, Shape
from sakimori.knowledge.known import known, of_texts
from sakimori.knowledge.stages import stage_map
from sakimori.knowledge.techniques import technique

HOME = Path(__file__).resolve().parents[2]
WORDS = 'title = { en = "t", ja = "t" }\ntext = { en = "t", ja = "t" }\nstanding = "seen"\n'
PUBLICATION = """
[[publication]]
id = "paper"
title = "t"
by = "b"
url = "https://www.example.com/"
published = "2020"
read = "seen"
"""


def vector(**keys: str) -> dict[str, str]:
    rows = {"id": '"one"', "sources": '["paper"]'} | keys
    text = "\n".join(f"{key} = {value}" for key, value in rows.items())
    return {"a.toml": PUBLICATION + "\n[[vector]]\n" + WORDS + text}


def test_a_whole_record_is_read() -> None:
    assert [entry.id for _, entry in of_texts(vector()).entries] == ["one"]


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"sources": "[]"}, "length >= 1"),
        ({"sources": '["nowhere"]'}, "one names nowhere"),
        ({"clusters": '["nobody"]'}, "one names nobody"),
        ({"attack": '["T1566.001"]'}, "matching regex"),
        ({"claims": '["27"]'}, "matching regex"),
        ({"colour": '"red"'}, "unknown field `colour`"),
        (
            {
                "corrections": '[{ claim = "A01", fault = "wrong", source = "paper", '
                'text = { en = "e", ja = "j" } }]'
            },
            "corrects A01 and does not hold it",
        ),
    ],
)
def test_a_record_that_breaks_the_schema_is_refused(keys: dict[str, str], complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        of_texts(vector(**keys))


def test_two_records_of_one_id_are_refused() -> None:
    twice = vector() | {"b.toml": vector()["a.toml"].replace(PUBLICATION, "")}
    with pytest.raises(CatalogueError, match="one stands there twice"):
        of_texts(twice)


def test_every_claim_of_the_article_is_held_and_every_doubt_is_answered_with_a_source(
    shared: Callable[[str], Path],
) -> None:
    with (shared("intel") / "article_claims.csv").open(encoding="utf-8", newline="") as file:
        claims = list(csv.DictReader(file))
    unheld = [row["id"] for row in claims if not known().holding(row["id"])]
    unanswered = [
        row["id"]
        for row in claims
        if row["check_against_public_record"]
        and not any(one.claim == row["id"] for e in known().holding(row["id"]) for one in e.corrections)
    ]
    assert (len(claims), unheld, unanswered) == (78, [], [])


def test_the_claims_are_a01_to_a78_without_a_gap() -> None:
    held = {claim for _, entry in known().entries for claim in entry.claims}
    assert held == {f"A{n:02}" for n in range(1, 79)}


def test_tien_phong_bank_was_an_attempt() -> None:
    bank = known().entry("tien-phong-bank")
    assert isinstance(bank, Operation)
    assert (bank.outcome, [one.fault for one in bank.corrections]) == ("attempted", ["wrong"])
    assert [(one.what, one.low) for one in bank.losses] == [("attempted", 1_000_000), ("stolen", 0)]


def test_a_loss_keeps_what_each_source_says() -> None:
    ronin = known().entry("ronin")
    assert isinstance(ronin, Operation)
    assert [(one.low, one.source) for one in ronin.losses] == [
        (540_000_000, "article"),
        (620_000_000, "fbi-ronin"),
        (625_000_000, "tayvano"),
    ]


def test_operations_stand_for_2009_to_2026() -> None:
    years = [operation.began[:4] for operation in known().of(Operation)]
    assert (min(years), max(years)) == ("2009", "2026")


def test_bureaus_end_where_the_view_of_2024_begins() -> None:
    offices = {one.id: one for one in known().of(Organisation)}
    assert offices["fifth-bureau"].under[0].until == offices["chart-2024"].under[0].since
    assert offices["chart-2024"].clusters == ("temp-hermit", "apt43", "apt38", "andariel")


def test_what_is_recalled_says_so() -> None:
    base = known()
    lax = [
        entry.id
        for _, entry in base.entries
        if entry.standing == "seen"
        and all(base.publications[one].read == "recalled" for one in entry.sources)
    ]
    assert lax == []
    loose = [
        n.name for n in base.names if n.standing == "seen" and base.publications[n.source].read == "recalled"
    ]
    assert loose == []


def test_every_publication_is_cited() -> None:
    base = known()
    cited = {one for _, e in base.entries for one in e.sources} | {name.source for name in base.names}
    cited |= {one.source for _, e in base.entries for one in e.corrections}
    cited |= {
        one.source for _, e in base.entries for one in (*getattr(e, "losses", ()), *getattr(e, "under", ()))
    }
    assert sorted(set(base.publications) - cited) == []


def test_every_technique_is_one_of_its_version() -> None:
    named = {one for _, entry in known().entries for one in entry.attack}
    strange = [
        one for one in named if (found := technique(one.partition("@")[0])) is None or found.version != "18.1"
    ]
    assert strange == []


def test_every_technique_of_a_record_has_a_japanese_label() -> None:
    named = {one.partition("@")[0] for _, entry in known().entries for one in entry.attack}
    assert sorted(one for one in named if (found := technique(one)) is None or not found.japanese) == []


def test_every_software_has_at_least_one_user_and_a_public_tool_says_so() -> None:
    assert [one.id for one in known().of(Family) if not one.clusters] == []
    silent = [f.id for f in known().of(Family) if f.sort == "public tool" and "names nobody" not in f.text.en]
    assert silent == []


def test_the_steps_of_the_chain_are_seen_as_stages_we_have() -> None:
    stages = [entry.stage for kind, entry in known().entries if kind == "stage"]  # type: ignore[attr-defined]
    assert set(stages) <= set(stage_map().order)


def test_what_serves_a_measure_or_looks_for_a_shape_exists() -> None:
    places = {
        "behaviour": lambda name: (HOME / f"sakimori/detection/behaviours/{name}.py").is_file(),
        "rule": lambda name: any((HOME / "rules").rglob(f"{name}.yml")),
        "document": lambda name: (HOME / name).is_file(),
        "command": lambda name: name.startswith("sakimori "),
        "not yet": bool,
    }
    measures, shapes = known().of(Measure), known().of(Shape)
    served = [one for entry in (*measures, *shapes) for one in entry.served]
    assert (len(measures), [one.name for one in served if not places[one.how](one.name)]) == (12, [])


def test_a_cluster_is_described_and_never_accused() -> None:
    base = known()
    bare = [c.id for c in base.of(Cluster) if "ublicly described as" not in c.text.en]
    assert bare == []


def test_names_are_statements_and_a_closure_would_be_one_actor() -> None:
    """The reason for typed relations: chained, the names of six clusters become one."""
    base = known()
    groups = {cluster.id: {cluster.id} for cluster in base.of(Cluster)}
    for name in base.names:
        for other in base.names:
            if name.name.casefold() == other.name.casefold():
                merged = groups[name.cluster] | groups[other.cluster]
                for one in merged:
                    groups[one] = merged
    assert {"lazarus", "temp-hermit", "applejeus", "tradertraitor", "moonstone"} <= groups["temp-hermit"]
