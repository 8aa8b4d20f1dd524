"""The device tables of Defender advanced hunting that the scenario exports, with their columns in order."""

from __future__ import annotations

from sakimori.scenario.data import toml

_DATA = toml("defender.toml")
INITIATING: tuple[str, ...] = tuple(_DATA["initiating"].split())
OWN: dict[str, tuple[str, ...]] = {table: tuple(names.split()) for table, names in _DATA["own"].items()}
TABLES = {
    table: (*_DATA["head"].split(), *own, *INITIATING, *_DATA["tail"].split()) for table, own in OWN.items()
}
