"""Rules meet a log: names become columns, known values are folded, categories mean some rows only."""

from __future__ import annotations

from sakimori.detection.sigma import pack_of
from sakimori.detection.sigma.bind import bind
from sakimori.detection.sigma.kernel import Atom
from sakimori.records.catalogue import Alias, Log


def rule(condition: str = "s", category: str = "c", **selection: object) -> dict[str, object]:
    return {
        "title": "t", "id": "0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11", "logsource": {"category": category},
        "detection": {"s": selection, "condition": condition},
    }  # fmt: skip


LOG = Log(
    name="log", family="test", columns=("EventID", "NewProcessName", "Label", "Kind"), category=("c",),
    aliases={
        "Image": Alias(column="NewProcessName"),
        "Level": Alias(column="Label", values={"S-1-16-12288": "High"}),
        "Both": Alias(template="{Label}/{Kind}"),
    },
    where={"narrow": {"Kind": ("A", "B")}},
)  # fmt: skip


def bound(made: dict[str, object], **constants: str):
    return bind(pack_of([made]).rules, LOG, constants)


def test_an_alias_asks_for_its_column() -> None:
    assert bound(rule(Image="x")).asked == {"NewProcessName"}


def test_a_template_asks_for_all_its_columns() -> None:
    (field,) = bound(rule(Both="x")).plan.fields
    assert field.columns == ("Label", "Kind")
    assert field.render(("a", None)) == "a/"
    assert field.render((None, None)) is None


def test_a_value_map_speaks_sigmas_words() -> None:
    (field,) = bound(rule(Level="High")).plan.fields
    assert [field.render((v,)) for v in ("S-1-16-12288", "other", None)] == ["High", "other", None]


def test_a_known_value_is_folded_away() -> None:
    assert bound(rule(EventID=7, Image="x"), EventID="7").asked == {"NewProcessName"}
    assert bound(rule(EventID=7, Image="x"), EventID="8").plan.rules == ()


def test_a_category_may_mean_some_rows_only() -> None:
    (planned,) = bound(rule(category="narrow", Image="x")).plan.rules
    assert Atom("Kind", "eq", "a") in planned.tree.args[1].args


def test_a_field_outside_the_log_is_asked_for_all_the_same() -> None:
    assert bound(rule(Unheard="x")).asked == {"Unheard"}


def test_a_field_in_other_letters_is_the_same_column() -> None:
    assert bound(rule(newprocessname="x")).asked == {"NewProcessName"}
