"""org.yml is read whole, or refused with the key and what to write instead."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from sakimori.errors import UsageError
from sakimori.organisation import Asset, Organisation, read_organisation


def written(folder: Path, text: str) -> Path:
    file = folder / "org.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_all_keys_are_read(tmp_path: Path) -> None:
    text = """
name: Example Exchange
domains: [example.com]
egress: [203.0.113.0/28]
remote_tools: [TeamViewer]
administrators: ['example\\adm-mori']
scanners: [scan01]
service_providers: [msp.example.net]
assets:
  - {name: sign01, what: signing, why: signs our releases}
  - {name: pay01, what: payment, weight: 0.9}
"""
    assert read_organisation(written(tmp_path, text)) == Organisation(
        name="Example Exchange",
        domains=("example.com",),
        egress=(ip_network("203.0.113.0/28"),),
        remote_tools=("TeamViewer",),
        administrators=("example\\adm-mori",),
        scanners=("scan01",),
        service_providers=("msp.example.net",),
        assets=(
            Asset(name="sign01", what="signing", weight=1.0, why="signs our releases"),
            Asset(name="pay01", what="payment", weight=0.9),
        ),
    )


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read_organisation(written(tmp_path, "")) == Organisation()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a\n", "is no list of keys"),
        ("colour: red\n", "unknown key colour"),
        ("domains: example.com\n", "domains is no list"),
        ("egress: [office]\n", "egress office is no address"),
        ("assets: [sign01]\n", "assets is no list of entries"),
        ("assets: [{name: x, what: toaster}]\n", "asset x is unclear"),
        ("assets: [{name: x, what: signing, weight: 3}]\n", "weight 3 is not between"),
        ("a: [\n", "cannot be read"),
    ],
)
def test_what_means_nothing_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        read_organisation(written(tmp_path, text))
