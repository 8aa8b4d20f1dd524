"""ISO 20022 messages: pain.001, pacs.008 and pacs.009, camt.052 to camt.054.

https://www.iso20022.org/iso-20022-message-definitions (elements by name: https://www.mx-message.com/)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, tostring

from sakimori.evidence.elements import NotRead, elements, plain
from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_BYTES = 128 << 20
_KINDS = re.compile(rb"iso:20022:tech:xsd:(pain\.001|pacs\.008|pacs\.009|camt\.05[234])\.")
_LOGS = {b"pain": "payment_pain", b"pacs": "payment_pacs", b"camt": "payment_camt"}
# Payments and entries; and what stands once before them and holds for all that follow.
_PAYMENTS = frozenset({"CdtTrfTxInf", "Ntry"})
_BEFORE = frozenset({"GrpHdr", "DbtrAcct", "Acct", "InstgAgt"})
_NAMES = ("InstrId", "EndToEndId", "TxId", "UETR", "AcctSvcrRef")


class Iso20022:
    """ISO 20022 payments as XML: orders (pain.001), transfers between banks (pacs.008, pacs.009), entries of
    accounts (camt.052, camt.053, camt.054).

    Watch: a transfer does not say which of its banks is yours; systems are named by the bank that sent it.
    """

    name = "iso20022"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The namespace of one of these messages."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _KINDS.search(head[:8192]) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """A record a payment or entry, numbered in order."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The payment's element."""
        found = (one for one in _found(source) if isinstance(one, Found) and one.record == number)
        return next((one.raw.decode("utf-8", "replace") for one in found), None)


def _found(source: Source) -> Iterator[Found | Unread]:
    kind = _KINDS.search(source.head[:8192])
    try:
        data = in_memory(source, MOST_BYTES)
    except TooLarge as problem:
        yield Unread(1, 0, str(problem))
        return
    log = _LOGS[kind[1][:4]] if kind else "payment_pacs"
    before: dict[str, str | None] = {}
    number = at = 0
    try:
        for element in elements(data, _PAYMENTS | _BEFORE):
            if plain(element.tag) not in _PAYMENTS:
                before |= _shared(element)
                continue
            number += 1
            row = {**before, **_told(element)}
            at = max(at, data.find(f">{row.get('name')}<".encode(), at))
            yield Found(log, number, at, row, tostring(element))
    except NotRead as problem:
        yield Unread(number + 1, at, str(problem))


def _shared(element: Element) -> dict[str, str | None]:
    tag = plain(element.tag)
    if tag == "GrpHdr":
        return {"MsgId": _text(element, "MsgId"), "CreDtTm": _text(element, "CreDtTm")}
    if tag == "InstgAgt":
        return {tag: _text(element, "FinInstnId", "BICFI") or _text(element, "FinInstnId", "BIC")}
    return {tag: account(element)}


def _told(element: Element) -> Mapping[str, str | None]:
    """What a payment or an entry says; a list of transactions inside an entry by its first."""
    details = _at(element, "NtryDtls", "TxDtls")
    names = _at(element, "PmtId") if details is None else _at(details, "Refs")
    parties = element if details is None else _at(details, "RltdPties")
    amount = _first(element, ("IntrBkSttlmAmt",), ("Amt", "InstdAmt"), ("Amt", "EqvtAmt", "Amt"), ("Amt",))
    told = {name: _text(names, name) for name in _NAMES} if names is not None else {}
    told["AcctSvcrRef"] = told.get("AcctSvcrRef") or _text(element, "AcctSvcrRef")
    named = [told.get(name) for name in ("InstrId", "EndToEndId", "TxId")]
    booked = _text(element, "BookgDt", "DtTm") or _text(element, "BookgDt", "Dt")
    own = {
        "name": next((one for one in named if one and one != "NOTPROVIDED"), None),
        "Amt": (amount.text or "").strip() if amount is not None else None,
        "Ccy": amount.get("Ccy") if amount is not None else None,
        "CdtrAcct": account(_at(parties, "CdtrAcct")),
        "Cdtr": _text(parties, "Cdtr", "Nm") or _text(parties, "Cdtr", "Pty", "Nm"),
        "Dbtr": _text(parties, "Dbtr", "Nm") or _text(parties, "Dbtr", "Pty", "Nm"),
        "CdtDbtInd": _text(element, "CdtDbtInd"),
        "RvslInd": _text(element, "RvslInd"),
        # A bare day, as the clock reads it.
        "BookgDt": booked.replace("-", "") if booked and len(booked) == 10 else booked,
    }
    debtor = account(_at(parties, "DbtrAcct"))
    return {**told, **own, **({"DbtrAcct": debtor} if debtor else {})}


def account(element: Element | None) -> str | None:
    """An account's IBAN, or whatever else names it."""
    return _text(element, "Id", "IBAN") or _text(element, "Id", "Othr", "Id")


def _at(element: Element | None, *path: str) -> Element | None:
    for tag in path:
        if element is None:
            return None
        element = next((child for child in element if plain(child.tag) == tag), None)
    return element


def _first(element: Element, *paths: tuple[str, ...]) -> Element | None:
    return next((found for path in paths if (found := _at(element, *path)) is not None), None)


def _text(element: Element | None, *path: str) -> str | None:
    found = _at(element, *path)
    return None if found is None else (found.text or "").strip() or None
