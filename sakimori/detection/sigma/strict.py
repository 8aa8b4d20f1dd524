"""What pySigma accepts but then forgets: such a rule would be weaker than it reads, so it is refused."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from sigma.modifiers import reverse_modifier_mapping
from sigma.rule import SigmaRule
from sigma.rule.detection import SigmaDetection, SigmaDetectionItem
from sigma.types import SigmaRegularExpression

from sakimori.detection.sigma.placeholders import PLACEHOLDER, WITH_EXPAND
from sakimori.errors import RuleError

_AFTER_CASED = frozenset({"contains", "startswith", "endswith", "all", "neq"})
# POSIX classes mean something else in Python, and `\z` is not known everywhere.
_READ_DIFFERENTLY = re.compile(r"\[\[[:.=]|(?<!\\)(?:\\\\)*\\[zGQ]")


def with_known_names(detection: Any) -> Any:
    """The detection with `utf16le`, which the specification lists and pySigma lacks, as its alias `wide`."""
    if isinstance(detection, Mapping):
        return {
            re.sub(r"\|utf16le\b", "|wide", str(key)): with_known_names(value)
            for key, value in detection.items()
        }
    return [with_known_names(entry) for entry in detection] if isinstance(detection, list) else detection


def refuse_what_is_lost(rule: SigmaRule) -> None:
    """Raises RuleError for combinations of modifiers and values whose meaning pySigma would drop."""
    for detection in rule.detection.detections.values():
        for item in _items(detection):
            _refuse_combination(item)
            _refuse_expressions(item)


def _items(detection: SigmaDetection) -> Iterator[SigmaDetectionItem]:
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            yield from _items(item)
        else:
            yield item


def _refuse_combination(item: SigmaDetectionItem) -> None:
    names = [reverse_modifier_mapping[modifier.__name__] for modifier in item.modifiers]
    anchored = {"startswith", "endswith"} & set(names)
    field = item.field or "a keyword"
    if not item.value:
        raise RuleError(f"{field}: its list of values is empty")
    if "re" in names and anchored:
        raise RuleError(f"{field}: `re` with {', '.join(sorted(anchored))} is not held there; use ^ or $")
    if "cased" in names and set(names[names.index("cased") + 1 :]) - _AFTER_CASED:
        raise RuleError(f"{field}: `cased` must come after the modifiers that change the value")
    if "expand" in names and any("\\%" in str(value) for value in item.original_value or ()):
        raise RuleError(f"{field}: `expand` with an escaped % sign is not kept apart from a placeholder")
    strange = set(names) - WITH_EXPAND if "expand" in names else set()
    if strange and any(PLACEHOLDER.search(str(value)) for value in item.original_value or ()):
        raise RuleError(f"{field}: `expand` does not go with {', '.join(sorted(strange))}")
    if item.field is None and anchored:
        raise RuleError(f"{', '.join(sorted(anchored))} needs a field, and here it stands as a keyword")


def _refuse_expressions(item: SigmaDetectionItem) -> None:
    for value in item.value:
        if isinstance(value, SigmaRegularExpression):
            refuse_expression(str(value.regexp))


def refuse_expression(text: str) -> None:
    """Raises RuleError for a regular expression that engines read differently."""
    if _READ_DIFFERENTLY.search(text):
        raise RuleError(f"the regular expression {text} means different things to different engines")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, FutureWarning) as error:
        raise RuleError(f"the regular expression {text} is not valid: {error}") from error
