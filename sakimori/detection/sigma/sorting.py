"""YAML documents sorted into rules, filters and correlations; what cannot be honoured with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakimori.detection.sigma.correlation.correlation import Correlation
from sakimori.detection.sigma.correlation.parse import parse_correlation
from sakimori.detection.sigma.filters import Filter, filtered, parse_filter, unmet
from sakimori.detection.sigma.parse import parse
from sakimori.detection.sigma.placeholders import NOTHING, Lists, filled
from sakimori.detection.sigma.rule import Rule
from sakimori.errors import RuleError
from sakimori.records.manifest import Refused


class Sorting:
    """Takes documents one by one. An id or a name that was taken before is refused."""

    def __init__(self, absence: bool, placeholders: Lists = NOTHING) -> None:
        self._absence, self._placeholders = absence, placeholders
        self._rules: dict[str, Rule] = {}
        self._filters: list[Filter] = []
        self.correlations: list[Correlation] = []
        self._refused: list[Refused] = []
        self._taken: dict[str, str] = {}

    def take(self, file: str, document: Any) -> None:
        """One document of a file."""
        try:
            self._sort(file, filled(document, self._placeholders))
        except RuleError as error:
            named = document if isinstance(document, Mapping) else {}
            name, title = str(named.get("id") or file), str(named.get("title") or file)
            self._refused.append(Refused(name=name, title=title, reason=str(error)))

    def _sort(self, file: str, document: Any) -> None:
        if isinstance(document, Mapping) and "correlation" in document:
            found = parse_correlation(document, file, self._absence)
            self._claim(found.id, found.name, file or found.title)
            self.correlations.append(found)
        elif isinstance(document, Mapping) and "filter" in document:
            self._filters.append(parse_filter(document, file))
        else:
            rule = parse(document, file)
            self._claim(rule.id, rule.name, file or rule.title)
            self._rules[rule.id] = rule

    def _claim(self, id_: str, name: str, where: str) -> None:
        for kind, text in (("id", id_), ("name", name)):
            if text and text in self._taken:
                raise RuleError(f"its {kind} stands already in {self._taken[text]}")
        self._taken.update({text: where for text in (id_, name) if text})

    @property
    def names(self) -> dict[str, str]:
        """Every name and id of a rule, and its id."""
        return {name: rule.id for rule in self._rules.values() for name in (rule.id, rule.name) if name}

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Documents that were refused, and filters that change less than they say."""
        lost = [(one, unmet(one, self._rules.values())) for one in self._filters]
        return (*self._refused, *(Refused(name=f.id, title=f.title, reason=why) for f, why in lost if why))

    def filtered(self) -> tuple[Rule, ...]:
        """The rules with the filters' conditions."""
        return filtered(self._rules.values(), self._filters)
