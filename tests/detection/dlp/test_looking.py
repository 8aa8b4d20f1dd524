"""A register over mail, web and files: where, what kind, how long; never the value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from sakimori.detection.dlp.looking import with_dlp
from sakimori.detection.dlp.register import empty
from sakimori.detection.dlp.registering import Registering
from sakimori.detection.dlp.shingles import shingles
from sakimori.detection.dlp.sighting import Looking
from sakimori.detection.dlp.telling import SENTENCES
from sakimori.detection.indicators.match import Hearing
from sakimori.engine.local import Local
from sakimori.findings import Finding, Subject
from sakimori.tongue import tongue
from tests.detection.behaviours.told import at, plain_logs
from tests.rows import store_of

KEY = bytes(range(32))
MAKE = Registering(key=KEY, label="minutes", owner="Mori", day="2026-03-02")
CARD = "4111111111111111"


@pytest.fixture
def ready(tmp_path: Path) -> Looking:
    document, text, values = (tmp_path / name for name in ("minutes.docx", "minutes.txt", "values.txt"))
    document.write_bytes(b"an inert document")
    text.write_text(
        "Minutes of the audit committee on the new custody wallet\n"
        "監査委員会の議事録および新しい保管庫の計画\n"
    )
    values.write_text("CUST-0012345\n")
    entries = (
        MAKE.documents([document]), MAKE.texts([text]), MAKE.values(values), MAKE.identifiers(["card"]),
        MAKE.classes(["*.kdbx", "wallet*.dat"]),
    )  # fmt: skip
    blank = empty(KEY)
    return Looking(type(blank)(schema=blank.schema, check=blank.check, entries=entries), KEY)


def met(tmp_path: Path, ready: Looking | None, **tables: Sequence[Mapping[str, object]]) -> Hearing:
    rows = {f"plain_{name}": given for name, given in tables.items()}
    store = store_of(tmp_path / "store", plain_logs(), rows)
    with Local(store, plain_logs(), 200 << 20, tmp_path / "temp") as engine:
        return with_dlp(Hearing(), engine, ready)


SPLIT = [CARD[at : at + 4] for at in range(0, 16, 4)]


def sent(**more: object) -> dict[str, object]:
    return at(1, account="mei@example.com", sender="mei@example.com", direction="outbound", **more)


def seen(tmp_path: Path, ready: Looking, **tables: Sequence[Mapping[str, object]]) -> list[str]:
    return [finding.detector for finding in met(tmp_path, ready, **tables).findings]


def test_a_document_is_known_by_a_hash_that_a_log_names(tmp_path: Path, ready: Looking) -> None:
    digest = hashlib.sha1(b"an inert document").hexdigest().upper()
    (found,) = met(
        tmp_path, ready, mail_trace=[sent(hashes=f"SHA1={digest}", attachment="holiday.jpg")]
    ).findings
    assert found.because.startswith(
        "example\\mei had 1 records on this day that hold a document of “minutes” (of unknown length); keyed "
    )
    assert (found.subjects[0], found.techniques, len(found.places)) == (
        Subject("account", "example\\mei"), ("T1048",), 1,
    )  # fmt: skip
    assert digest.lower() not in json.dumps(asdict(found)).lower()


@pytest.mark.parametrize(
    ("row", "detectors"),
    [
        ({"subject": "FW: minutes of the AUDIT committee on the new plan"}, ["dlp:text:minutes"]),
        ({"attachment": "Audit_committee_on_the_new_custody.pdf"}, ["dlp:text:minutes"]),
        ({"subject": "【重要】監査委員会の議事録および新しい件"}, ["dlp:text:minutes"]),
        ({"subject": "the audit of March"}, []),
        ({"subject": "about cust-0012345, please"}, ["dlp:value:minutes"]),
        ({"subject": "about cust-00123456, please"}, []),
        ({"attachment": "C:/x/Keys.KDBX"}, ["dlp:class:minutes"]),
        ({"attachment": "keys.kdbx.txt"}, []),
        ({"subject": f"card {CARD}"}, ["dlp:card:minutes"]),
        ({"subject": f"card {CARD}", "direction": "inbound"}, []),
    ],
)
def test_what_is_registered_is_sighted_in_mail_that_leaves(
    tmp_path: Path, ready: Looking, row: dict[str, object], detectors: list[str]
) -> None:
    assert seen(tmp_path, ready, mail_trace=[{**sent(), **row}]) == detectors


def test_the_web_and_files_are_looked_at_too(tmp_path: Path, ready: Looking) -> None:
    web = at(
        1,
        source_address="10.0.0.5",
        url_host="www.example.com",
        url_path="/pay?n=" + "%20".join(SPLIT),
    )
    plain = at(
        1, source_address="10.0.0.5", url_host="www.example.com", url_path=f"/pay?n={CARD}&c=CUST-0012345"
    )
    files = [at(1, host="pc1", path="D:\\wallet-old.dat", action="created")]
    said = met(tmp_path, ready, http_request=[plain, web], file_event=files)
    assert sorted((f.detector, f.subjects[0].value, f.count) for f in said.findings) == [
        ("dlp:card:minutes", "10.0.0.5", 2),
        ("dlp:class:minutes", "pc1", 1),
        ("dlp:value:minutes", "10.0.0.5", 1),
    ]
    assert [(s.detector, s.state) for s in said.states] == [
        ("dlp:mail_trace", "blind"), ("dlp:http_request", "spoke"), ("dlp:file_event", "spoke"),
    ]  # fmt: skip


def test_no_value_stands_in_any_finding(tmp_path: Path, ready: Looking) -> None:
    rows = [
        sent(subject=f"{CARD} cust-0012345 minutes of the audit committee on", attachment="wallet-mei.dat")
    ]
    found = met(tmp_path, ready, mail_trace=rows).findings
    assert len(found) == 4
    told = json.dumps([asdict(one) for one in found]).casefold()
    assert [v for v in (CARD, "cust-0012345", "audit", "committee", "wallet-mei") if v in told] == []
    assert {one.facts["field.length"] for one in found if one.detector == "dlp:card:minutes"} == {"16"}


def test_the_same_value_has_the_same_hash_and_another_key_another(tmp_path: Path, ready: Looking) -> None:
    def hashes(found: Sequence[Finding]) -> set[str]:
        return {one.facts["field.keyed_hash"] for one in found}

    first = hashes(met(tmp_path / "a", ready, mail_trace=[sent(subject=CARD)]).findings)
    again = hashes(
        met(
            tmp_path / "b",
            ready,
            mail_trace=[sent(subject="x " + "-".join(SPLIT))],
        ).findings
    )
    blank = empty(bytes(32))
    other = Registering(key=bytes(32), label="minutes", owner="Mori", day="2026-03-02").identifiers(["card"])
    looking = Looking(type(blank)(schema=blank.schema, check=blank.check, entries=(other,)), bytes(32))
    assert first == again != hashes(met(tmp_path / "c", looking, mail_trace=[sent(subject=CARD)]).findings)


def test_without_a_register_nothing_is_looked_for(tmp_path: Path) -> None:
    assert met(tmp_path, None, mail_trace=[sent(subject=CARD)]) == Hearing()


def test_shingles_are_runs_of_words_and_of_signs() -> None:
    assert list(shingles("One two, THREE four　five")) == ["one two three four", "two three four five"]
    assert list(shingles("監査委員会の議事録及び計")) == [
        "監査委員会の議事録及",
        "査委員会の議事録及び",
        "委員会の議事録及び計",
    ]


def test_sentences_are_told_in_both_tongues() -> None:
    english, japanese = tongue("en"), tongue("ja")
    assert [one for one in SENTENCES if japanese(one) == english(one)] == []
