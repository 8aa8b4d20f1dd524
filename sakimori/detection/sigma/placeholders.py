"""Placeholders, `%Servers%` behind `expand`, and the lists that somebody gives for them.

A list stands in a YAML file of its own, because it is the house's and not the rule's:

    placeholders:
      Servers: [srv-01, srv-02]

Each value stands in for the placeholder as pySigma's `ValueListPlaceholderTransformation` does it: as a Sigma
text, so that its wildcards are wild, and one value of the rule becomes as many as the list has.
https://github.com/SigmaHQ/sigma-specification/blob/main/appendix/sigma-modifiers-appendix.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sakimori.errors import RuleError, UsageError

Lists = Mapping[str, tuple[str, ...]]
NOTHING: Lists = {}
MOST = 10_000  # values that one value may become
# What works on the finished text, whether the values were put in before or after.
WITH_EXPAND = frozenset(
    ("expand", "contains", "startswith", "endswith", "all", "neq", "cased", "re", "i", "m", "s", "ignorecase",
     "multiline", "dotall")
)  # fmt: skip
PLACEHOLDER = re.compile(r"%([^%\\*?]+)%")


def read_lists(path: Path | None) -> Lists:
    """The lists of a file, none for None. Raises UsageError where it cannot be read or means nothing."""
    import yaml

    if path is None:
        return NOTHING
    try:
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as problem:
        raise UsageError(f"--placeholders {path}: cannot be read ({problem})") from None
    lists = data.get("placeholders") if isinstance(data, dict) and len(data) == 1 else None
    if not isinstance(lists, dict):
        raise UsageError(f"--placeholders {path}: write it like placeholders: {{Servers: [a, b]}}")
    return {
        str(name): tuple(_values(path, str(name), values)) for name, values in sorted(lists.items(), key=str)
    }


def _values(path: Path, name: str, values: Any) -> Iterator[str]:
    listed = values if isinstance(values, list) else [values]
    if not listed:
        raise UsageError(
            f"--placeholders {path}: {name} has no values; leave it out and its rules are refused"
        )
    for value in listed:
        if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
            raise UsageError(
                f"--placeholders {path}: {name} holds {value!r}; its values are texts or numbers"
            )
        yield str(value)


def filled(document: Any, lists: Lists) -> Any:
    """The document of a rule or a filter with the values in place of the placeholders that have any.

    Raises RuleError where other modifiers would change a value before or after it is put in.
    """
    if not lists or not isinstance(document, Mapping):
        return document
    sections = {key: _section(document[key], lists) for key in ("detection", "filter") if key in document}
    return {**document, **sections}


def _section(part: Any, lists: Lists) -> Any:
    if isinstance(part, list):
        return [_section(entry, lists) for entry in part]
    if not isinstance(part, Mapping):
        return part
    found: dict[Any, Any] = {}
    for key, value in part.items():
        name, content = _item(key, value, lists) if "|" in str(key) else (key, _section(value, lists))
        # `f` and `f|expand` may stand beside each other: neither takes the other's place.
        found[key if name in found or (name != key and name in part) else name] = content
    return found


def _item(key: Any, value: Any, lists: Lists) -> tuple[Any, Any]:
    field, *modifiers = str(key).split("|")
    values = value if isinstance(value, list) else [value]
    if "expand" not in modifiers or not any(_named(one, lists) for one in values):
        return key, value
    if strange := sorted(set(modifiers) - WITH_EXPAND):
        raise RuleError(f"{field or 'a keyword'}: `expand` does not go with {', '.join(strange)}")
    found = [text for one in values for text in _expanded(one, lists, "re" in modifiers)]
    # Once everything is filled in, a percent sign in a value is nothing but a percent sign.
    left = any(isinstance(one, str) and PLACEHOLDER.search(_emptied(one, lists)) for one in values)
    kept = [field, *(m for m in modifiers if m != "expand")]
    return (key if left or kept == [""] else "|".join(kept)), found


def _named(value: Any, lists: Lists) -> bool:
    return isinstance(value, str) and any(name in lists for name in PLACEHOLDER.findall(value))


def _emptied(value: str, lists: Lists) -> str:
    return PLACEHOLDER.sub(lambda found: "" if found[1] in lists else found[0], value)


def _expanded(value: Any, lists: Lists, expression: bool) -> list[Any]:
    if not _named(value, lists):
        return [value]
    found, end = [""], 0
    for match in PLACEHOLDER.finditer(value):
        between, values = value[end : match.start()], lists.get(match[1], (match[0],))
        rest = value[match.end() : match.end() + 1]
        ends = [one if expression else _closed(one, rest) for one in values]
        found = [f"{text}{between}{one}" for text in found for one in ends]
        end = match.end()
        if len(found) > MOST:
            raise RuleError(f"{value} stands for more than {MOST} values")
    return [text + value[end:] for text in found]


def _closed(value: str, rest: str) -> str:
    """A value whose last backslash does not take away the meaning of what follows it in the rule."""
    backslashes = len(value) - len(value.rstrip("\\"))
    return value + "\\" if backslashes % 2 and rest in ("*", "?", "\\", "%") else value
