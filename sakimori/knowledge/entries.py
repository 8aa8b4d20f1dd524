"""What a record of the knowledge base may say: the schema of the files in `known/`.

Every record names its publications, and each publication its address, its date and whether it was read.
Nothing here says who is behind an incident of yours: it says what others have published about theirs.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Day = Annotated[str, Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]  # as exact as its source: year, month or day
Claim = Annotated[str, Meta(pattern=r"^A\d{2}$")]  # a claim of the article, see `article` in known/
Versioned = Annotated[str, Meta(pattern=r"^[TGSC]\d{4}(\.\d{3})?@\d+(\.\d+)?$")]  # ATT&CK id and its version
Address = Annotated[str, Meta(pattern=r"^https://")]
Standing = Literal["seen", "recalled", "disputed"]
Relation = Literal["same", "former", "renamed", "overlaps", "subset", "umbrella", "disputed"]
Fault = Literal["wrong", "overstated", "incomplete", "disputed", "estimate", "unclear", "agrees"]


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen record that refuses keys nobody described."""


class Words(Strict, frozen=True, kw_only=True):
    """The same sentence in both tongues."""

    en: Annotated[str, Meta(min_length=1)]
    ja: Annotated[str, Meta(min_length=1)]

    def of(self, lang: str) -> str:
        """The sentence in a tongue, `en` or `ja`."""
        return self.ja if lang == "ja" else self.en


class Publication(Strict, frozen=True, kw_only=True):
    """Where something is said. `read` is `seen` where the page or a faithful copy was read."""

    id: Id
    title: str
    by: str
    url: Address
    published: Day
    read: Literal["seen", "recalled"]


class Correction(Strict, frozen=True, kw_only=True):
    """What the public record says of a claim of the article, and who says so."""

    claim: Claim
    fault: Fault
    text: Words
    source: Id


class Entry(Strict, frozen=True, kw_only=True):
    """What every record has in common."""

    id: Id
    title: Words
    text: Words
    sources: Annotated[tuple[Id, ...], Meta(min_length=1)]
    standing: Standing
    clusters: tuple[Id, ...] = ()
    attack: tuple[Versioned, ...] = ()
    claims: tuple[Claim, ...] = ()
    corrections: tuple[Correction, ...] = ()
    conflicts: tuple[Words, ...] = ()
    also: tuple[str, ...] = ()  # other spellings under which a reader may look for it


class Cluster(Entry, frozen=True, kw_only=True):
    """Activity that researchers follow under one name; `inside` says how it stands to the umbrella name."""

    inside: Literal["umbrella", "inside", "neighbour", "disputed"]
    missions: Annotated[tuple[Id, ...], Meta(min_length=1)]
    sectors: Annotated[tuple[Id, ...], Meta(min_length=1)]
    regions: tuple[Id, ...] = ()
    group: Versioned | None = None


class Name(Strict, frozen=True, kw_only=True):
    """That somebody calls something by a name, and how far that is the cluster.

    Read it as a sentence: `name` is the same as, is a former name of, is the new name of, overlaps, is a
    part of, covers more than, or is disputed for `cluster`. Relations are never chained.
    """

    name: Annotated[str, Meta(min_length=2)]
    by: str
    relation: Relation
    cluster: Id
    source: Id
    standing: Standing
    since: Day | None = None
    until: Day | None = None
    note: Words | None = None


class Under(Strict, frozen=True, kw_only=True):
    """To what an organisation or cluster is said to belong, and from when until when."""

    id: Id
    source: Id
    standing: Standing
    since: Day | None = None
    until: Day | None = None


class Organisation(Entry, frozen=True, kw_only=True):
    """A part of the state, a company, a school or a person, as the cited source describes it."""

    sort: Literal["state", "service", "bureau", "laboratory", "company", "school", "person"]
    under: tuple[Under, ...] = ()


class Loss(Strict, frozen=True, kw_only=True):
    """An amount in US dollars (low to high) as one source gives it."""

    what: Literal["stolen", "attempted", "recovered", "damage", "cost", "ransom", "earned"]
    low: Annotated[int, Meta(ge=0)]
    high: Annotated[int, Meta(ge=0)]
    source: Id
    standing: Standing
    note: Words | None = None


class Operation(Entry, frozen=True, kw_only=True):
    """Something that was done to somebody, between two days, with amounts per source."""

    began: Day
    ended: Day | None = None
    outcome: Literal["done", "attempted", "disputed", "going on"]
    losses: tuple[Loss, ...] = ()
    sectors: tuple[Id, ...] = ()
    regions: tuple[Id, ...] = ()
    vectors: tuple[Id, ...] = ()
    families: tuple[Id, ...] = ()
    campaign: Versioned | None = None


class Family(Entry, frozen=True, kw_only=True):
    """Software; `clusters` are those reported to use it, which are often several."""

    sort: Literal[
        "backdoor", "loader", "downloader", "stealer", "wiper", "ransomware", "worm", "rootkit", "proxy",
        "keylogger", "payment", "lure", "public tool",
    ]  # fmt: skip
    platforms: tuple[Literal["windows", "linux", "macos", "aix", "any"], ...]
    software: Versioned | None = None


class Vector(Entry, frozen=True, kw_only=True):
    """A way in."""


class Stage(Entry, frozen=True, kw_only=True):
    """A step of the published chain; `stage` is the stage of `stages.toml` that it is seen as."""

    order: int
    stage: str


class Served(Strict, frozen=True, kw_only=True):
    """What of this product serves a measure; `not yet` with what is missing as `name`."""

    how: Literal["behaviour", "rule", "command", "document", "not yet"]
    name: str


class Measure(Entry, frozen=True, kw_only=True):
    """What a victim can do, and what of it this product helps to check."""

    served: Annotated[tuple[Served, ...], Meta(min_length=1)]


class Shape(Entry, frozen=True, kw_only=True):
    """How something looks in records; `seen_in` names log and field, `ordinary` the work that looks alike."""

    example: str
    seen_in: str
    specificity: Literal["low", "medium", "high"]
    ordinary: Words
    served: Annotated[tuple[Served, ...], Meta(min_length=1)]


class Flag(Entry, frozen=True, kw_only=True):
    """A sign that is worth a question, never a proof; `ordinary` says how honest people show it too."""

    about: Literal["candidate", "offer", "partner"]
    ordinary: Words


class Account(Entry, frozen=True, kw_only=True):
    """What a person who left the country has said: context, not evidence."""

    left: Day | None = None
    told: Day


class Context(Entry, frozen=True, kw_only=True):
    """History, missions and structure; and what the article says about itself."""

    sort: Literal["mission", "history", "structure", "total", "article"]
    losses: tuple[Loss, ...] = ()
