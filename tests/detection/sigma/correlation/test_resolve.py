"""Names become ids; what cannot be heard is refused; what only serves stays quiet."""

from __future__ import annotations

from sakimori.detection.sigma.correlation.kept import from_json, to_json
from sakimori.detection.sigma.correlation.parse import parse_correlation
from sakimori.detection.sigma.correlation.resolve import resolve


def correlation(name: str, rules: list[str], **section: object):  # type: ignore[no-untyped-def]
    plain = {"type": "event_count", "rules": rules, "timespan": "5m", "condition": {"gte": 2}, **section}
    return parse_correlation({"id": f"id-{name}", "name": name, "title": name, "correlation": plain})


KNOWN = {"failure": "r1", "r1": "r1", "success": "r2", "r2": "r2"}


def test_names_of_rules_and_of_correlations_become_ids() -> None:
    many = correlation("many", ["failure"], **{"group-by": ["u"]})
    outer = correlation("a_outer", ["many", "success"], type="temporal", condition=None)
    found = resolve([outer, many], KNOWN)
    assert [(one.id, one.rules) for one in found.correlations] == [
        ("id-many", ("r1",)),
        ("id-a_outer", ("id-many", "r2")),
    ]
    assert found.refused == ()


def test_what_listens_to_nobody_is_refused_with_all_that_listen_to_it() -> None:
    lost = correlation("lost", ["nobody"])
    outer = correlation("outer", ["lost"])
    found = resolve([lost, outer], KNOWN)
    assert found.correlations == ()
    assert [one.reason for one in found.refused] == [
        "it listens to nobody, which is no rule that was read",
        "it listens to id-lost, which was refused or listens to it in turn",
    ]


def test_a_circle_is_refused() -> None:
    found = resolve([correlation("a", ["b"]), correlation("b", ["a"])], KNOWN)
    assert found.correlations == ()
    assert len(found.refused) == 2


def test_rules_bring_the_fields_under_their_own_names() -> None:
    one = correlation(
        "c",
        ["failure", "success"],
        **{"group-by": ["who", "h"]},
        aliases={"who": {"failure": "u", "success": "v"}},
    )
    assert resolve([one], KNOWN).asked == {"r1": ("u", "h"), "r2": ("v", "h")}


def test_a_rule_is_quiet_unless_some_author_wants_its_own_findings() -> None:
    quiet, loud = correlation("q", ["failure"]), correlation("l", ["success"], generate=True)
    assert resolve([quiet, loud], KNOWN).quiet == {"r1"}
    assert resolve([quiet, correlation("l", ["failure"], generate=True)], KNOWN).quiet == frozenset()


def test_it_is_kept_as_it_is() -> None:
    (one,) = resolve(
        [correlation("t", ["failure", "success"], type="temporal", condition="failure and success")], KNOWN
    ).correlations
    assert from_json(to_json(one)) == one
