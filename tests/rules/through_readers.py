"""Which logs a rule speaks on: its speaking cases, as each log writes them, go through our readers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sakimori.detection.sigma import Engine
from sakimori.detection.sigma.engine import answers
from sakimori.detection.sigma.pack import pack_of
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import reader_of
from sakimori.records.batch import Batch
from sakimori.records.catalogue import Log, catalogue
from tests.evidence.reading import source
from tests.rules.recorded import line

PACKS = Path(__file__).resolve().parents[2] / "rules"
FILES = {file.stem: file for file in sorted(PACKS.glob("*/*.yml")) if not file.name.endswith(".cases.yml")}


@cache
def rules() -> dict[str, dict[str, Any]]:
    """Every rule of ours by the name of its file."""
    return {name: yaml.safe_load(file.read_text(encoding="utf-8")) for name, file in FILES.items()}


@cache
def cases(name: str) -> dict[str, list[dict[str, Any]]]:
    """A rule's cases: `speaks` and `silent`."""
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        FILES[name].with_suffix(".cases.yml").read_text(encoding="utf-8")
    )
    return found


@cache
def engine() -> Engine:
    """Our rules over the catalogue that ships."""
    return Engine(pack_of([rule for rule in rules().values() if "detection" in rule]), catalogue())


@cache
def spoke() -> dict[str, dict[int, frozenset[str]]]:
    """For each rule and each of its speaking cases: the logs in whose own format the rule speaks."""
    found: dict[str, dict[int, set[str]]] = {
        name: {at: set() for at, _ in enumerate(cases(name)["speaks"])} for name in rules()
    }
    for log, asked in _asked().items():
        for name, at in asked:
            text = line(catalogue()[log], cases(name)["speaks"][at])
            if text is not None:
                found[name][at] |= {on for on, ids in judged(text, log) if rules()[name]["id"] in ids}
    return {name: {at: frozenset(on) for at, on in logs.items()} for name, logs in found.items()}


def _asked() -> dict[str, list[tuple[str, int]]]:
    return {
        log.name: [
            (name, at)
            for name in rules()
            if _answers(log, name)
            for at, _ in enumerate(cases(name)["speaks"])
        ]
        for log in catalogue().logs.values()
    }


def _answers(log: Log, name: str) -> bool:
    asked = rules()[name].get("logsource", {})
    return answers(log, asked.get("product"), asked.get("category"), asked.get("service"))


def judged(text: str, path: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each record's log and the ids of our rules that speak on it, as a hunt would have it."""
    data = source((text + "\n").encode())
    reader = reader_of(data.head, READERS, path)
    if reader is None:
        return
    for batch in reader.read(data, engine().plan()):
        if not isinstance(batch, Batch):
            continue
        fired = engine().look(batch)
        for ids in fired.column("rules").to_pylist() if fired is not None else ():
            yield batch.stream.log.name, frozenset(ids)
