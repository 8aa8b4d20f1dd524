"""Families of logs told by their content: which record is whose, and how records come wrapped.

In a family's TOML file, beside its logs:

    [about]                         # for docs/evidence.md
    title = "Okta System Log"
    source = "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/"
    export = "Reports > System Log, or the API /api/v1/logs"
    sees = "sign-ins, enrolled factors, changes by administrators"
    trap = "the API keeps 90 days"
    [[recognise]]                   # any of these: all fields there, and all values held
    fields = ["eventType", "published"]
    values = { version = ["0"] }
    [[wrapping]]                    # another shape of the same records
    fields = ["CreationDate", "AuditData"]
    inside = "AuditData"
    [whole]                         # objects that are kept as JSON text besides their own fields
    columns = ["requestParameters"]
    [joined]                        # texts made of lists of words: arguments become a command line
    "event.exec.command_line" = "event.exec.args"    # "execution.args@base64" where the words are coded

A column `collected.host`, `collected.account` or `collected.path` is filled from where the file lay
(`evidence/collected.py`): for logs that do not say whose they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sakimori.errors import CatalogueError
from sakimori.records.encoding import text_of


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a record must be like: `fields` it has, under dotted names, and one of the `values` of each name.

    A value that ends in `*` stands for all texts that begin so.
    """

    fields: frozenset[str] = frozenset()
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beginnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Recognition:
        """The recognition of `{"fields": [...], "values": {name: [...]}}`; other keys are not looked at."""
        values = {name: tuple(map(str, given)) for name, given in data.get("values", {}).items()}
        return cls(
            frozenset((*data.get("fields", ()), *values)),
            {name: frozenset(v for v in given if not v.endswith("*")) for name, given in values.items()},
            {name: tuple(v[:-1] for v in given if v.endswith("*")) for name, given in values.items()},
        )

    @property
    def weight(self) -> tuple[int, int]:
        """How much it asks for; who asks for more is asked first."""
        return len(self.values), len(self.fields)

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Whether a record, flat, is like this."""
        return self.fields <= row.keys() and self.holds(row)

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a record that has the fields has the values."""
        for name, values in self.values.items():
            text = text_of(row[name]) or ""
            if text not in values and not text.startswith(self.beginnings[name]):
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """How records come in another shape. What is done, in the order of the fields below.

    `camel` writes names as interfaces do that PowerShell's objects write with a capital, at any depth:
    `IPAddress` is `ipAddress`. `rename` maps a heading to the log's own name. `nested` are columns whose JSON
    text stands for the object or list it spells, as in CSV exports of nested records. `inside` are columns
    with JSON text or an object whose fields are the record's own; fields of the same name outside give way.
    `each` is a list of which every object is a record, under the list's name; the fields beside the list
    belong to each. `lists` are several such lists in one answer: their objects are the records, each with its
    list's name under `list`, and what stands beside the lists is left out.
    """

    when: Recognition
    camel: bool = False
    rename: Mapping[str, str] = field(default_factory=dict)
    nested: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    each: str | None = None
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The logs of one product whose records are told by their content. `about` is for people.

    `joined` are columns whose text is a list's words with blanks between them: {column: column of the list}.
    `whole` are objects on a record's first level that rules search as text, too.
    """

    name: str
    recognise: tuple[Recognition, ...]
    wrappings: tuple[Wrapping, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    whole: tuple[str, ...] = ()


ABOUT = ("title", "source", "export", "sees", "trap")


def family_of(file: str, data: Mapping[str, Any]) -> Family:
    """The family a catalogue file describes.

    Raises CatalogueError where it says something without meaning.
    """
    about = data.get("about", {})
    if strange := set(about) - set(ABOUT):
        raise CatalogueError(f"{file}: [about] has unknown keys {sorted(strange)}; known are {ABOUT}")
    return Family(
        name=data["family"],
        recognise=tuple(map(Recognition.of, data.get("recognise", ()))),
        wrappings=tuple(_wrapping(file, entry) for entry in data.get("wrapping", ())),
        about=about,
        joined=data.get("joined", {}),
        whole=tuple(data.get("whole", {}).get("columns", ())),
    )


def _wrapping(file: str, data: Mapping[str, Any]) -> Wrapping:
    if strange := set(data) - {"fields", "values", "camel", "rename", "nested", "inside", "each", "lists"}:
        raise CatalogueError(f"{file}: [[wrapping]] has unknown keys {sorted(strange)}")
    inside = data.get("inside", ())
    return Wrapping(
        when=Recognition.of(data),
        camel=data.get("camel", False),
        rename=data.get("rename", {}),
        nested=tuple(data.get("nested", ())),
        inside=(inside,) if isinstance(inside, str) else tuple(inside),
        each=data.get("each"),
        lists=tuple(data.get("lists", ())),
    )
