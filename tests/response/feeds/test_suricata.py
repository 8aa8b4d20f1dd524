"""Suricata itself reads the rules, and alerts on a capture with a listed name, address, link and file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from sakimori.response.feeds.published import BLOCK, WATCH, Published
from sakimori.response.feeds.suricata import literal, numbered, suricata
from tests.response.feeds.entries import STAMP, everything, program, published, ran, written
from tests.response.feeds.packets import RESOLVER, capture, datagram, question, web_request

RULES = ("suricata.rules", "suricata-drop.rules", "suricata-datasets.rules")
BODY = b"SAKIMORI-SYNTHETIC inert file"
# As little as it starts with; Debian's own file asks for interfaces and rules that a test has no use for.
CONFIGURATION = """%YAML 1.1
---
vars:
  address-groups: {HOME_NET: "[192.0.2.0/24]", EXTERNAL_NET: any}
default-rule-path: .
classification-file: classification.config
reference-config-file: reference.config
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [alert]}
app-layer:
  protocols:
    dns: {udp: {enabled: yes, detection-ports: {dp: 53}}, tcp: {enabled: yes, detection-ports: {dp: 53}}}
    tls: {enabled: yes, detection-ports: {dp: 443}}
    http: {enabled: yes, libhtp: {default-config: {personality: IDS, request-body-limit: 100kb}}}
stream: {reassembly: {depth: 1mb}}
"""


def started(folder: Path, entries: Sequence[Published], rules: str, *options: str) -> tuple[int, str]:
    suricata_ = program("suricata")
    written(dict(suricata(entries, STAMP)), folder)
    for name in ("classification.config", "reference.config"):
        (folder / name).write_text("")
    (folder / "suricata.yaml").write_text(CONFIGURATION)
    return ran([suricata_, "-c", "suricata.yaml", "-S", rules, "-l", ".", "-k", "none", *options], folder)


@pytest.mark.parametrize("rules", RULES)
def test_every_file_of_rules_is_taken(tmp_path: Path, rules: str) -> None:
    code, said = started(tmp_path, everything(), rules, "-T")
    assert (code, re.findall(r"(?im)^e:.*|.*error.*", said)) == (0, []), said


def test_rules_without_entries_are_empty_and_taken(tmp_path: Path) -> None:
    assert suricata([], STAMP)["suricata.rules"] == b""
    assert started(tmp_path, [], "suricata-datasets.rules", "-T")[0] == 0


def alerts(
    folder: Path, entries: Sequence[Published], packets: Sequence[bytes], rules: str = RULES[0]
) -> list[str]:
    """What Suricata alerts of these packets, each alert once."""
    (folder / "day.pcap").write_bytes(capture(*packets))
    code, said = started(folder, entries, rules, "-r", "day.pcap")
    assert code == 0, said
    events = map(json.loads, (folder / "eve.json").read_text().splitlines())
    return sorted({event["alert"]["signature"] for event in events if event["event_type"] == "alert"})


def told(one: Published, use: str = BLOCK) -> str:
    return f"Sakimori {use} list {one.id}"


def test_names_addresses_links_and_files_of_the_list_are_met_and_their_neighbours_are_not(
    tmp_path: Path,
) -> None:
    name, watched = published("domain", "c2.example.net"), published("domain", "w.example.com", WATCH)
    address = published("address", "198.51.100.7")
    link = published("url", "http://files.example.org/a;b/(c).sh?x=1&y='2'")
    file = published("hash", hashlib.sha256(BODY).hexdigest())
    near = published("domain", "xc2.example.net")
    met = alerts(
        tmp_path,
        [name, watched, address, link, file, near, published("url", "http://files.example.org/other")],
        [
            datagram(question("a.b.C2.example.net"), RESOLVER, 53, 40001),
            datagram(question("w.example.com"), RESOLVER, 53, 40002),
            datagram(question("c2.example.net.example.org"), RESOLVER, 53, 40003),
            datagram(b"x", "198.51.100.7", 9999),
            *web_request("files.example.org", "/a;b/(c).sh?x=1&y='2'", "203.0.113.80"),
            *web_request("other.example.org", "/file", "203.0.113.81", BODY, 41001),
        ],
    )
    expected = [
        told(name),
        told(watched, WATCH),
        told(address),
        told(link),
        "Sakimori file of the list (sha256)",
    ]
    assert met == sorted(expected)


def test_datasets_meet_whole_names_and_addresses(tmp_path: Path) -> None:
    met = alerts(
        tmp_path,
        [published("domain", "c2.example.net"), published("address", "198.51.100.7")],
        [
            datagram(question("C2.example.net"), RESOLVER, 53),
            datagram(question("w.example.com"), RESOLVER, 53, 40002),
            datagram(b"x", "198.51.100.7", 9999),
        ],
        "suricata-datasets.rules",
    )
    assert met == ["Sakimori block list (dataset)"]


def test_without_entries_nothing_alerts(tmp_path: Path) -> None:
    packets = [datagram(question("c2.example.net"), RESOLVER, 53), datagram(b"x", "198.51.100.7", 9999)]
    assert alerts(tmp_path, [], packets, "suricata-datasets.rules") == []


def test_what_has_a_meaning_in_a_rule_stands_in_hexadecimal() -> None:
    assert literal('/a;b"\\|é') == "/a|3B|b|22||5C||7C||C3 A9|"


def test_ids_of_rules_stay_with_their_entries_and_never_collide() -> None:
    many = [published("address", f"198.51.{n // 250}.{n % 250}") for n in range(3000)]
    slots = numbered(many)
    assert len(set(slots.values())) == len(many)
    assert numbered(many[:10]) == {one.id: slots[one.id] for one in many[:10]}
    ids = re.findall(r"sid:(\d+)", b"".join(suricata(everything(), STAMP)[name] for name in RULES).decode())
    assert len(ids) == len(set(ids)) and all(1_000_000 <= int(sid) < 2_000_000 for sid in ids)
