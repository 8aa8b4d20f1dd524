"""Payments in the formats banks share: places, damage, hostile input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.payments.fin import Fin
from sakimori.evidence.payments.iso20022 import Iso20022
from tests.evidence.reading import read, source

XML, FIN = Iso20022(), Fin()
HEAD = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>'
TRANSFER = (
    b"<CdtTrfTxInf><PmtId><InstrId>P%d</InstrId></PmtId>"
    b'<IntrBkSttlmAmt Ccy="USD">5</IntrBkSttlmAmt></CdtTrfTxInf>'
)
MESSAGE = b"{1:F01EXAMJPJTAXXX0000000000}{2:I103EXAMUS33XXXXN}{4:\r\n:20:P%d\r\n:32A:260302USD5,\r\n-}"


def test_a_document_that_breaks_off_gives_what_ended_before() -> None:
    rows, unread = read(XML, HEAD + TRANSFER % 1 + (TRANSFER % 2)[:-5])
    assert ([row["name"] for row in rows], len(unread)) == (["P1"], 1)


def test_declarations_are_refused() -> None:
    data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + HEAD + TRANSFER % 1
    assert XML.claims(data)
    rows, unread = read(XML, data)
    assert (rows, [u.reason for u in unread]) == ([], ["declares entities, which may be endless"])


def test_each_payment_leads_back_to_its_place() -> None:
    data = HEAD + TRANSFER % 1 + TRANSFER % 2 + b"</FIToFICstmrCdtTrf></Document>"
    rows, unread = read(XML, data)
    assert unread == []
    shown = [XML.record(source(data), row["record"], row["offset"]) or "" for row in rows]
    assert ["P1" in shown[0], "P2" in shown[1]] == [True, True]
    assert [data[row["offset"] :][:4] for row in rows] == [b">P1<", b">P2<"]


def test_messages_on_one_line_are_told_apart_by_their_place() -> None:
    data = (MESSAGE % 1) + b"$" + (MESSAGE % 2) + b"\r\n"
    rows, unread = read(FIN, data)
    assert ([row["20"] for row in rows], unread) == (["P1", "P2"], [])
    shown = [FIN.record(source(data), row["record"], row["offset"]) or "" for row in rows]
    assert [":20:P1" in shown[0], ":20:P2" in shown[1]] == [True, True]


def test_a_message_without_its_second_block_is_unread() -> None:
    data = MESSAGE % 1 + b"\n{1:F01EXAMJPJTAXXX0000000000}{4:\n:20:P2\n-}\n"
    rows, unread = read(FIN, data)
    assert ([row["20"] for row in rows], len(unread)) == (["P1"], 1)


@pytest.mark.parametrize(
    "data",
    [
        b"<Document><x/></Document>",
        b"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08",
        b"{1:nothing}{2:I103}",
        b'{"1": "F01"}',
    ],
)
def test_what_only_resembles_a_payment_is_claimed_by_none(data: bytes) -> None:
    assert (XML.claims(data), FIN.claims(data)) == (False, False)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(noise: bytes) -> None:
    for data in (HEAD + noise, HEAD + TRANSFER % 1 + noise):
        read(XML, data)
        XML.record(source(data), 1, 0)
    for data in (MESSAGE % 1 + noise, (MESSAGE % 1)[:40] + noise):
        read(FIN, data)
        FIN.record(source(data), 1, 0)
    XML.claims(noise)
    FIN.claims(noise)
