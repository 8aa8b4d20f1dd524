"""The pages on the knowledge base say what it holds and what a record is."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

from tests.docs.knowledge_page import PAGE, page

ADDING = Path(__file__).resolve().parents[2] / "docs" / "adding-a-knowledge-record.md"


def shown() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", ADDING.read_text(encoding="utf-8"), re.DOTALL)


def in_file(file: str) -> str:
    return files("sakimori.knowledge").joinpath("known", file).read_text("utf-8")


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.knowledge_page"


def test_the_record_on_the_page_is_the_record_in_the_base() -> None:
    record, publication, name = shown()
    assert record.strip() in in_file("operations.toml")
    assert publication.strip() in in_file("publications.toml")
    assert name.strip() in in_file("names.toml")


def test_what_is_shown_is_toml() -> None:
    assert [list(tomllib.loads(text)) for text in shown()] == [["operation"], ["publication"], ["name"]]
