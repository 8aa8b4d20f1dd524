"""A Sigma rule as the engine keeps it: what it says of itself, the log it speaks about, and its condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sakimori.detection.sigma.kernel import And, Atom, Not, Or, Tree
from sakimori.detection.sigma.kernel.tree import NEVER, negation

_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)$", re.IGNORECASE)
_OTHER = re.compile(r"attack\.[gs]\d{4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `tree` speaks of Sigma field names; `ja` holds a Japanese title and description, if any.

    `name` is what correlations may call it by, `asked` the fields they want of its events.
    """

    id: str
    title: str
    level: str
    tags: tuple[str, ...]
    product: str | None
    category: str | None
    service: str | None
    tree: Tree
    file: str
    name: str = ""
    asked: tuple[str, ...] = ()
    status: str = ""
    author: str = ""
    license: str = ""
    description: str = ""
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    ja: Mapping[str, str] = field(default_factory=dict)

    @property
    def logsource(self) -> str:
        """`windows/process_creation`, `zeek/dns`; `any` parts are left out."""
        return "/".join(part for part in (self.product, self.category, self.service) if part)

    @property
    def techniques(self) -> tuple[str, ...]:
        """ATT&CK technique ids named in the tags, sorted."""
        return techniques_of(self.tags)

    @property
    def tactics(self) -> tuple[str, ...]:
        """ATT&CK tactics named in the tags, as Sigma writes them, sorted."""
        return tactics_of(self.tags)


def techniques_of(tags: Iterable[str]) -> tuple[str, ...]:
    """ATT&CK technique ids among tags, sorted."""
    return tuple(sorted({match[1].upper() for tag in tags if (match := _TECHNIQUE.match(tag))}))


def tactics_of(tags: Iterable[str]) -> tuple[str, ...]:
    """ATT&CK tactics among tags, as Sigma writes them, sorted."""
    named = (tag for tag in tags if tag.startswith("attack."))
    return tuple(sorted({tag[7:] for tag in named if not _TECHNIQUE.match(tag) and not _OTHER.match(tag)}))


def listed(value: Any) -> tuple[str, ...]:
    """The texts of a list, or the one text that stands instead of it; none for null."""
    return () if value is None else tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def japanese(data: Mapping[str, Any]) -> dict[str, str]:
    """The Japanese title and description that a document gives under `sakimori: {ja: ...}`."""
    own = data.get("sakimori")
    given = own.get("ja") if isinstance(own, Mapping) else None
    return {str(key): str(text) for key, text in given.items()} if isinstance(given, Mapping) else {}


def to_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON-able values; `from_json` gives it back."""
    plain = {name: getattr(rule, name) for name in Rule.__dataclass_fields__ if name != "tree"}
    return {**plain, "ja": dict(rule.ja), "tree": tree_to_json(rule.tree)}


def from_json(data: Mapping[str, Any]) -> Rule:
    """The rule that `to_json` wrote."""
    lists = {name: tuple(data[name]) for name in ("tags", "asked", "references", "falsepositives")}
    return Rule(**{**data, **lists, "tree": tree_from_json(data["tree"])})


def tree_to_json(tree: Tree) -> Any:
    if isinstance(tree, Atom):
        return [tree.field, tree.op, tree.value, tree.cased]
    if isinstance(tree, Not):
        return {"not": tree_to_json(tree.arg)}
    if isinstance(tree, And | Or):
        return {"and" if isinstance(tree, And) else "or": [tree_to_json(arg) for arg in tree.args]}
    return {}


def tree_from_json(data: Any) -> Tree:
    if isinstance(data, list):
        return Atom(*data)
    if "not" in data:
        return negation(tree_from_json(data["not"]))
    if "and" in data:
        return And(tuple(map(tree_from_json, data["and"])))
    return Or(tuple(map(tree_from_json, data["or"]))) if "or" in data else NEVER
