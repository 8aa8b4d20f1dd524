"""Plain lists, nftables, Squid, Unbound and Defender, held against the programs that read them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from sakimori.response.feeds.defender import COLUMNS, defender
from sakimori.response.feeds.lists import lists
from sakimori.response.feeds.nftables import nftables
from sakimori.response.feeds.published import WATCH
from sakimori.response.feeds.squid import FOLDER, pattern, squid, topmost
from sakimori.response.feeds.unbound import unbound
from tests.response.feeds.entries import STAMP, everything, program, published, ran, written


def test_plain_lists_hold_one_value_a_line_and_links_without_their_scheme() -> None:
    assert {name: data.decode().splitlines() for name, data in lists(everything(), STAMP).items()} == {
        "edl-address.txt": ["198.51.100.7", "2001:db8::7"],
        "edl-domain.txt": ["_under-score.example.org", "c2.example.net", "deep.c2.example.net"],
        "edl-hash.txt": ["a" * 64, "b" * 32, "c" * 40],
        "edl-url.txt": [
            "198.51.100.9:8080/p/(1)*+$%5E%7C.sh",
            "files.example.org/a;b/c.sh?x=1&y='2'",
        ],
        "watch-address.txt": ["203.0.113.9"],
        "watch-domain.txt": ["w.example.com"],
        "watch-hash.txt": ["d" * 64],
        "watch-url.txt": ["w.example.com/abc"],
    }


def test_plain_lists_are_empty_without_entries() -> None:
    assert set(lists([], STAMP).values()) == {b""}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_defenders_columns_stand_as_its_portal_names_them() -> None:
    assert [line for data in defender([], STAMP).values() for line in data.decode().splitlines()] == [
        ",".join(COLUMNS)
    ] * 3


def test_a_row_for_defender_says_who_why_until_when_and_what_to_do() -> None:
    (row,) = rows(defender([published("domain", "c2.example.net")], STAMP)["defender-urls-domains.csv"])
    assert (row["IndicatorType"], row["IndicatorValue"], row["Action"], row["ExpirationTime"]) == (
        "DomainName",
        "c2.example.net",
        "Block",
        "2027-01-03T18:13:20.0Z",
    )
    assert row["Description"] == "seen on two hosts (M. Sato)"


def test_defender_quarantines_files_blocks_networks_and_audits_what_is_watched() -> None:
    done = {
        (row["IndicatorType"], row["Action"])
        for data in defender(everything(), STAMP).values()
        for row in rows(data)
    }
    assert done == {
        ("FileSha256", "BlockAndRemediate"), ("FileSha1", "BlockAndRemediate"),
        ("FileMd5", "BlockAndRemediate"),
        ("FileSha256", "Audit"), ("IpAddress", "Block"), ("IpAddress", "Audit"), ("DomainName", "Block"),
        ("DomainName", "Audit"), ("Url", "Block"), ("Url", "Audit"),
    }  # fmt: skip


def test_a_file_for_defender_holds_no_more_than_it_takes_at_once() -> None:
    many = [published("address", f"198.51.{n // 250}.{n % 250 + 1}") for n in range(1001)]
    files = defender(many, STAMP)
    names = ["defender-ip-addresses.csv", "defender-ip-addresses-2.csv", "defender-ip-addresses-3.csv"]
    assert [len(rows(files[name])) for name in names] == [500, 500, 1]


def test_nftables_takes_the_table_filled_and_empty(tmp_path: Path) -> None:
    nft, unshare = program("nft"), program("unshare")
    for entries in ([], everything()):
        written(dict(nftables(entries, STAMP)), tmp_path)
        assert ran([unshare, "-rn", nft, "-c", "-f", "nftables.nft"], tmp_path) == (0, "")


def test_loading_the_table_again_replaces_it(tmp_path: Path) -> None:
    nft, unshare = program("nft"), program("unshare")
    (tmp_path / "old.nft").write_bytes(nftables([published("address", "192.0.2.1")], STAMP)["nftables.nft"])
    written(dict(nftables(everything(), STAMP)), tmp_path)
    load = f"{nft} -f old.nft && {nft} -f nftables.nft && {nft} list table inet sakimori"
    code, said = ran([unshare, "-rn", "sh", "-c", load], tmp_path)
    assert code == 0, said
    assert ("192.0.2.1" in said, "198.51.100.7" in said, "203.0.113.9" in said) == (False, True, True)


def test_squid_reads_the_configuration_without_a_complaint(tmp_path: Path) -> None:
    program_ = program("squid")
    for entries in ([], everything()):
        files = dict(squid(entries, STAMP))
        used = files["squid.conf"].replace(FOLDER.encode(), str(tmp_path).encode())
        files["squid.conf"] = b"http_port 127.0.0.1:3128\n" + used + b"http_access deny all\n"
        written(files, tmp_path)
        code, said = ran([program_, "-k", "parse", "-f", "squid.conf"], tmp_path)
        # It may end with 0 although it said FATAL.
        assert (code, re.findall(r"(?m)^.*(?:FATAL|ERROR|Bungled|WARNING).*$", said)) == (0, [])


def test_squids_own_complaints_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "squid.conf").write_text('acl a dstdomain "/nowhere/at/all"\nhttp_access deny a\n')
    _, said = ran([program("squid"), "-k", "parse", "-f", "squid.conf"], tmp_path)
    assert re.search(r"FATAL|ERROR|Bungled|WARNING", said)


def test_squid_is_given_no_name_below_another_one() -> None:
    assert topmost(["a.example", "b.a.example", "c.b.a.example", "xa.example"]) == ["a.example", "xa.example"]


def test_a_pattern_meets_its_link_and_no_other() -> None:
    link = "http://[2001:db8::9]:8080/p/(1)*+$%5E.sh?a=1"
    compiled = re.compile(pattern(link))
    assert compiled.match(link)
    assert not any(map(compiled.match, (f"{link}x", link.replace(".", "-"), link.replace("(1)", "11"), "")))


def test_unbound_takes_the_zones(tmp_path: Path) -> None:
    check = program("unbound-checkconf")
    for entries in ([], everything()):
        written(dict(unbound(entries, STAMP)), tmp_path)
        code, said = ran([check, "unbound.conf"], tmp_path)
        assert (code, "no errors" in said) == (0, True), said


def test_what_is_watched_is_never_in_a_list_that_blocks() -> None:
    files = {**lists([published("domain", "w.example.com", WATCH)], STAMP)}
    files |= unbound([published("domain", "w.example.com", WATCH)], STAMP)
    assert [name for name, data in files.items() if b"w.example.com" in data] == ["watch-domain.txt"]
