"""`sakimori init` proposes what the tables show, each with its reason; the file it writes can be read."""

from __future__ import annotations

from pathlib import Path

from sakimori.engine.local import Local
from sakimori.organisation import Organisation, read_organisation
from sakimori.organisation.proposals import REASONS, Proposal, proposals
from sakimori.organisation.questions import QUESTIONS, Entry, answered, offered, written
from sakimori.records.catalogue import Log
from sakimori.tongue import tongue
from tests.rows import catalogue_of, store_of

SIGN_INS = Log(
    name="sign_ins", family="t", columns=("when", "who", "ip"), time=("when",),
    tables={
        "sign_in": {"account": '"who"', "source_address": '"ip"', "result": "'success'", "provider": "'x'"}
    },
)  # fmt: skip
STARTS = Log(
    name="starts", family="t", columns=("when", "pc", "exe"), time=("when",),
    tables={"process": {"host": '"pc"', "image": '"exe"'}},
)  # fmt: skip
SAY = tongue("en")


def proposed(folder: Path) -> tuple[Proposal, ...]:
    people = [f"p{n}@example.com" for n in range(6)]
    sign_ins = [
        {"when": f"2026-03-0{day}T09:00:00Z", "who": who, "ip": "203.0.113.5"}
        for day in (2, 3, 4)
        for who in people
    ]
    once = [{"when": "2026-03-02T09:00:00Z", "who": "x@example.net", "ip": "198.51.100.7"}]
    starts = [
        {"when": "2026-03-02T09:00:00Z", "pc": pc, "exe": "C:\\x\\TeamViewer.exe"}
        for pc in ("pc1", "pc2", "sign-01")
    ]
    catalogue = catalogue_of(SIGN_INS, STARTS)
    store = store_of(folder / "store", catalogue, {"sign_ins": sign_ins + once, "starts": starts})
    with Local(store, catalogue, 200 << 20, folder / "temp") as local:
        return proposals(local)


def test_the_tables_suggest_domains_ways_out_tools_and_what_matters(tmp_path: Path) -> None:
    assert [(p.key, p.value, SAY(p.reason, **p.facts)) for p in proposed(tmp_path)] == [
        ("domains", "example.com", "6 accounts of this domain signed in."),
        ("egress", "203.0.113.5", "6 accounts signed in from this address on 3 days."),
        ("remote_tools", "TeamViewer", "It ran on 3 machines on 1 days."),
        ("assets", "sign-01", "Its name suggests it; 1 records speak of it."),
    ]


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    found = proposed(tmp_path)
    entries: dict[str, list[Entry]] = {}
    for question in QUESTIONS:
        entries.setdefault(question.key, []).extend(answered(question, "", offered(question, found), SAY))
    file = tmp_path / "org.yml"
    file.write_text(written(entries, SAY), encoding="utf-8")
    own = read_organisation(file)
    assert own.domains == ("example.com",)
    assert [str(network) for network in own.egress] == ["203.0.113.5/32"]
    assert own.remote_tools == ("TeamViewer",)
    assert [(asset.name, asset.what) for asset in own.assets] == [("sign-01", "signing")]


def test_ones_own_answer_stands_instead_and_a_dash_takes_nothing() -> None:
    question = QUESTIONS[2]
    offer = [Proposal(key="remote_tools", value="AnyDesk", reason=REASONS[-2], facts={"n": 3, "days": 2})]
    assert answered(question, "-", offer, SAY) == []
    assert [entry.value for entry in answered(question, "RustDesk, AnyDesk", offer, SAY)] == [
        "RustDesk",
        "AnyDesk",
    ]


def test_a_hostile_name_stays_one_text(tmp_path: Path) -> None:
    entries = {"scanners": [Entry("a'\n- b: {x}\x1b[2J", "", "because\nof that")]}
    file = tmp_path / "org.yml"
    file.write_text(written(entries, SAY), encoding="utf-8")
    assert read_organisation(file) == Organisation(scanners=("a'- b: {x}[2J",))


def test_there_are_ten_questions() -> None:
    assert len(QUESTIONS) == 10
