"""Every sentence in the code and the templates has its Japanese, with the same facts in it."""

from __future__ import annotations

import ast
import string
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import extract_from_ast

import sakimori
from sakimori.response.report.write import environment

HOME = Path(sakimori.__file__).parent
SAYERS = {"say", "sentence", "t"}
CATALOGUES = sorted(e.name for e in files("sakimori.tongues.ja").iterdir() if e.name.endswith(".po"))


def catalogue(name: str) -> dict[str, str]:
    read = read_po(BytesIO(files("sakimori.tongues.ja").joinpath(name).read_bytes()))
    return {str(message.id): str(message.string) for message in read if message.id}


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Name(id="tongue")):
            return "say"
    return ""


def in_code() -> Iterator[tuple[str, str]]:
    for path in sorted(HOME.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and called(node) in SAYERS and node.args:
                for part in ast.walk(node.args[0]) if isinstance(node.args[0], ast.IfExp) else [node.args[0]]:
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, str(path.relative_to(HOME))


def in_templates() -> Iterator[tuple[str, str]]:
    folder = HOME / "response/report/templates"
    for path in sorted(folder.glob("*.html")):
        for _, _, said in extract_from_ast(environment().parse(path.read_text("utf-8")), ("t",)):
            for text in said if isinstance(said, tuple) else (said,):
                if text:
                    yield text, path.name


def test_every_sentence_has_its_japanese() -> None:
    known = {text for name in CATALOGUES for text, japanese in catalogue(name).items() if japanese}
    missing = {text: where for text, where in (*in_code(), *in_templates()) if text not in known}
    assert missing == {}


def test_there_are_sentences_to_check() -> None:
    assert len(set(in_code())) > 80
    assert len(set(in_templates())) > 80


@pytest.mark.parametrize("name", CATALOGUES)
def test_translations_hold_the_same_facts_and_none_is_empty(name: str) -> None:
    def facts(text: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}

    wrong = {
        text: japanese
        for text, japanese in catalogue(name).items()
        if not japanese or facts(text) != facts(japanese)
    }
    assert wrong == {}


def test_no_sentence_is_translated_in_two_ways() -> None:
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for name in CATALOGUES:
        for text, japanese in catalogue(name).items():
            ways[text].add(japanese)
    assert {text: sorted(found) for text, found in ways.items() if len(found) > 1} == {}


def test_the_reports_catalogue_holds_nothing_nobody_says() -> None:
    said = {text for text, _ in (*in_code(), *in_templates())}
    assert sorted(set(catalogue("report.po")) - said) == []
