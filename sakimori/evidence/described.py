"""Records of logs that the catalogue or a mapping file describes, and of those that nobody does."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import orjson

from sakimori.evidence.collected import collected
from sakimori.evidence.flattening import camelled, flat
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, BatchBuilder
from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.clock import Zone
from sakimori.records.encoding import text_of
from sakimori.records.family import Recognition, Wrapping
from sakimori.records.mapping import FAMILY
from sakimori.records.plan import Plan, Stream

FIRST_SHOWN = 20
_LONGEST_SHOWN = 2_000
_DEEPEST = 4
_SHAPES = 4_096  # sets of fields kept a choice; made-up records could have any number
Row = dict[str, Any]
T = TypeVar("T")


class _Choice(Generic[T]):
    """Answers which of many recognitions fits a record, the earliest first.

    Records of one log are alike: which fields of all recognitions a record has is compared once, kept, and
    only values are looked at record by record.
    """

    def __init__(self, ordered: Sequence[tuple[Recognition, T]]) -> None:
        self._ordered = tuple(ordered)
        # A plain set: Python crosses it with the keys of a dict without looking at each of its names.
        self._fields = {name for recognition, _ in ordered for name in recognition.fields}
        self._near: dict[frozenset[str], tuple[tuple[Recognition, T], ...]] = {}

    def of(self, row: Mapping[str, Any]) -> T | None:
        for recognition, found in self._offers(frozenset(self._fields & row.keys())):
            if recognition.holds(row):
                return found
        return None

    def _offers(self, present: frozenset[str]) -> tuple[tuple[Recognition, T], ...]:
        """Those whose fields are all there."""
        offers = self._near.get(present)
        if offers is None:
            if len(self._near) >= _SHAPES:
                self._near.clear()
            offers = tuple(offer for offer in self._ordered if offer[0].fields <= present)
            self._near[present] = offers
        return offers


def _heaviest(offers: Iterable[tuple[Recognition, T]]) -> list[tuple[Recognition, T]]:
    """In order of how much they ask for."""
    return sorted(offers, key=lambda offer: offer[0].weight, reverse=True)


class Descriptions:
    """The described logs of a catalogue: unwraps a record and tells its log."""

    def __init__(self, catalogue: Catalogue) -> None:
        families = [family for family in catalogue.families.values() if family.recognise]
        offers = _heaviest((r, family) for family in families for r in family.recognise)
        # A person who wrote a mapping knows better.
        offers.sort(key=lambda offer: offer[1].name != FAMILY)
        self._family = _Choice(offers)
        wrappings = (w for family in catalogue.families.values() for w in family.wrappings)
        self._wrapping = _Choice(_heaviest((w.when, w) for w in wrappings))
        self._logs = {family.name: _logs(catalogue.of_family(family.name)) for family in families}

    @classmethod
    def of(cls, plan: Plan) -> Descriptions:
        """Those of the plan's catalogue, made once."""
        return plan.kept(cls, lambda: cls(plan.catalogue))

    def rows(self, value: Mapping[str, Any], deep: int = 0) -> Iterator[tuple[Log | None, Row]]:
        """The records an object holds, flat, each with its log; one that nobody describes has none."""
        row = flat(value)
        wrapping = self._wrapping.of(row) if deep < _DEEPEST else None
        if wrapping is None:
            yield self._log(value, row), row
            return
        for inner in unwrapped(value, wrapping):
            # What a wrapping leaves as it is (text that is no JSON) will not open at a second attempt.
            yield from self.rows(inner, _DEEPEST if inner == value else deep + 1)

    def _log(self, value: Mapping[str, Any], row: Row) -> Log | None:
        """The log of a record; what its family wants besides is added to the row."""
        family = self._family.of(row)
        if family is None:
            return None
        if family.whole:
            row.update((name, value[name]) for name in family.whole if isinstance(value.get(name), dict))
        if family.joined:
            row.update(joined(row, family.joined))
        return self._logs[family.name].of(row)


def _logs(logs: Iterable[Log]) -> _Choice[Log]:
    return _Choice(_heaviest((Recognition.of(log.match), log) for log in logs))


