"""Each format gives what it holds with who says so, and says why it leaves the rest; no bytes raise."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.detection.indicators.importing import FORMATS, Import, imported
from sakimori.detection.indicators.indicator import HACKED, SYNTHETIC, Indicator, Source
from sakimori.detection.indicators.making import Told
from sakimori.detection.indicators.reading_stix import values

SHA256 = "ab" * 32
TOLD = Told(tags=(SYNTHETIC,))


def read(text: str | bytes, told: Told = TOLD, **more: object) -> Import:
    data = text.encode() if isinstance(text, str) else text
    return imported(data, told, name="list", when="2026-03-01T00:00:00+00:00", by="mei", **more)  # type: ignore[arg-type]


def pairs(done: Import) -> list[tuple[str, str]]:
    return [(one.type, one.value) for one in done.indicators]


def reasons(done: Import) -> list[tuple[str, str]]:
    return [(one.where, one.reason) for one in done.refused]


# Written from https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html, 4.7 Indicator.
def stix(*patterns: str, **more: object) -> str:
    author = {"type": "identity", "id": "identity--1", "name": "CERT Example"}
    group = {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Example Group"}
    says = {"type": "relationship", "relationship_type": "indicates", "source_ref": "indicator--0",
            "target_ref": "intrusion-set--1"}  # fmt: skip
    made = [
        {"type": "indicator", "id": f"indicator--{n}", "spec_version": "2.1", "pattern": pattern,
         "pattern_type": "stix", "valid_from": "2026-02-01T00:00:00Z", "valid_until": "2026-08-01T00:00:00Z",
         "confidence": 85, "created_by_ref": "identity--1", **more}
        for n, pattern in enumerate(patterns)
    ]  # fmt: skip
    return json.dumps({"type": "bundle", "id": "bundle--1", "objects": [author, group, says, *made]})


def test_a_stix_bundle_gives_its_plain_comparisons() -> None:
    done = read(
        stix(
            "[domain-name:value = 'c2.example.com']",
            f"[file:hashes.'SHA-256' = '{SHA256.upper()}' OR file:name = 'evil_loader.exe']",
            "[ipv4-addr:value = '203.0.113.7'] OR [url:value = 'http://c2.example.com/a.php']",
            "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.7'"
            " AND network-traffic:dst_port = 8443]",
            r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Software\\Bad\\Key']",
        )
    )
    assert (done.format, done.refused) == ("stix", ())
    assert pairs(done) == [
        ("domain", "c2.example.com"),
        ("hash", SHA256),
        ("file_name", "evil_loader.exe"),
        ("address", "203.0.113.7"),
        ("url", "http://c2.example.com/a.php"),
        ("address_port", "203.0.113.7:8443"),
        ("registry_key", r"hklm\software\bad\key"),
    ]
    assert done.indicators[0] == Indicator(
        type="domain",
        value="c2.example.com",
        first_seen="2026-02-01",
        expires="2026-08-01",
        sources=(Source("CERT Example"),),
        confidence="high",
        tags=(SYNTHETIC,),
        said_by="CERT Example: Example Group",
        origin=done.sha256[:16],
    )


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[domain-name:value LIKE 'c2%']", "it compares otherwise than with ="),
        (
            "[domain-name:value = 'a.example.com'] FOLLOWEDBY [url:value = 'x']",
            "only OR of plain comparisons",
        ),
        ("[file:name = 'a.exe' AND file:size = 7]", "only an address with its port is read"),
        ("[user-account:user_id = 'mei']", "user-account:user_id is nothing that is looked for"),
        ("[domain-name:value = 'a.example.com'] WITHIN 5 SECONDS", "only OR of plain comparisons"),
        ("", "it has no pattern"),
    ],
)
def test_any_other_pattern_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    (refused,) = read(stix(pattern)).refused
    assert reason in refused.reason


def test_what_its_author_took_back_is_not_taken() -> None:
    done = read(stix("[domain-name:value = 'c2.example.com']", revoked=True))
    assert (done.indicators, reasons(done)) == ((), [("indicator--0", "its author took it back")])


# Written from https://www.misp-standard.org/rfc/misp-standard-core.html
def misp(*attributes: dict[str, object]) -> str:
    made = [{"uuid": f"u{n}", "to_ids": True, **attribute} for n, attribute in enumerate(attributes)]
    tag = {"name": 'misp-galaxy:threat-actor="Example Group"'}
    event = {"date": "2026-02-01", "Orgc": {"name": "CERT Example"}, "Tag": [tag], "Attribute": made[:2]}
    return json.dumps({"Event": {**event, "Object": [{"name": "file", "Attribute": made[2:]}]}})


def test_a_misp_event_gives_what_is_meant_for_detection() -> None:
    done = read(
        misp(
            {"type": "ip-dst|port", "value": "203.0.113.7|443"},
            {"type": "domain", "value": "shop.example.com", "comment": "compromised site"},
            {
                "type": "filename|sha256",
                "value": f"a.exe|{SHA256}",
                "first_seen": "2026-01-05T00:00:00+00:00",
            },
            {"type": "link", "value": "https://cert.example.org/"},
            {"type": "domain", "value": "x.example.com", "to_ids": False},
        )
    )
    assert done.format == "misp"
    assert pairs(done) == [
        ("address_port", "203.0.113.7:443"),
        ("domain", "shop.example.com"),
        ("hash", SHA256),
    ]
    assert [one.first_seen for one in done.indicators] == ["2026-02-01", "2026-02-01", "2026-01-05"]
    assert HACKED in done.indicators[1].tags
    assert done.indicators[0].said_by == "CERT Example: Example Group"
    assert reasons(done) == [
        ("attribute u3", "link is no type that is looked for"),
        ("attribute u4", "its author does not mean it for detection"),
    ]


def test_a_csv_is_understood_by_its_headings_and_says_how() -> None:
    done = read(
        "type,value,cluster,source,first_published,report_url,source_licence,note\n"
        "md5,"
        + "cd"
        * 16
        + ",Group A,CERT|Vendor,2026-02-01,https://cert.example.org/1|https://v.example.org/2,MIT,\n"
        "ip:port,203.0.113.7:443,,CERT,,,CC0-1.0,hacked\n"
        "npm_package,left-pad,,CERT,,,,\n"
    )
    assert done.mapping == {
        "value": "value", "type": "type", "first_published": "first_seen", "source": "source",
        "report_url": "url",
        "source_licence": "licence", "note": "tags", "cluster": "said_by",
    }  # fmt: skip
    first, second = done.indicators
    assert first.sources == (
        Source("CERT", "https://cert.example.org/1"),
        Source("Vendor", "https://v.example.org/2"),
    )
    assert (first.said_by, first.licence, first.first_seen) == ("CERT|Vendor: Group A", "MIT", "2026-02-01")
    assert (second.type, HACKED in second.tags) == ("address_port", True)
    assert reasons(done) == [("line 4", "npm_package is no type that is looked for")]


def test_a_csv_of_hashes_needs_no_type() -> None:
    done = read(f"MD5;SHA256;Comment\n{'cd' * 16};{SHA256};x\n")
    assert pairs(done) == [("hash", "cd" * 16), ("hash", SHA256)]


# Written from the form of https://github.com/stamparm/maltrail/blob/master/trails/static/malware/
def test_a_list_of_lines_takes_its_references_as_sources() -> None:
    done = read(
        "# Copyright (c) of nobody\n\n# Reference: https://cert.example.org/1\n# Reference: https://v.example.org/2\n\n"
        "c2.example.com\n203.0.113.7:8443\n/board/icon/list.php\n\n"
        "# Reference: https://w.example.org/3\nshop.example.com # hacked 2026-01-05\n"
    )
    assert done.format == "lines"
    assert pairs(done) == [
        ("domain", "c2.example.com"),
        ("address_port", "203.0.113.7:8443"),
        ("url_path", "/board/icon/list.php"),
        ("domain", "shop.example.com"),
    ]
    assert [one.url for one in done.indicators[3].sources] == ["https://w.example.org/3"]
    assert (done.indicators[3].first_seen, HACKED in done.indicators[3].tags) == ("2026-01-05", True)


MAIL = """The police asked us to look for these. Details: https://police.example.org/2026/17
  hxxps://update[.]example[.]com/board/load.php
  203.0.113[.]7:8443、 (jobs[.]example[.]net) and c3 [dot] example [dot] com,
  SHA-256: {hash}. Range 198.51.100.0[/]24
