"""pySigma's rule objects become ours; what cannot be honoured is refused by name, with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule
from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

from sakimori.detection.sigma.kernel.tree import ALWAYS, KEYWORD, Atom, Tree, all_of, any_of, negation
from sakimori.detection.sigma.rule import Rule, japanese
from sakimori.detection.sigma.strict import refuse_what_is_lost, with_known_names
from sakimori.errors import RuleError

_LEVELS = ("informational", "low", "medium", "high", "critical")
_WILDCARDS = {SpecialChars.WILDCARD_MULTI: "*", SpecialChars.WILDCARD_SINGLE: "?"}


def parse(data: Mapping[str, Any], file: str = "", license: str = "") -> Rule:
    """The rule that one YAML document describes.

    Raises RuleError with the reason where it cannot be honoured exactly.
    """
    _refuse_other_kinds(data)
    try:
        parsed = SigmaRule.from_dict({**data, "detection": with_known_names(data.get("detection"))})
        refuse_what_is_lost(parsed)
        tree = any_of(_tree(condition.parsed) for condition in parsed.detection.parsed_condition)
    except SigmaError as error:
        raise RuleError(f"not valid Sigma: {error}") from error
    except RecursionError as error:
        raise RuleError("the condition is nested too deeply") from error
    except (AttributeError, TypeError, ValueError, LookupError) as error:
        # pySigma looks at the kinds of values only here and there: `f|re: null` ends in an AttributeError.
        raise RuleError(f"not valid Sigma: a value of a kind that has no meaning there ({error})") from error
    return _described(data, parsed, tree, file, license)


def _refuse_other_kinds(data: Mapping[str, Any]) -> None:
    if not isinstance(data, Mapping):
        raise RuleError("not a rule: the document is no mapping")
    if str(data.get("status", "")) in ("deprecated", "unsupported"):
        raise RuleError(f"its author marks it {data['status']}")
    detection = data.get("detection")
    if isinstance(detection, Mapping) and "timeframe" in detection:
        raise RuleError("`timeframe` belongs to the obsolete aggregation syntax")
    if str(data.get("taxonomy", "sigma")) != "sigma":
        raise RuleError(f"its fields follow the taxonomy {data['taxonomy']!r}, for which there is no mapping")


def _described(data: Mapping[str, Any], parsed: SigmaRule, tree: Tree, file: str, license: str) -> Rule:
    source = parsed.logsource
    return Rule(
        id=str(parsed.id) if parsed.id else _minted(data),
        title=str(parsed.title or file or "rule without a title"),
        level=parsed.level.name.lower() if parsed.level else "medium",
        tags=tuple(str(tag) for tag in parsed.tags),
        product=source.product,
        category=source.category,
        service=source.service,
        tree=tree,
        file=file,
        name=str(data.get("name") or ""),
        status=str(data.get("status", "")),
        author=str(parsed.author or ""),
        license=str(data.get("license") or license),
        description=str(parsed.description or ""),
        references=tuple(str(r) for r in parsed.references or ()),
        falsepositives=tuple(str(f) for f in parsed.falsepositives or ()),
        ja=japanese(data),
    )


def _minted(data: Mapping[str, Any]) -> str:
    # A rule without an id keeps the same one as long as its text stays the same.
    return "noid-" + hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()[:16]


def _tree(node: Any) -> Tree:
    if isinstance(node, ConditionAND):
        return all_of(map(_tree, node.args))
    if isinstance(node, ConditionOR):
        return any_of(map(_tree, node.args))
    if isinstance(node, ConditionNOT):
        return negation(_tree(node.args[0]))
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return _compared(node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        return _searched(node.value)
    raise RuleError(f"a part of its condition is empty or unknown: {type(node).__name__}")


def _compared(field: str, value: Any) -> Tree:
    if isinstance(value, SigmaExpansion):
        return any_of(_compared(field, part) for part in value.values)
    if isinstance(value, SigmaString):
        return _string(field, value)
    if isinstance(value, SigmaRegularExpression):
        return Atom(field, "re", f"{_flags(value)}:{_text(value.regexp)}", True)
    return _other(field, value)


def _other(field: str, value: Any) -> Tree:
    if isinstance(value, SigmaTimestampPart):
        return Atom(field, "time", f"eq:{value.timestamp_part.name.lower()}:{value.number}")
    if isinstance(value, SigmaNumber):
        return Atom(field, "eq", _number(value))
    if isinstance(value, SigmaBool):
        return Atom(field, "eq", str(value.boolean).lower())
    if isinstance(value, SigmaNull):
        return Atom(field, "null", "")
    if isinstance(value, SigmaExists):
        return Atom(field, "exists", "true" if value.exists else "false")
    if isinstance(value, SigmaCIDRExpression):
        return Atom(field, "cidr", str(value.network))
    if isinstance(value, SigmaFieldReference):
        modes = {(True, True): "has", (True, False): "starts", (False, True): "ends"}
        mode = modes.get((value.starts_with, value.ends_with), "eq")
        return Atom(field, "ref", f"{mode}:{value.field}")
    if isinstance(value, SigmaCompareExpression):
        return _comparison(field, value)
    raise RuleError(f"field {field}: values of kind {type(value).__name__} are not understood")


def _number(value: SigmaNumber) -> str:
    if isinstance(value.number, float) and abs(value.number) >= 2**53:
        raise RuleError(f"{value.number} is too large to be exact; write the number in quotes")
    return str(value.number).lower()


def _comparison(field: str, value: SigmaCompareExpression) -> Tree:
    op = value.op.name.lower()
    if isinstance(value.number, SigmaTimestampPart):
        return Atom(field, "time", f"{op}:{value.number.timestamp_part.name.lower()}:{value.number.number}")
    if op == "neq":
        return negation(Atom(field, "eq", str(value.number.number)))
    return Atom(field, op, str(value.number.number))


def _string(field: str, value: SigmaString) -> Tree:
    cased = isinstance(value, SigmaCasedString)
    parts = _parts(value)
    op, text = _shape(parts)
    return Atom(field, op, text if cased else text.lower(), cased)


def _parts(value: SigmaString) -> list[str | SpecialChars]:
    for part in value.s:
        if isinstance(part, Placeholder):
            name = part.name
            raise RuleError(
                f"the placeholder %{name}% has no values: give them in a YAML file, "
                f"placeholders: {{{name}: [...]}}, with --placeholders FILE"
            )
    return list(value.s)


def _shape(parts: list[str | SpecialChars]) -> tuple[str, str]:
    many = SpecialChars.WILDCARD_MULTI
    literal = [part for part in parts if isinstance(part, str)]
    if len(literal) == len(parts):
        return "eq", "".join(literal)
    shapes = {(many, str, many): "has", (str, many): "starts", (many, str): "ends"}
    kinds = tuple(str if isinstance(part, str) else part for part in parts)
    if kinds in shapes:
        return shapes[kinds], literal[0]
    return "like", "".join(_escaped(part) if isinstance(part, str) else _WILDCARDS[part] for part in parts)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")


def _text(value: SigmaString) -> str:
    return "".join(p if isinstance(p, str) else _WILDCARDS[p] for p in _parts(value))


def _flags(value: SigmaRegularExpression) -> str:
    return "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))


def _searched(value: Any) -> Tree:
    """A keyword: the text may stand anywhere in any value of the event."""
    if isinstance(value, SigmaExpansion):
        return any_of(map(_searched, value.values))
    if isinstance(value, SigmaRegularExpression):
        return Atom(KEYWORD, "re", f"{_flags(value)}:{_text(value.regexp)}", True)
    if isinstance(value, SigmaNumber | SigmaBool) and not isinstance(value, SigmaTimestampPart):
        return Atom(KEYWORD, "has", str(value).lower())
    if not isinstance(value, SigmaString):
        raise RuleError(f"{type(value).__name__} needs a field, and here it stands as a keyword")
    many = SpecialChars.WILDCARD_MULTI
    parts = [part for index, part in enumerate(_parts(value)) if part != many or 0 < index < len(value.s) - 1]
    if not parts:
        return ALWAYS
    cased = isinstance(value, SigmaCasedString)
    op, text = _shape([many, *parts, many])
    return Atom(KEYWORD, op, text if cased else text.lower(), cased)
