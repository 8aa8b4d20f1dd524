"""Logs nobody described are counted and shown; a mapping file makes them logs like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.detection.sigma.engine import answers
from sakimori.errors import UsageError
from sakimori.evidence.generic import GenericCsv, GenericJson, GenericLines, known_logs
from sakimori.records.catalogue import Alias, Catalogue, catalogue
from sakimori.records.mapping import load_mapping
from tests.evidence.reading import asking, read

LINES, DOCUMENT, TABLE = GenericLines(), GenericJson(), GenericCsv()
VPN = """\
name: vpn
title: VPN gateway
recognise:
  fields: [when, user.name, remote]
time: when
zone: Asia/Tokyo
product: vpn
service: gateway
aliases:
  User: user.name
  From: "{site}/{remote}"
  Result: {column: outcome, values: {"0": failure, "1": success}}
subjects:
  account: user.name
  address: [remote]
identity: [session]
tables:
  sign_in: {account: user.name, source_address: remote, result: outcome, logon_type: "'vpn'"}
---
name: vpn_admin
recognise:
  fields: [when]
  values: {kind: [admin, 7, true]}
"""


@pytest.fixture
def mapped(tmp_path: Path) -> Catalogue:
    """The catalogue with the VPN's two logs."""
    file = tmp_path / "vpn.yml"
    file.write_text(VPN, encoding="utf-8")
    return known_logs([file])


def test_lines_without_a_mapping_are_counted_and_the_first_are_shown() -> None:
    data = b"".join(b'{"n": %d}\n' % n for n in range(30))
    rows, unread = read(LINES, data)
    assert unread == []
    assert [row["record"] for row in rows] == list(range(1, 31))
    assert [row.get("text") for row in rows][19:21] == ['{"n": 19}', None]
    assert {row["log"] for row in rows} == {"generic_json"}


def test_no_rule_speaks_of_a_log_without_a_mapping() -> None:
    for product in ("windows", "zeek", "linux", None):
        assert not [log for log in catalogue().of_family("generic") if answers(log, product, None, None)]


def test_a_document_and_a_table_are_counted_too() -> None:
    assert [r["log"] for r in read(DOCUMENT, b'[\n{"n": 1},\n{"n": 2}\n]')[0]] == ["generic_json"] * 2
    assert [r["log"] for r in read(TABLE, b"a,b,c\n1,2,3\n4,5,6\n")[0]] == ["generic_csv"] * 2


def test_what_is_no_record_is_unread() -> None:
    rows, unread = read(LINES, b'{"n": 1}\nplain text\n[1]\n\n{"n": 2}\n{"n"')
    assert len(rows) == 2
    assert [u.record for u in unread] == [2, 3, 6]
    assert unread[2].reason.startswith("last line ends early")


def test_a_mapping_becomes_a_log(mapped: Catalogue) -> None:
    log = mapped["mapping_vpn"]
    assert (log.product, log.service, log.title) == ("vpn", ("gateway",), "VPN gateway")
    assert log.time == ("when@local",)
    assert log.columns == ("when", "user.name", "remote", "session", "outcome", "site")
    assert log.aliases["From"] == Alias(template="{site}/{remote}")
    assert log.aliases["Result"] == Alias(column="outcome", values={"0": "failure", "1": "success"})
    assert log.tables["sign_in"]["logon_type"] == "'vpn'"
    assert log.tables["sign_in"]["account"] == '"user.name"'
    assert answers(log, "vpn", None, "gateway") and not answers(log, "vpn", None, "other")


def test_a_mapping_changes_the_fingerprint(mapped: Catalogue) -> None:
    assert known_logs().fingerprint == catalogue().fingerprint != mapped.fingerprint


def test_json_is_read_by_its_mapping_with_nested_names_and_its_zone(mapped: Catalogue) -> None:
    line = b'{"when": "2026-03-01 18:12:00", "user": {"name": "mori"}, "remote": "192.0.2.7", "tags": [1]}\n'
    (row,), unread = read(LINES, line, logs=mapped)
    assert unread == []
    assert row["log"] == "mapping_vpn"
    assert (row["user.name"], row["remote"]) == ("mori", "192.0.2.7")
    assert (row["clock"], row["clock_source"]) == (1_772_356_320_000_000, "when")


def test_csv_is_read_by_its_mapping(mapped: Catalogue) -> None:
    data = "when;user.name;remote;session\n2026-03-01 18:12:00;森;192.0.2.7;9\n".encode("cp932")
    (row,), _ = read(TABLE, data, logs=mapped)
    assert (row["log"], row["user.name"], row["session"]) == ("mapping_vpn", "森", "9")


def test_a_mapping_may_ask_for_values(mapped: Catalogue) -> None:
    kinds = ('"admin"', "7", "true", '"x"')
    data = "".join(f'{{"when": 1, "kind": {kind}}}\n' for kind in kinds)
    rows, _ = read(LINES, data.encode(), logs=mapped)
    assert [row["log"] for row in rows] == ["mapping_vpn_admin"] * 3 + ["generic_json"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("a: [", "is not YAML"),
        ("- a\n- b\n", "is a list of keys and values"),
        ("name: x\nrecognize: {}\n", "unknown key recognize"),
        ("name: X Y\nrecognise: {fields: [a]}\n", "name is missing or unusual"),
        ("name: x\n", "recognise.fields is missing"),
        ("name: x\nrecognise: {fields: [a], path: b}\n", "unknown key recognise.path"),
        ("name: x\nrecognise: {fields: [a]}\nzone: Mars/Base\n", "zone Mars/Base is not known"),
        ("name: x\nrecognise: {fields: [a]}\nsubjects: {person: a}\n", "unknown subject person"),
        ("name: x\nrecognise: {fields: [a]}\naliases: {A: [b]}\n", "aliases.A is unclear"),
        ("name: x\nrecognise: {fields: [a, A]}\n", "differ only in case"),
        ("name: x\nrecognise: {fields: [{b: c}]}\n", "fields is neither a text nor a list of texts"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "m.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        load_mapping(file)
    assert complaint in str(refused.value) and str(file) in str(refused.value)


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / "none.yml")


def test_yaml_that_would_run_something_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.yml"
    file.write_text("name: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is not YAML"):
        load_mapping(file)


def test_a_table_in_a_mapping_is_no_sql(tmp_path: Path) -> None:
    file = tmp_path / "m.yml"
    file.write_text(
        "name: x\nrecognise: {fields: [a]}\ntables: {script: {text: 'a\" ; drop', path: \"'it''s'\"}}\n"
    )
    (log,) = load_mapping(file)
    assert log.tables["script"]["text"] == '"a"" ; drop"'
    assert log.tables["script"]["path"] == "'it''''s'"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(noise: bytes) -> None:
    for reader, start in ((LINES, b'{"a": 1}\n'), (DOCUMENT, b'[{"a": 1},'), (TABLE, b"a,b,c\n1,2,3\n")):
        read(reader, start + noise)
        reader.claims(noise)


def test_rules_on_whole_records_get_the_text() -> None:
    (row,), _ = read(LINES, b'{"a": 1}\n', asking(raw=True))
    assert row["raw"] == b'{"a": 1}\n'
