"""How published operations went on once they were in: `courses.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from sakimori.errors import CatalogueError
from sakimori.knowledge.entries import Id, Operation, Standing, Strict
from sakimori.knowledge.known import known
from sakimori.knowledge.stages import stage_map

Technique = Annotated[str, Meta(pattern=r"^T\d{4}(\.\d{3})?$")]  # of ATT&CK 18.1


class Step(Strict, frozen=True, kw_only=True):
    """One thing that was done, and the stage as which a victim sees it."""

    stage: str
    en: Annotated[str, Meta(min_length=1)]
    ja: Annotated[str, Meta(min_length=1)]
    attack: Annotated[tuple[Technique, ...], Meta(min_length=1)]
    standing: Standing = "seen"

    def of(self, lang: str) -> str:
        """The sentence in a tongue, `en` or `ja`."""
        return self.ja if lang == "ja" else self.en


class Course(Strict, frozen=True, kw_only=True):
    """The steps of one operation in their order, as its publication tells them."""

    operation: Id
    source: Id
    standing: Standing
    steps: Annotated[tuple[Step, ...], Meta(min_length=2)]


@cache
def courses() -> Mapping[str, Course]:
    """Operation id -> its course, where one is published.

    Raises CatalogueError where one breaks the schema or names what is not there.
    """
    return of_text(files("sakimori.knowledge").joinpath("courses.toml").read_text("utf-8"))


def of_text(text: str) -> dict[str, Course]:
    """The courses of a TOML text, by operation.

    Raises CatalogueError.
    """
    try:
        found = msgspec.convert(tomllib.loads(text).get("course", []), tuple[Course, ...])
    except msgspec.ValidationError as error:
        raise CatalogueError(f"courses.toml: {error}") from error
    operations = {one.id for one in known().of(Operation)}
    for one in found:
        strange = [step.stage for step in one.steps if step.stage not in stage_map().order]
        if one.operation not in operations or one.source not in known().publications or strange:
            raise CatalogueError(f"courses.toml: {one.operation} names what is not there")
    return {one.operation: one for one in found}
