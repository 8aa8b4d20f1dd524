"""Whatever stands in a document, it is a rule, a filter, a correlation, or refused: nothing stops a hunt."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakimori.detection.sigma.pack import pack_of
from tests.small_evidence import CORRELATION, RULE

DOCUMENT: dict[str, Any] = yaml.safe_load(RULE)
FILTER = {
    "title": "f", "id": "0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b19", "logsource": {"product": "windows"},
    "filter": {"rules": "any", "s": {"f": 1}, "condition": "not s"},
}  # fmt: skip
KEYS = st.sampled_from(
    (
        "title", "id", "name", "status", "level", "tags", "logsource", "detection", "filter", "correlation",
        "references", "falsepositives", "sakimori", "ja", "taxonomy", "date", "condition", "s", "rules", "f",
        "selection", "f|re", "f|cidr", "f|gte", "f|exists", "f|base64", "f|fieldref", "f|hour", "|all",
        "product", "type", "group-by", "timespan", "gte", "field", "aliases", "generate",
    )
)  # fmt: skip
WORDS = st.sampled_from(["s", "a*", "event_count", "temporal", "5m", "any", "x and", "1 of them", "(", "%a%"])
PLAIN = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.dates() | WORDS
PARTS = st.recursive(
    PLAIN | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.integers(), inner, max_size=4),
    max_leaves=10,
)
CHANGES = st.dictionaries(KEYS, PARTS, max_size=3)


@settings(deadline=None, derandomize=True, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([DOCUMENT, yaml.safe_load(CORRELATION), FILTER]), CHANGES, CHANGES)
def test_any_document_is_taken_or_refused(
    base: dict[str, Any], outer: dict[str, Any], inner: dict[str, Any]
) -> None:
    document = {**base, **outer}
    for part in ("detection", "filter", "correlation"):
        if isinstance(document.get(part), dict):
            document[part] = {**document[part], **inner}
    pack = pack_of([document])
    assert len(pack.rules) + len(pack.refused) + len(pack.correlations) <= 2


@pytest.mark.parametrize(
    "changed",
    [
        {"sakimori": ["x"]},
        {"sakimori": {"ja": "x"}},
        {"detection": 3},
        {"detection": {"s": {"f|re": None}, "condition": "s"}},
        {"references": "https://example.com/"},
    ],
)
def test_a_value_of_the_wrong_kind_stops_nothing(changed: dict[str, Any]) -> None:
    pack = pack_of([{**DOCUMENT, **changed}])
    assert len(pack.rules) + len(pack.refused) == 1


def test_a_correlations_single_reference_is_one_reference() -> None:
    correlation = {**yaml.safe_load(CORRELATION), "references": "https://example.com/"}
    (found,) = pack_of([DOCUMENT, correlation]).correlations
    assert found.references == ("https://example.com/",)
