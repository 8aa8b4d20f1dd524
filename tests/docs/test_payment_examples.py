"""The examples of mapping files for payments are mappings, and their behaviours speak through them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.run_behaviours import hear
from sakimori.engine.local import Local
from sakimori.evidence.generic import GenericCsv, known_logs
from sakimori.records.batch import Batch
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from tests.evidence.reading import source
from tests.rows import publish

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
DAYS = range(1, 21)


def hunted(folder: Path, mapping: str, *tables: str) -> dict[str, int]:
    """What is found in CSV files read through an example: behaviour and how many findings."""
    logs = known_logs([EXAMPLES / mapping])
    batches = [
        found
        for table in tables
        for found in GenericCsv().read(source(table.encode()), stored_only(logs))
        if isinstance(found, Batch)
    ]
    assert {batch.stream.log.family for batch in batches} == {"mapping"}
    with Store(folder / "store").open() as store:
        publish(store, "one", ("evidence", batches))
        store.compact()
    with Local(store, logs, 200 << 20, folder / "temp") as local:
        heard = hear(local)
    assert [note for note in heard.notes if note.kind == "failed"] == []
    found_by: dict[str, int] = {}
    for finding in heard.findings:
        name = finding.detector.removeprefix("behaviour:")
        found_by[name] = found_by.get(name, 0) + 1
    return found_by


def csv(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def payments(*thefts: str) -> tuple[str, str, str]:
    """A payment a day, approved, booked and sent at 10, 11 and 12 in Tokyo."""
    return (
        csv(
            "approved_at,payment_ref,approver,amount,currency,from_account,to_account",
            *(f"2026-03-{d:02} 10:00:00,P{d},mei,1000.00,USD,D1,C1" for d in DAYS),
        ),
        csv(
            "booking_time,end_to_end_id,ledger,amount,currency,debit_account,credit_account,user",
            *(f"2026-03-{d:02} 11:00:00,P{d},core,1000.00,USD,D1,C1,batch" for d in DAYS),
        ),
        csv(
            "message_time,message_type,reference,direction,uetr,amount,currency,ordering_account,"
            "beneficiary_account,operator,terminal,network_status",
            *(f"2026-03-{d:02} 03:00:00,MT103,P{d},out,u{d},1000.00,USD,D1,C1,ken,T1,ACK" for d in DAYS),
            *thefts,
        ),
    )


def test_an_ordinary_month_of_payments_says_nothing(tmp_path: Path) -> None:
    assert hunted(tmp_path, "payments.yml", *payments()) == {}


def test_messages_at_night_are_found(tmp_path: Path) -> None:
    thefts = (f"2026-03-12 20:{n:02}:00,MT103,T{n},out,x{n},20000000,USD,D1,C9,ken,T1,ACK" for n in range(35))
    assert hunted(tmp_path, "payments.yml", *payments(*thefts)) == {
        "sent_but_never_booked": 1,
        "sent_without_approval": 1,
    }


@pytest.mark.parametrize(("raids", "found"), [(0, {}), (9, {"authorised_but_never_posted": 1})])
def test_cash_that_the_core_never_posted_is_found(tmp_path: Path, raids: int, found: dict[str, int]) -> None:
    hours = [(day, hour) for day in (1, 2, 3, 4) for hour in range(8, 20)]
    switch = csv(
        "rrn,response_code,terminal_id,local_time,amount,currency,card",
        *(f"{d}{h:02},00,ATM{h},2026-03-{d:02} {h:02}:00:00,200,JPY,c{h}" for d, h in hours),
        *(f"9{n:02},00,ATM{n},2026-03-03 02:{n:02}:00,100000,JPY,c99" for n in range(raids)),
        "990,51,ATM1,2026-03-03 02:30:00,100000,JPY,c99",
    )
    core = csv(
        "posting_time,retrieval_reference,amount,currency,card",
        *(f"2026-03-{d:02} {h:02}:00:05,{d}{h:02},200,JPY,c{h}" for d, h in hours),
    )
    assert hunted(tmp_path, "atm-switch.yml", switch, core) == found


@pytest.mark.parametrize(("theft", "found"), [("", {}), ("0xbad", {"withdrawal_without_approval": 1})])
def test_coins_that_nobody_released_are_found(tmp_path: Path, theft: str, found: dict[str, int]) -> None:
    approved = csv(
        "approvedAt,requestId,approvedBy,amount,asset,destination",
        *(f"2026-03-{d:02}T01:00:00Z,R{d},mei,{d}.5,ETH,0xc{d}" for d in DAYS),
    )
    stolen = [f"2026-03-12T14:00:00Z,{theft},0xcold,401346.76,ETH,0xthief,ken,cold"] if theft else []
    left = csv(
        "blockTime,txHash,fromAddress,amount,asset,toAddress,initiator,wallet",
        *(f"2026-03-{d:02}T02:00:00Z,0x{d},0xcold,{d}.5,ETH,0xC{d},ken,cold" for d in DAYS),
        *stolen,
    )
    assert hunted(tmp_path, "wallet.yml", approved, left) == found
