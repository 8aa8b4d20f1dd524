"""AWS VPC flow logs as text: by their header, in the default format, and never with an exception."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sakimori.evidence.aws_flow import AwsVpcFlow
from tests.evidence.reading import part, read

HEADER = "version srcaddr dstaddr bytes start action\n"
LINES = HEADER + "5 192.0.2.10 198.51.100.7 10 1772442000 ACCEPT\n5 - - - 1772442060 -\n5 192.0.2.10 x\n"


def test_columns_are_those_of_the_header() -> None:
    rows, unread = read(AwsVpcFlow(), LINES.encode())
    assert [(row["record"], row.get("srcaddr"), row.get("action")) for row in rows] == [
        (2, "192.0.2.10", "ACCEPT"),
        (3, None, None),
    ]
    assert [one.reason for one in unread] == ["3 words where the flow log has 6 columns"]


def test_a_range_in_the_middle_knows_the_header() -> None:
    offset = LINES.index("5 - -")
    rows, _ = read(AwsVpcFlow(), part(LINES.encode(), offset, 3))
    assert [row["record"] for row in rows] == [3]


def test_the_default_format_needs_no_header_and_prose_is_no_flow_log() -> None:
    line = b"2 111111111111 eni-1 203.0.113.9 192.0.2.10 50000 22 6 20 4249 1772442000 1772442060 REJECT OK\n"
    assert AwsVpcFlow().claims(line)
    assert not AwsVpcFlow().claims(b"the source and the destination of a flow\n2 111111111111 eni-1\n")
    assert not AwsVpcFlow().claims(b"srcaddr,dstaddr\n192.0.2.1,192.0.2.2\n")


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    read(AwsVpcFlow(), HEADER.encode() + data)
    AwsVpcFlow().claims(data)
