"""No text of evidence and no word of a person breaks out of the syntax of any feed."""

from __future__ import annotations

import csv
import io
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.response.feeds import FEEDS
from sakimori.response.feeds.published import BLOCK, Published
from sakimori.response.respond.entry import TYPES, Entry, entry
from tests.response.feeds.entries import SINCE, STAMP, UNTIL

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            'x.example";\n',
            "a.example\nlocal-zone",
            "192.0.2.1; }",
            "::1%\n drop",
            "*.example.com CNAME .",
            "a b.example",
        ]
    ),
)
PARTS = st.text(alphabet=st.sampled_from("aZ9;\"'|\\{}()[]<>%&?#\n\r\t $*^`,=é"), max_size=30)
LINKS = st.builds(lambda path, query: f"http://files.example.org/{path}?{query}", PARTS, PARTS)
# What each line of a file may look like at most.
LINES = {
    r"edl-.*|watch-.*|squid-.*-(domain|address)\.txt|suricata-.*\.lst": r"[!-~]+",
    r"rpz-.*": r"\$TTL 60|@ IN .*|[a-z0-9*._-]+ IN CNAME (\.|rpz-passthru\.)( ; p-[0-9a-f]+)?",
    r"unbound\.conf": r'server:|    local-zone: "[a-z0-9._-]+\." always_nxdomain',
    r"suricata.*\.rules": (
        r"(alert|drop) [a-z]+ any any -> (any|\[[0-9a-f.:]+\]) any "
        r'\(msg:"[^";]*"; [ -~]*sid:\d+; rev:1;\)'
    ),
    r"nftables\.nft": r"[ -~]+",
    r"squid-.*-url\.txt": r"\^[!-~]+\$",
}


def made(type_: str, text: str) -> Entry | None:
    try:
        return entry(type_, text)
    except ValueError:
        return None


@settings(max_examples=150)
@given(st.sampled_from(TYPES), st.one_of(HOSTILE, LINKS), HOSTILE, HOSTILE)
def test_every_line_of_every_feed_keeps_its_shape(type_: str, text: str, reason: str, owner: str) -> None:
    found = made(type_, text)
    if found is None:
        return
    assert entry(found.type, found.value) == found
    one = Published(id="p-0", entry=found, use=BLOCK, owner=owner, reason=reason, since=SINCE, until=UNTIL)
    for writer in FEEDS.values():
        for name, data in writer([one], STAMP).items():
            shape = next((line for files, line in LINES.items() if re.fullmatch(files, name)), None)
            for line in data.decode().split("\n")[:-1] if shape else ():
                assert re.fullmatch(shape or "", line), (name, line)
            if name.endswith(".json"):
                json.loads(data)
            if name.endswith(".csv"):
                rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
                assert all(len(row) == 12 for row in rows) and len(rows) <= 2
