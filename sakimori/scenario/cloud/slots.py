"""Words of records: `{repo}`, `{colleague}` and the like, filled from the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from sakimori.errors import CatalogueError
from sakimori.scenario.cloud.people import Worker
from sakimori.scenario.data import toml
from sakimori.scenario.data import words as list_of

# One message, one tunnel, that several records speak of.
_SHARED = {"note": "{hex16}", "title": "{topic} {n2}", "tunnel_number": "{n6}{n3}"}
_NEXT = {"repo_next": "repositories", "secret_next": "secrets"}  # one after another
_APPS = ("outlook", "teams", "sharepoint", "graph", "office")
_GIT = (
    "status",
    "pull --rebase",
    "fetch --all",
    "log --oneline",
    "diff",
    "push origin HEAD",
    "checkout -b fix-12",
)


class Slots(Mapping[str, str]):
    """What a template may ask for; `bound` wins. Raises CatalogueError for anything else."""

    def __init__(self, rng: Random, who: Worker, staff: list[Worker], bound: Mapping[str, str]) -> None:
        self._rng, self._who, self._staff, self._bound = rng, who, staff, bound
        self._kept: dict[str, str] = {}
        self.number = 0  # of the record, where one entry is repeated

    def __getitem__(self, name: str) -> str:
        if name in _NEXT:
            many: list[str] = toml("cloud.toml")["words"][_NEXT[name]]
            return many[self.number % len(many)]
        if name in self._bound:
            return self._bound[name]
        if name in _SHARED:
            if name not in self._kept:
                self._kept[name] = _SHARED[name].format_map(self)
            return self._kept[name]
        if name.startswith("hex") and name[3:].isdigit():
            return self._hex(int(name[3:]))
        if name in _NAMED:
            return _NAMED[name](self._who)
        if name in _DRAWN:
            return _DRAWN[name](self._rng, self._staff)
        raise CatalogueError(f"scenario data: nothing fills the word {{{name}}} of a record")

    def _hex(self, digits: int) -> str:
        return f"{self._rng.getrandbits(4 * digits):0{digits}x}"

    def __iter__(self) -> Iterator[str]:
        return iter({**_NAMED, **_DRAWN, **self._bound})

    def __len__(self) -> int:
        return len({**_NAMED, **_DRAWN, **self._bound})


def _one(group: str) -> Callable[[Random, list[Worker]], str]:
    many: list[str] = toml("cloud.toml")["words"][group]
    return lambda rng, staff: many[int(rng.random() ** 1.5 * len(many))]


def _number(digits: int) -> Callable[[Random, list[Worker]], str]:
    low = 10 ** (digits - 1)
    return lambda rng, staff: str(low + int(rng.random() * 9 * low))


def _document(rng: Random, staff: list[Worker]) -> str:
    return f"{_one('topics')(rng, staff)}-{int(rng.random() ** 3 * 60)}.{_one('endings')(rng, staff)}"


_NAMED: dict[str, Callable[[Worker], str]] = {
    "upn": lambda who: who.upn,
    "name": lambda who: who.name,
    "login": lambda who: who.person.account.name,
    "github": lambda who: who.github,
    "home": lambda who: f"/Users/{who.person.account.name}",
}
_DRAWN: dict[str, Callable[[Random, list[Worker]], str]] = {
    "doc": _document,
    "topic": _one("topics"),
    "team": _one("sites"),
    "partner": _one("partners"),
    "giver": _one("givers"),
    "repo": _one("repositories"),
    "secret": _one("secrets"),
    "bucket": _one("buckets"),
    "instance": _one("instances"),
    "n1": _number(1),
    "n2": _number(2),
    "n3": _number(3),
    "n4": _number(4),
    "n6": _number(6),
    "few": lambda rng, staff: str(int(rng.random() ** 3 * 4)),
    "mx": lambda rng, staff: f"203.0.113.{60 + int(rng.random() * 20)}",
    "app": lambda rng, staff: _APPS[int(rng.random() * len(_APPS))],
    "gitverb": lambda rng, staff: _GIT[int(rng.random() * len(_GIT))],
    "pkg": lambda rng, staff: list_of("packages")[int(rng.random() * len(list_of("packages")))],
    "colleague": lambda rng, staff: staff[int(rng.random() * len(staff))].upn,
}