def joined(row: Mapping[str, Any], columns: Mapping[str, str]) -> Row:
    """Lists of words as texts, with blanks between the words; what is no list stays as it is."""
    found: Row = {}
    for column, entry in columns.items():
        words, _, coded = entry.partition("@")
        if row.get(words) is not None:
            found[column] = _words(row[words], _plain if coded == "base64" else text_of)
    return found


def _words(value: Any, said: Callable[[Any], str | None]) -> Any:
    return " ".join(said(word) or "" for word in value) if isinstance(value, list) else value


def _plain(word: Any) -> str | None:
    """What base64 spells; the word itself where it is none."""
    try:
        return base64.b64decode(word, validate=True).decode("utf-8", "replace")
    except (ValueError, TypeError):
        return text_of(word)


def unwrapped(value: Mapping[str, Any], wrapping: Wrapping) -> Iterator[Row]:
    """The objects inside a wrapped one."""
    named = camelled(value) if wrapping.camel else value
    whole = {wrapping.rename.get(name, name): inner for name, inner in named.items()}
    wholes: list[Row] = [whole | {name: _spelled(whole[name]) for name in wrapping.nested if name in whole}]
    if wrapping.lists and not whole.keys().isdisjoint(wrapping.lists):
        yield from (one | {"list": name} for name in wrapping.lists for one in _objects(whole.get(name)))
        return
    for name in wrapping.inside:
        wholes = [opened for whole in wholes for opened in _opened(whole, name)]
    if wrapping.each is None:
        yield from wholes
        return
    for whole in wholes:
        for inner in _listed(whole.get(wrapping.each)):
            yield {**_without(whole, wrapping.each), wrapping.each: inner}


def _opened(whole: Row, name: str) -> list[Row]:
    """The record once for each object in a column, with the object's fields; a column without any stays."""
    inside = _objects(whole.get(name))
    rest = _without(whole, name)
    return [{**rest, **inner} for inner in inside] or [whole]


def _spelled(value: Any) -> Any:
    """The object or list that a text spells; anything else as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _without(whole: Row, name: str) -> Row:
    return {key: value for key, value in whole.items() if key != name}


def _objects(value: Any) -> list[Row]:
    """The object, or the objects of the list, that a column holds as such or as JSON text."""
    value = _spelled(value)
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def _listed(value: Any) -> list[Any]:
    """The members of a list, of which there is at least one: a record without any is still a record."""
    return value if isinstance(value, list) and value else [None]


class DescribedTable:
    """Records on their way into the log that describes them; others are counted in `unmapped`."""

    def __init__(self, source: Source, plan: Plan, unmapped: str) -> None:
        self._plan, self._zone, self._unmapped = plan, source.zone, unmapped
        self._descriptions = Descriptions.of(plan)
        self._builders = source.builders(DescribedTable, self._builder)
        self._collected = collected(source.path)
        self._shown = 0 if source.offset == 0 else FIRST_SHOWN

    def _builder(self, stream: Stream) -> BatchBuilder:
        zone = stream.log.match.get("zone")
        return BatchBuilder.of_mappings(stream, Zone(zone) if zone else self._zone)

    def knows(self, value: Mapping[str, Any]) -> bool:
        """Whether somebody describes an object's first record."""
        log, _ = next(self._descriptions.rows(value), (None, {}))
        return log is not None

    def add(self, record: int, offset: int, value: Mapping[str, Any], raw: bytes) -> Iterator[Batch]:
        """Adds the records of an object; gives the batches that became due."""
        for log, row in self._descriptions.rows(value):
            if log:
                row.update(self._collected)
            known = row if log else {"text": self._first(raw)}
            stream = self._plan.stream(log.name if log else self._unmapped)
            yield from self._builders.add(stream, record, offset, known, len(raw), raw)

    def _first(self, raw: bytes) -> str | None:
        if self._shown >= FIRST_SHOWN:
            return None
        self._shown += 1
        return raw.decode("utf-8", "backslashreplace").strip()[:_LONGEST_SHOWN]

    def rest(self) -> Iterator[Batch]:
        """All rows still held."""
        return self._builders.rest()
