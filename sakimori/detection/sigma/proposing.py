"""A filter that takes a rule's noise away, proposed from a baseline and proved on the rule's own cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from sakimori.detection.sigma.baseline import asked_of, hits_in
from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.events import look
from sakimori.detection.sigma.findings import Hit
from sakimori.detection.sigma.pack import pack_of
from sakimori.detection.sigma.placeholders import NOTHING, Lists
from sakimori.detection.sigma.positives import Positives
from sakimori.detection.sigma.rule import Rule
from sakimori.detection.sigma.selecting import Condition, Row, row_of, selections, written
from sakimori.errors import RuleError
from sakimori.records.batch import Batch
from sakimori.records.catalogue import Catalogue
from sakimori.records.plan import Plan

Document = Mapping[str, Any]
Read = Callable[[Sequence[Path], Plan], Iterable[Batch]]
KEPT, TRIED = 5000, 12  # hits that are compared, filters that are tried on the cases


@dataclass(frozen=True, slots=True)
class Proposal:
    """A filter, how many of how many hits it takes away, and what of the rule's cases it would lose.

    Without a document nothing could be proposed. One that loses cases is never to be used.
    """

    document: Document | None
    taken: int
    hits: int
    positives: int
    lost: tuple[str, ...] = ()


class Proposing:
    """One rule, with the filters that it has already, over evidence that `read` gives."""

    def __init__(
        self,
        document: Document,
        filters: Sequence[Document],
        catalogue: Catalogue,
        read: Read,
        lists: Lists = NOTHING,
    ) -> None:
        self._documents = [document, *filters]
        self._catalogue, self._read, self._lists = catalogue, read, lists
        pack = pack_of(self._documents, placeholders=lists)
        if not pack.rules:
            raise RuleError(f"the rule is refused: {pack.refused[0].reason}")
        (self._rule,) = pack.rules

    def propose(self, evidence: Sequence[Path], positives: Positives) -> Proposal:
        """The filter that takes most away and loses no case; else the first, with what it would lose.

        Cases of which the rule does not speak as it stands prove nothing and do not count.
        """
        rows, hits = self._rows(self._hits(evidence), positives)
        first: Proposal | None = None
        known = {name: n for name, n in self._spoken(self._documents, positives).items() if n}
        for conditions in islice(selections(rows, asked_of(self._rule)), TRIED):
            document = filter_of(self._rule, self._documents[0], conditions)
            still = self._spoken([*self._documents, document], positives)
            lost = tuple(name for name, n in known.items() if still[name] < n)
            if not lost:
                left = sum(1 for _ in self._hits(evidence, document))
                return Proposal(document, hits - left, hits, len(known))
            first = first or Proposal(document, 0, hits, len(known), lost)
        return first or Proposal(None, 0, hits, len(known))

    def _rows(self, found: Iterable[Hit], positives: Positives) -> tuple[list[Row], int]:
        asked = (*asked_of(self._rule), *(name for event in positives.events.values() for name in event))
        rows, hits, chance = list[Row](), 0, Random(0)
        for hit in found:
            hits += 1
            # Of many hits an even sample, and the same one each time.
            at = len(rows) if len(rows) < KEPT else chance.randrange(hits)
            if at < KEPT:
                rows[at : at + 1] = [row_of(self._catalogue[hit.log], hit.fields, asked)]
        return rows, hits

    def _hits(self, evidence: Sequence[Path], *more: Document) -> Iterable[Hit]:
        pack = pack_of([*self._documents, *more], placeholders=self._lists)
        engine = Engine(pack, self._catalogue)
        return hits_in(self._read(evidence, engine.plan()), engine)

    def _spoken(self, documents: Sequence[Document], positives: Positives) -> dict[str, int]:
        """How often the rule speaks of each case."""
        found = look(documents, [*positives.events.values()], self._lists) if positives.events else []
        spoken = {name: len(ids) for name, ids in zip(positives.events, found, strict=True)}
        more = documents[len(self._documents) :]
        samples = {
            name: sum(1 for _ in self._hits([file], *more)) for name, file in positives.samples.items()
        }
        return spoken | samples


def filter_of(rule: Rule, document: Document, conditions: Iterable[Condition]) -> dict[str, Any]:
    """A Sigma filter for one rule, with a random id.

    https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-filters-specification.md
    """
    selection = {one.key: written(one.value) for one in conditions}
    return {
        "title": f"Usual here: {rule.title}",
        "id": str(uuid4()),
        "logsource": dict(document["logsource"]),
        "filter": {"rules": [rule.id], "selection": selection, "condition": "not selection"},
    }
