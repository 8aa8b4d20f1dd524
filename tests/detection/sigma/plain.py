"""The Sigma language, evaluated one rule, one event, one value at a time: slow, and obviously right.

It shares nothing with the engine but pySigma's parse tree, so that two ways of reading the specification
must come to one answer. Base: the Sigma specification, version 2.1.0,
https://github.com/SigmaHQ/sigma-specification/tree/main/specification
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.modifiers import reverse_modifier_mapping
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule
from sigma.types import (
    CompareOperators,
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

from sakimori.records.clock import instant

Event = Mapping[str, object]

# --- From a rule to its conditions -------------------------------------------------------------------------


def parse(rule: Mapping[str, Any], placeholders: Mapping[str, tuple[str, ...]] | None = None) -> SigmaRule:
    """The rule as pySigma reads it; raises ValueError, with the reason, for a rule nobody may run.

    `placeholders` are the values of `%names%`, put in by pySigma's own replacement.
    """
    for kind in ("correlation", "filter"):
        if kind in rule:
            raise ValueError(f"this is a {kind}, not a detection rule")
    if rule.get("taxonomy", "sigma") != "sigma":
        raise ValueError(f"taxonomy {rule['taxonomy']} is unknown")
    parsed = SigmaRule.from_dict({**rule, "detection": _wide(rule.get("detection"))})
    for detection in parsed.detection.detections.values():
        for item in _items(detection):
            _put_in(item, placeholders or {})
    conditions(parsed)
    return parsed


def _put_in(item: SigmaDetectionItem, placeholders: Mapping[str, tuple[str, ...]]) -> None:
    def values(placeholder: Placeholder) -> Iterator[Any]:
        yield from map(SigmaString, placeholders[placeholder.name])

    def put(value: Any) -> list[Any]:
        text = value.regexp if isinstance(value, SigmaRegularExpression) else value
        parts = text.s if isinstance(text, SigmaString) else ()
        named = [part.name for part in parts if isinstance(part, Placeholder)]
        if not named or not placeholders.keys() >= {*named}:
            return [value]
        made = value.replace_placeholders(values)
        # pySigma forgets on the way that the case matters.
        return [_cased(one) for one in made] if isinstance(value, SigmaCasedString) else made

    item.value = [made for value in item.value for made in put(value)]


def _cased(text: SigmaString) -> SigmaCasedString:
    return SigmaCasedString.from_sigma_string(text)


def _wide(definition: Any) -> Any:
    # The specification calls `wide` an alias of `utf16le`; pySigma 2.0 knows only the alias.
    if isinstance(definition, Mapping):
        return {re.sub(r"\|utf16le\b", "|wide", str(k)): _wide(v) for k, v in definition.items()}
    return [_wide(entry) for entry in definition] if isinstance(definition, list) else definition


def conditions(rule: SigmaRule) -> tuple[Any, ...]:
    """The trees of the rule's conditions, any of which is enough; ValueError where one cannot be honoured."""
    if "timeframe" in rule.detection.detections:
        raise ValueError("timeframe is obsolete: a correlation says it now")
    for detection in rule.detection.detections.values():
        for item in _items(detection):
            _refuse_lost_modifiers(item)
    trees = tuple(condition.parsed for condition in rule.detection.parsed_condition)
    for tree in trees:
        _refuse_unfit_values(tree)
    return trees


def _items(detection: SigmaDetection) -> Iterator[SigmaDetectionItem]:
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            yield from _items(item)
        else:
            yield item


def _refuse_lost_modifiers(item: SigmaDetectionItem) -> None:
    """Refuse what pySigma accepts but then forgets, so that no rule is silently weaker than it reads."""
    names = [reverse_modifier_mapping[modifier.__name__] for modifier in item.modifiers]
    anchored = {"startswith", "endswith"} & {*names}
    after_cased = {*names[names.index("cased") + 1 :]} if "cased" in names else set()
    if not item.value:
        raise ValueError(f"{item.field}: an empty list of values")
    if "re" in names and anchored:
        raise ValueError(f"{item.field}: re with startswith or endswith; write ^ or $ instead")
    if after_cased - {"contains", "startswith", "endswith", "all", "neq"}:
        raise ValueError(f"{item.field}: cased must come after the modifiers that change the value")
    if "expand" in names and any(r"\%" in str(value) for value in item.original_value or ()):
        raise ValueError(f"{item.field}: expand with an escaped % sign")
    written = " ".join(map(str, item.original_value or ()))
    if "expand" in names and {*names} & _CHANGED and re.search("%.+%", written):
        raise ValueError(f"{item.field}: expand with {', '.join(names)}, which would change the value")
    if item.field is None and anchored:
        raise ValueError("startswith and endswith need a field")


