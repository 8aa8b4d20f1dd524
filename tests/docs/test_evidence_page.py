"""The page on evidence says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from sakimori.evidence.generic import known_logs
from sakimori.evidence.readers import READERS
from sakimori.records.catalogue import catalogue
from sakimori.tongue import tongue
from tests.docs.evidence_page import PAGE, page, said


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.evidence_page"


def test_every_reader_says_on_the_page_what_it_reads() -> None:
    assert [reader.name for reader in READERS if not said(reader)[0]] == []


# Names of products alone, the same in both tongues.
NAMES = {"Cisco IOS", "SonicWall", "Microsoft 365: Teams"}


def test_logs_have_a_japanese_title() -> None:
    titles = {log.title for log in catalogue().logs.values()} - NAMES
    assert sorted(title for title in titles if tongue("ja")(title) == title) == []


def test_the_example_of_a_mapping_is_a_mapping(tmp_path: Path) -> None:
    text = (PAGE.parent / "evidence-generic.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    (tmp_path / "vpn.yml").write_text(found[1], encoding="utf-8")
    log = known_logs([tmp_path / "vpn.yml"])["mapping_vpn"]
    assert (log.title, log.match["zone"], log.time) == ("VPN gateway", "Asia/Tokyo", ("when@local",))
