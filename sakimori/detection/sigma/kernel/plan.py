"""What the kernel is asked to do for one stream of records: fields, and rules as trees over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sakimori.detection.sigma.kernel.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that rules ask for, and the batch columns it is read from.

    One column: its value, replaced where `values` names it. Several with a `template`: their rendering, null
    if all are null, a missing part as empty text.
    """

    name: str
    columns: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the value is the column's own, unchanged."""
        return not self.values and self.template is None

    def render(self, parts: tuple[str | None, ...]) -> str | None:
        """The field's value from its columns' values, in order."""
        if self.template is not None:
            if all(part is None for part in parts):
                return None
            named = {column: part or "" for column, part in zip(self.columns, parts, strict=True)}
            return fill(self.template, named)
        value = parts[0]
        return None if value is None else self.values.get(value, value)


def fill(template: str, parts: Mapping[str, str]) -> str:
    """The template with each `{column}` replaced; a plain replacement, since values are hostile text."""
    pieces = template.split("{")
    text = pieces[0]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition("}")
        text += parts.get(name, "") + rest if closed else "{" + piece
    return text


@dataclass(frozen=True, slots=True)
class PlannedRule:
    """A rule as this stream sees it; `tree` speaks of the plan's field names."""

    id: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class KernelPlan:
    """Everything the kernel needs; nothing in it depends on a row."""

    fields: tuple[Field, ...]
    rules: tuple[PlannedRule, ...]
    keywords: bool = False  # some rule searches the whole event: batches carry it as `raw`