_CHANGED = {"windash", "base64", "base64offset", "wide", "utf16", "utf16be", "cidr", "fieldref"}


def _refuse_unfit_values(tree: Any) -> None:
    if isinstance(tree, ConditionAND | ConditionOR | ConditionNOT):
        for argument in tree.args:
            _refuse_unfit_values(argument)
        return
    for value in _alternatives(tree.value):
        text = value.regexp if isinstance(value, SigmaRegularExpression) else value
        if isinstance(text, SigmaString) and any(isinstance(part, Placeholder) for part in text.s):
            raise ValueError(f"placeholder in {text}: nobody says what it stands for")
        if isinstance(value, SigmaRegularExpression):
            expression(str(value.regexp), flags_of(value))
        if isinstance(value, SigmaNumber) and isinstance(value.number, float) and abs(value.number) >= 2**53:
            raise ValueError(f"{value.number} is too large to be exact; write the number in quotes")
        if isinstance(tree, ConditionValueExpression) and isinstance(value, _NEEDS_FIELD):
            raise ValueError(f"{type(value).__name__} needs a field")


_NEEDS_FIELD = (SigmaNull, SigmaExists, SigmaFieldReference, SigmaCompareExpression, SigmaTimestampPart)


def _alternatives(value: Any) -> Iterator[Any]:
    if isinstance(value, SigmaExpansion):
        for inner in value.values:
            yield from _alternatives(inner)
    else:
        yield value


# --- From a condition and an event to a verdict ------------------------------------------------------------


def matches(rule: SigmaRule, event: Event) -> bool:
    """Whether the event is what the rule describes."""
    return any(holds(condition, event) for condition in conditions(rule))


def holds(condition: Any, event: Event) -> bool:
    """Whether one condition tree is true of the event."""
    match condition:
        case ConditionAND(args=parts):
            return all(holds(part, event) for part in parts)
        case ConditionOR(args=parts):
            return any(holds(part, event) for part in parts)
        case ConditionNOT(args=[part]):
            return not holds(part, event)
        case ConditionFieldEqualsValueExpression(field=field, value=value):
            return field_holds(event.get(field), value, event)
        case ConditionValueExpression(value=value):
            return any(keyword_holds(content, value) for content in event.values())
    raise ValueError(f"unknown condition {condition!r}")


def field_holds(content: object, wanted: Any, event: Event) -> bool:
    """Whether a field with this content (None: missing) is what the rule wants of it."""
    match wanted:
        case SigmaExpansion(values=values):
            return any(field_holds(content, value, event) for value in values)
        case SigmaNull():
            return content is None
        case SigmaExists(exists=exists):
            return exists is (content is not None)
        case SigmaFieldReference():
            others = texts(event.get(wanted.field))
            return any(refers(text, other, wanted) for text in texts(content) for other in others)
    return any(text_holds(text, wanted) for text in texts(content))


def keyword_holds(content: object, wanted: Any) -> bool:
    """Whether a value anywhere inside the content contains the keyword."""
    if isinstance(wanted, SigmaExpansion):
        return any(keyword_holds(content, value) for value in wanted.values)
    if isinstance(wanted, SigmaNumber | SigmaBool):
        wanted = SigmaString(str(wanted))
    if isinstance(wanted, SigmaString):
        wanted = SpecialChars.WILDCARD_MULTI + wanted + SpecialChars.WILDCARD_MULTI
    return any(text_holds(text, wanted) for text in leaves(content))


def refers(text: str, other: str, reference: SigmaFieldReference) -> bool:
    """Whether one field's text equals, starts with, ends with or contains another's, whatever the case."""
    text, other = text.lower(), other.lower()
    if reference.starts_with and reference.ends_with:
        return other in text
    if reference.starts_with:
        return text.startswith(other)
    return text.endswith(other) if reference.ends_with else text == other


