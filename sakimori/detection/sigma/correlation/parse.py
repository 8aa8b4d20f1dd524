"""One YAML document becomes a correlation; what cannot be honoured is refused by name, with the reason.

pySigma's own parser takes one comparison where the specification allows two ("gt: 100, lte: 200"), so the
section is read here; its grammar for expressions over rules is used as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaExtendedCorrelationCondition,
)
from sigma.exceptions import SigmaError

from sakimori.detection.sigma.correlation.correlation import (
    COUNTING,
    OPERATORS,
    TEMPORAL,
    VALUED,
    Bound,
    Correlation,
    negated,
)
from sakimori.detection.sigma.kernel.tree import Atom, Tree, all_of, any_of, atoms, negation
from sakimori.detection.sigma.rule import japanese, listed
from sakimori.errors import RuleError

_TIMESPAN = re.compile(r"([1-9]\d{0,8})([smhdwMy])")
# A month and a year as pySigma has them.
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "M": 2_629_746, "y": 31_556_952}
_KEYS = frozenset({"type", "rules", "group-by", "timespan", "condition", "aliases", "generate"})
_LEVELS = frozenset({"informational", "low", "medium", "high", "critical"})


def parse_correlation(data: Mapping[str, Any], file: str = "", absence: bool = False) -> Correlation:
    """The correlation a document describes; its rules are names or ids as written.

    `absence` allows `not` in a condition over rules, as SEP 198 proposes. Raises RuleError with the reason.
    """
    section = data.get("correlation")
    if not isinstance(section, Mapping):
        _refuse("the correlation is no mapping")
    if unknown := sorted(set(map(str, section)) - _KEYS):
        _refuse(f"unknown key {unknown[0]}")
    if str(data.get("status", "")) in ("deprecated", "unsupported"):
        _refuse(f"its author marks it {data['status']}")
    type_ = str(section.get("type"))
    if type_ not in COUNTING | TEMPORAL:
        _refuse(f"there is no type {type_}")
    condition = section.get("condition")
    rules = _texts(section, "rules") or _named(condition)
    made = Correlation(
        type=type_,
        rules=rules,
        timespan=_timespan(section.get("timespan")),
        group_by=_texts(section, "group-by"),
        aliases=_aliases(section.get("aliases") or {}),
        bounds=_bounds(condition),
        fields=_fields(type_, condition),
        percentile=_percentile(type_, condition),
        expression=_expression(type_, condition),
        generate=bool(section.get("generate", False)),
        file=file,
        **_described(data),
    )
    return _checked(made, absence)


def _refuse(reason: str) -> NoReturn:
    raise RuleError(reason)


def _described(data: Mapping[str, Any]) -> dict[str, Any]:
    level = str(data.get("level") or "").lower()
    if level and level not in _LEVELS:
        _refuse(f"there is no level {level}")
    minted = "noid-" + hashlib.sha256(repr(sorted(map(str, data.items()))).encode()).hexdigest()[:16]
    return {
        "id": str(data.get("id") or minted),
        "title": str(data.get("title") or "correlation without a title"),
        "name": str(data.get("name") or ""),
        "level": level,
        "tags": listed(data.get("tags")),
        "status": str(data.get("status") or ""),
        "author": str(data.get("author") or ""),
        "license": str(data.get("license") or ""),
        "description": str(data.get("description") or ""),
        "references": listed(data.get("references")),
        "falsepositives": listed(data.get("falsepositives")),
        "ja": japanese(data),
    }


def _texts(section: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = section.get(key)
    found = [value] if isinstance(value, str) else value or []
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        _refuse(f"{key} is neither a text nor a list of texts")
    return tuple(dict.fromkeys(found))


def _timespan(value: Any) -> int:
    found = _TIMESPAN.fullmatch(str(value))
    if found is None:
        _refuse(f"the timespan {value} is none: write it like 90m")
    return int(found[1]) * _SECONDS[found[2]] * 1_000_000


def _aliases(value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping) or not all(isinstance(one, Mapping) for one in value.values()):
        _refuse("aliases are not {alias: {rule: field}}")
    return {str(a): {str(rule): str(name) for rule, name in one.items()} for a, one in value.items()}


def _bounds(condition: Any) -> tuple[Bound, ...]:
    if not isinstance(condition, Mapping):
        return ()
    if unknown := sorted(set(map(str, condition)) - OPERATORS - {"field", "percentile"}):
        _refuse(f"unknown key {unknown[0]} in the condition")
    return tuple(Bound(op, _number(condition[op])) for op in sorted(OPERATORS & set(condition)))


def _number(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        _refuse(f"{value} is no number to compare with")
    return value


def _fields(type_: str, condition: Any) -> tuple[str, ...]:
    found = _texts(condition, "field") if isinstance(condition, Mapping) else ()
    if type_ in VALUED and not found:
        _refuse(f"{type_} needs a field in its condition")
    if type_ not in VALUED and found:
        _refuse(f"{type_} looks at no field")
    if len(found) > 1 and type_ != "value_count":
        _refuse(f"{type_} looks at one field")
    return found


def _percentile(type_: str, condition: Any) -> int | None:
    found = condition.get("percentile") if isinstance(condition, Mapping) else None
    if type_ != "value_percentile":
        return None if found is None else _refuse(f"{type_} has no percentile")
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < 100:
        _refuse("value_percentile needs a percentile between 1 and 99 in its condition")
    return found


def _expression(type_: str, condition: Any) -> Tree | None:
    if condition is None or isinstance(condition, Mapping):
        return None
    if type_ != "temporal":
        _refuse(f"{type_} takes no condition over rules")
    return _tree(_parsed(condition).parsed)


def _parsed(condition: Any) -> SigmaExtendedCorrelationCondition:
    try:
        return SigmaExtendedCorrelationCondition(str(condition))
    except (SigmaError, RecursionError) as error:
        raise RuleError(f"the condition over rules cannot be read: {error}") from error


def _named(condition: Any) -> tuple[str, ...]:
    """The rules an expression speaks of, where none are listed."""
    return tuple(_parsed(condition).get_referenced_rules()) if isinstance(condition, str) else ()


def _tree(node: Any) -> Tree:
    if isinstance(node, CorrelationConditionAND):
        return all_of(map(_tree, node.args))
    if isinstance(node, CorrelationConditionOR):
        return any_of(map(_tree, node.args))
    if isinstance(node, CorrelationConditionNOT):
        return negation(_tree(node.args[0]))
    return Atom(node.reference, "rule", "")


def _checked(made: Correlation, absence: bool) -> Correlation:
    if not made.rules:
        _refuse("it names no rules")
    if made.type in COUNTING and not made.bounds:
        _refuse("it has no condition to compare with")
    if made.type in TEMPORAL and len(made.rules) < 2:
        _refuse(f"{made.type} needs at least two rules")
    if made.type == "temporal_ordered" and not made.rising:
        _refuse("an upper bound has no meaning for an order")
    if made.expression is not None:
        _check_expression(made, made.expression, absence)
    for alias, mapping in made.aliases.items():
        if strange := sorted(set(mapping) - set(made.rules)):
            _refuse(f"the alias {alias} speaks of {strange[0]}, which is none of its rules")
    return made


def _check_expression(made: Correlation, expression: Tree, absence: bool) -> None:
    named = {atom.field for atom in atoms(expression)}
    if strange := sorted(named - set(made.rules)):
        _refuse(f"its condition speaks of {strange[0]}, which is none of its rules")
    absent = negated(expression)
    if absent and not absence:
        _refuse("its condition speaks of absence, which is a proposal (SEP 198): allow it with --absence")
    if absent and not named - absent:
        _refuse("its condition speaks of absence alone, which no event begins")
