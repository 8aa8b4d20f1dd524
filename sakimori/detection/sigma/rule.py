"""A Sigma rule as the engine keeps it: what it says of itself, the log it speaks about, and its condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sakimori.detection.sigma.kernel import And, Atom, Not, Or, Tree
from sakimori.detection.sigma.kernel.tree import NEVER, negation

_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)$", re.IGNORECASE)
_OTHER = re.compile(r"attack\.[gs]\d{4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `tree` speaks of Sigma field names; `ja` holds a Japanese title and description, if any."""

    id: str
    title: str
    level: str
    tags: tuple[str, ...]
    product: str | None
    category: str | None
    service: str | None
    tree: Tree
    file: str
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
        found = (_TECHNIQUE.match(tag) for tag in self.tags)
        return tuple(sorted({match[1].upper() for match in found if match}))

    @property
    def tactics(self) -> tuple[str, ...]:
        """ATT&CK tactics named in the tags, as Sigma writes them, sorted."""
        names = {tag[7:] for tag in self.tags if tag.startswith("attack.")}
        return tuple(
            sorted(
                n for n in names if not _TECHNIQUE.match("attack." + n) and not _OTHER.match("attack." + n)
            )
        )


def to_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON-able values; `from_json` gives it back."""
    plain = {name: getattr(rule, name) for name in Rule.__dataclass_fields__ if name != "tree"}
    return {**plain, "ja": dict(rule.ja), "tree": _tree_to_json(rule.tree)}


def from_json(data: Mapping[str, Any]) -> Rule:
    """The rule that `to_json` wrote."""
    lists = {name: tuple(data[name]) for name in ("tags", "references", "falsepositives")}
    return Rule(**{**data, **lists, "tree": _tree_from_json(data["tree"])})


def _tree_to_json(tree: Tree) -> Any:
    if isinstance(tree, Atom):
        return [tree.field, tree.op, tree.value, tree.cased]
    if isinstance(tree, Not):
        return {"not": _tree_to_json(tree.arg)}
    if isinstance(tree, And | Or):
        return {"and" if isinstance(tree, And) else "or": [_tree_to_json(arg) for arg in tree.args]}
    return {}


def _tree_from_json(data: Any) -> Tree:
    if isinstance(data, list):
        return Atom(*data)
    if "not" in data:
        return negation(_tree_from_json(data["not"]))
    if "and" in data:
        return And(tuple(map(_tree_from_json, data["and"])))
    return Or(tuple(map(_tree_from_json, data["or"]))) if "or" in data else NEVER
