"""Lists of software: package URLs, hostile input, places, and what is no list."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.software.package import of_purl, purl
from sakimori.evidence.software.readers import SOFTWARE
from tests.evidence.reading import Rows, read, source

XML, JSON, TEXT = SOFTWARE
LOCK = b'{"lockfileVersion": 3, "packages": {"": {}, "node_modules/axios": {"version": "1.14.1"}}}'
YARN = b'# yarn lockfile v1\n\n\naxios@^1.14.0:\n  version "1.14.1"\n  resolved "x"\n'
BOM = (
    b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>'
    b"<component><name>axios</name><version>1.14.1</version></component></components></bom>"
)


def named(rows: Rows) -> list[tuple[str, str | None]]:
    return [(row["name"], row.get("version")) for row in rows]


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "expected"),
    [
        ("npm", "@scope/name", "1.0.0", "pkg:npm/%40scope/name@1.0.0"),
        ("pypi", "Django_Rest.Framework", "1", "pkg:pypi/django-rest-framework@1"),
        ("go", "github.com/Example/x", "v1.0.0+a", "pkg:golang/github.com/example/x@v1.0.0%2Ba"),
        ("composer", "Monolog/Monolog", None, "pkg:composer/monolog/monolog"),
        ("deb", "curl", "7", None),
        (None, "curl", "7", None),
    ],
)  # fmt: skip
def test_a_package_url_is_built_as_its_type_says(
    ecosystem: str | None, name: str, version: str | None, expected: str | None
) -> None:
    assert purl(ecosystem, name, version) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkg:npm/%40scope/name@1.0.0?x=y#z", ("npm", "@scope/name", "1.0.0")),
        ("pkg:deb/debian/curl@7.50.3-1?arch=i386", ("deb", "curl", "7.50.3-1")),
        ("pkg:golang/github.com/example/x", ("go", "github.com/example/x", None)),
        ("https://example.com/", None),
        ("pkg:npm/", None),
    ],
)
def test_a_package_url_is_read_back(text: str, expected: tuple[str, str, str | None] | None) -> None:
    assert of_purl(text) == expected


def test_a_record_leads_back_to_its_line_or_entry() -> None:
    for reader, data, shown in (
        (JSON, LOCK, '"1.14.1"'),
        (TEXT, YARN, 'version "1.14.1"'),
        (XML, BOM, "axios"),
    ):
        (row,), _ = read(reader, data)
        assert shown in (reader.record(source(data), row["record"], row["offset"]) or "")
        assert b"axios" in data[row["offset"] :]


def test_a_lock_file_that_ends_early_says_so_or_gives_what_is_there() -> None:
    assert [u.record for u in read(JSON, LOCK[:-20])[1]] == [1]
    assert named(read(TEXT, YARN + b"form-data@^4.0.0:\n  vers")[0]) == [("axios", "1.14.1")]
    rows, unread = read(XML, BOM[:-15])
    assert (named(rows), len(unread)) == ([("axios", "1.14.1")], 1)


def test_declarations_in_xml_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + BOM
    assert XML.claims(bomb)
    rows, unread = read(XML, bomb)
    assert (rows, len(unread)) == ([], 1)


def test_nesting_without_end_is_unread() -> None:
    deep = BOM[: BOM.index(b"<component>")] + b"<component><components>" * 500
    assert len(read(XML, deep)[1]) == 1
    assert len(read(JSON, LOCK[:-2] + b', "a": ' + b"[" * 5000)[1]) == 1


def test_a_package_named_twice_in_a_file_counts_once() -> None:
    twice = b"lockfileVersion: '9.0'\n\npackages:\n\n  axios@1.14.1:\n    x: 1\n\n"
    twice += b"snapshots:\n\n  axios@1.14.1: {}\n"
    assert named(read(TEXT, twice)[0]) == [("axios", "1.14.1")]


def test_the_place_says_whose_a_list_is() -> None:
    of = replace(
        source(YARN), path="Collection-mac01-2026-04-01T09_12_00Z.zip!uploads/auto/Users/mei/shop/yarn.lock"
    )
    (row,), _ = read(TEXT, of)
    assert (row["host"], row["account"], row["path"]) == ("mac01", "mei", "/Users/mei/shop/yarn.lock")


@pytest.mark.parametrize(
    "data",
    [
        b'{"name": "mori", "version": "1"}\n{"name": "mei", "version": "2"}\n',
        b'[{"name": "mori", "version": "1", "host": "ws01"}]',
        b"requests\nidna\n",
        b"we need axios==1.0 here, and more\n",
        b"a.b-1.0-1.x86_64\n",
        b"name 1.0\nother 2.0\n",
        b"Package: none\nVersion: 1\n",
        b'<bom><components/></bom>',
        b"[[package]]\nname = 'x'\n",
    ],
)  # fmt: skip
def test_what_only_resembles_a_list_is_claimed_by_none(data: bytes) -> None:
    assert [reader.name for reader in SOFTWARE if reader.claims(data)] == []


STARTS = {
    JSON: (LOCK[:60], b'[{"name": "a", "version": "1"},', b'{"bomFormat": "CycloneDX", "components": ['),
    TEXT: (YARN, b"lockfileVersion: '6.0'\npackages:\n", b"GEM\n  remote: x\n", b"a==1\n"),
    XML: (BOM[:70],),
}


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(noise: bytes) -> None:
    for reader, starts in STARTS.items():
        for start in starts:
            read(reader, start + noise)
            reader.record(source(start + noise), 1, 0)
        reader.claims(noise)


KEYS = st.sampled_from(
    [
        *("packages", "dependencies", "name", "version", "components", "artifacts", "Results", "Packages"),
        *("formulae", "casks", "installed", "Sources", "default", "purl", "hashes", "Name", "x"),
    ]
)
PLAIN = st.none() | st.integers(-9, 9) | st.text(max_size=5)
SHAPES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)
HEADS = (
    {"lockfileVersion": 3},
    {"bomFormat": "CycloneDX"},
    {"spdxVersion": "SPDX-2.3"},
    {"pipfile-spec": 6},
    {"SchemaVersion": 2, "ArtifactName": "a"},
)


@settings(deadline=None)
@given(st.dictionaries(KEYS, SHAPES, max_size=5))
def test_no_shape_of_json_raises(shape: dict[str, object]) -> None:
    for head in HEADS:
        read(JSON, orjson.dumps({**head, **shape}))