def text_holds(text: str, wanted: Any) -> bool:
    """Whether one text is what the rule wants."""
    match wanted:
        case SigmaCasedString():
            return wildcard(tuple(wanted.s), cased=True).fullmatch(text) is not None
        case SigmaString():
            return wildcard(tuple(wanted.s), cased=False).fullmatch(text.lower()) is not None
        case SigmaTimestampPart(timestamp_part=part, number=number):
            return bool(time_part(text, part.name) == number)
        case SigmaNumber() | SigmaBool():
            return str(wanted).lower() == text.lower()
        case SigmaRegularExpression(regexp=regexp):
            return expression(str(regexp), flags_of(wanted)).search(text) is not None
        case SigmaCIDRExpression(network=network):
            address = parsed_address(text)
            return address is not None and address.version == network.version and address in network
        case SigmaCompareExpression(number=number, op=operator):
            return compared(text, number, operator)
    raise ValueError(f"unknown value {wanted!r}")


# --- What the content of a field says ----------------------------------------------------------------------


def texts(content: object) -> list[str]:
    """The texts a field may be matched as: none if missing; for a list the whole as JSON, and each element.

    The record store keeps lists as JSON text, so a text that is a JSON list is a list here too.
    """
    if content is None:
        return []
    return [as_text(content), *(as_text(element) for element in elements(content))]


def elements(content: object) -> Iterator[object]:
    """What a list holds, lists inside lists opened, nulls left out; nothing if the content is no list."""
    for element in as_list(content):
        if isinstance(element, list):
            yield from elements(element)
        elif element is not None:
            yield element


def as_list(content: object) -> list[object]:
    """The content as a list; an empty one if it is none."""
    if isinstance(content, str) and content.startswith("["):
        try:
            content = json.loads(content)
        except ValueError:
            return []
    return content if isinstance(content, list) else []


def leaves(content: object) -> Iterator[str]:
    """Every text, number and bool inside mappings and lists, at any depth, as text."""
    if isinstance(content, Mapping):
        for value in content.values():
            yield from leaves(value)
    elif listed := as_list(content):
        for value in listed:
            yield from leaves(value)
    elif content is not None and content != []:
        yield as_text(content)


def as_text(value: object) -> str:
    """A value as the record store writes it: text as it stands, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=100_000)
def wildcard(parts: tuple[str | SpecialChars, ...], cased: bool) -> re.Pattern[str]:
    """The pattern of a whole value: `*` is any run of characters, `?` exactly one, line ends included.

    Where the case does not matter both sides are compared in lower case, as `str.lower` writes it.
    """
    pieces = [""]
    for part in parts:
        if part is SpecialChars.WILDCARD_MULTI:
            pieces.append("")
        elif part is SpecialChars.WILDCARD_SINGLE:
            pieces[-1] += "."
        else:
            pieces[-1] += re.escape(str(part) if cased else str(part).lower())
    if len(pieces) == 1:
        return re.compile(pieces[0], re.DOTALL)
    first, *middle, last = pieces
    # Each piece in the middle where it first fits, for good: a later place never helps what follows.
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last, re.DOTALL)


@lru_cache(maxsize=10_000)
def expression(text: str, flags: frozenset[str]) -> re.Pattern[str]:
    """The regular expression with the flags i, m and s; ValueError where Python reads it otherwise."""
    try:
        with warnings.catch_warnings(action="error"):
            return re.compile(text, sum(re.RegexFlag[flag] for flag in flags))
    except (re.error, FutureWarning) as error:
        raise ValueError(f"regular expression {text}: {error}") from error


def flags_of(expression: SigmaRegularExpression) -> frozenset[str]:
    """The names of an expression's flags."""
    return frozenset(flag.name for flag in expression.flags)


@lru_cache(maxsize=100_000)
def parsed_address(text: str) -> IPv4Address | IPv6Address | None:
    """The text as an address, None if it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def compared(text: str, number: SigmaNumber, operator: CompareOperators) -> bool:
    """Whether the text is a number (or holds a time whose part is one) on the right side of the other."""
    if isinstance(number, SigmaTimestampPart):
        part = time_part(text, number.timestamp_part.name)
        value = None if part is None else Decimal(part)
    else:
        value = Decimal(text) if NUMBER.fullmatch(text) else None
    if value is None:
        return False
    limit = Decimal(str(number.number))
    return {
        "LT": value < limit,
        "LTE": value <= limit,
        "GT": value > limit,
        "GTE": value >= limit,
        "NEQ": value != limit,
    }[operator.name]


def time_part(text: str, part: str) -> int | None:
    """Minute, hour, day, ISO week, month or year of a time in UTC; None if the text is no time."""
    micros = instant(text)
    if micros is None:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return moment.isocalendar().week if part == "WEEK" else int(getattr(moment, part.lower()))