Write to desk[at]police[.]example if you see cmd.exe or report.pdf."""


def test_a_mail_gives_what_it_names_defanged() -> None:
    done = read(MAIL.format(hash=SHA256.upper()), format="prose")
    assert pairs(done) == [
        ("url", "https://update.example.com/board/load.php"),
        ("address_port", "203.0.113.7:8443"),
        ("domain", "jobs.example.net"),
        ("domain", "c3.example.com"),
        ("hash", SHA256),
        ("address", "198.51.100.0/24"),
    ]
    assert [one.reason for one in done.refused] == [
        "it is written plainly beside defanged ones: taken for a reference",
        "it is defanged, and nobody can tell what it is",
    ]


def test_plain_values_are_taken_where_nothing_is_defanged() -> None:
    assert pairs(read("We saw c2.example.com and 203.0.113.7.", format="prose")) == [
        ("domain", "c2.example.com"),
        ("address", "203.0.113.7"),
    ]


@pytest.mark.parametrize("format", ["", *FORMATS])
@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(format: str, data: bytes) -> None:
    read(data, format=format)


PIECES = st.sampled_from(
    ["hxxp://", "[.]", "(", ")", "[", "]", "example", ".com", ":", "1", "/", "203.0.113.7", "#", ",", "\n",
     " ", '"', "{", "}", "value", "type", "md5", "[dot]", "\\", "HKLM\\", "'", "=",
     "*", "ab" * 16, "\ud800", "例"]
)  # fmt: skip


@pytest.mark.parametrize("format", ["", *FORMATS])
@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_raises(format: str, text: str) -> None:
    read(text.encode("utf-8", "surrogatepass"), format=format)


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
KEYS = st.sampled_from(
    ["type", "objects", "Event", "Attribute", "Object", "Tag", "value", "pattern", "labels",
     "external_references",     "id", "to_ids", "Orgc", "name"]
)  # fmt: skip


@settings(deadline=None)
@given(
    st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5))
)
def test_no_document_raises(document: object) -> None:
    for format in ("stix", "misp"):
        read(json.dumps(document), format=format)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["[", "]", "a:b", "'", "=", " AND ", " OR ", "x", "\\", "1", "(", ")"]), max_size=60
    ).map("".join)
)
def test_no_pattern_hangs_or_raises(pattern: str) -> None:
    with contextlib.suppress(ValueError):
        list(values(pattern))
