"""A file of segments: what is refused in it, how flows fare against it, and what nftables makes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.audits.segments import Flow, from_csv, from_tables, judge, nftables, read_plan
from sakimori.audits.segments.flows import stopped
from sakimori.cli import run
from sakimori.engine.local import Local
from sakimori.errors import UsageError
from sakimori.records.catalogue import Log
from tests.rows import catalogue_of, store_of

TODAY = date(2026, 3, 10)
PLAN = """
segments:
  signing: {cidrs: [10.20.4.0/24], hosts: [sign01.example.org]}
  servers: {cidrs: [10.20.0.0/16, 'fd00:20::/32']}
  dev: {cidrs: [10.30.0.0/16]}
  updates: {hosts: ['*.updates.example.org']}
  internet: {builtin: external}
may:
  - {name: git, from: dev, to: servers, ports: [tcp/443, tcp/8000-8010]}
  - {name: out, from: servers, to: internet, ports: [tcp/443]}
  - {name: ping, from: dev, to: servers, ports: [icmp]}
  - {name: build, from: servers, to: signing, ports: [tcp/8443]}
must_not:
  - {name: keys, from: dev, to: signing}
  - {name: no desktop, from: any, to: any, ports: [tcp/3389]}
exceptions:
  - {name: printer, from: 10.30.0.9, to: internet, ports: [tcp/21], owner: Mori, reason: old,
     expires: 2026-03-10}
  - {name: visit, from: dev, to: internet, ports: [tcp/443], owner: Abe, reason: audit, expires: 2026-03-09}
"""
ENFORCED = PLAN.replace("  updates: {hosts: ['*.updates.example.org']}\n", "")


def plan_file(folder: Path, text: str = PLAN) -> Path:
    file = folder / "segments.yml"
    file.write_text(text, encoding="utf-8")
    return file


def flow(source: str, destination: str, port: int | None, protocol: str = "tcp", **more: object) -> Flow:
    said = {"flows": 1, "reached": 1, **more}
    return Flow(source=source, destination=destination, port=port, protocol=protocol, **said)  # type: ignore[arg-type]


def fate(folder: Path, one: Flow) -> tuple[str, str]:
    (verdict,) = judge(read_plan(plan_file(folder), TODAY), [one], TODAY).verdicts
    return verdict.result, verdict.rule


@pytest.mark.parametrize(
    ("one", "result"),
    [
        (flow("10.30.0.5", "10.20.9.1", 443), ("allowed", "git")),
        (flow("10.30.0.5", "10.20.9.1", 8010), ("allowed", "git")),
        (flow("10.30.0.5", "10.20.9.1", 8011), ("violated", "")),
        (flow("10.30.0.5", "10.20.9.1", 443, "udp"), ("violated", "")),
        (flow("10.30.0.5", "10.20.9.1", None, "icmp"), ("allowed", "ping")),
        (flow("10.20.9.1", "10.30.0.5", 443), ("violated", "")),  # no way back
        (flow("10.30.0.5", "10.20.4.7", 443), ("violated", "keys")),  # the narrowest range decides
        (flow("10.30.0.5", "10.20.4.7", 443, reached=0), ("blocked", "keys")),
        (flow("10.30.0.5", "10.20.9.1", 22, flows=9, reached=0), ("blocked", "")),
        (flow("10.30.0.5", "10.20.9.1", 22, flows=9, reached=1), ("violated", "")),
        (flow("10.20.9.1", "203.0.113.9", 443), ("allowed", "out")),
        (flow("10.30.0.9", "203.0.113.9", 21), ("allowed", "printer")),  # its last day
        (flow("10.30.0.8", "203.0.113.9", 21), ("violated", "")),
        (flow("10.30.0.8", "203.0.113.9", 443), ("violated", "")),  # that exception is over
        (flow("10.30.0.8", "10.30.0.9", 445), ("allowed", "")),  # within one segment
        (flow("10.30.0.8", "10.30.0.9", 3389), ("violated", "no desktop")),
        (flow("192.168.1.1", "192.168.1.2", 3389), ("violated", "no desktop")),
        (flow("192.168.1.1", "10.20.9.1", 443), ("unlabelled", "")),
        (flow("not an address", "10.20.9.1", 443), ("unlabelled", "")),
        (flow("10.30.0.8", "192.168.9.9", 22, target_name="SIGN01.example.org."), ("violated", "keys")),
        (flow("::ffff:10.30.0.5", "10.20.9.1", 443), ("allowed", "git")),
    ],
)
def test_every_flow_has_its_result_and_the_rule_that_decided(
    tmp_path: Path, one: Flow, result: tuple[str, str]
) -> None:
    assert fate(tmp_path, one) == result


def test_a_name_in_a_log_does_not_take_an_address_out_of_its_range(tmp_path: Path) -> None:
    disguised = flow("10.30.0.5", "10.20.4.7", 443, target_name="git.updates.example.org")
    assert fate(tmp_path, disguised) == ("violated", "keys")


def test_what_is_never_used_and_what_is_over_is_named(tmp_path: Path) -> None:
    report = judge(read_plan(plan_file(tmp_path), TODAY), [flow("10.30.0.5", "10.20.9.1", 443)], TODAY)
    assert [rule.name for rule in report.unused] == ["out", "ping", "build", "printer"]
    assert [rule.name for rule in report.expired] == ["visit"]
    assert report.holds


@given(st.integers(0, 65535), st.sampled_from(["tcp", "udp", "icmp"]), st.integers(0, 3))
def test_nothing_that_is_added_makes_a_forbidden_flow_allowed(port: int, protocol: str, reached: int) -> None:
    generous = _generous()
    asked = flow("10.30.0.5", "10.20.4.7", port, protocol, flows=3, reached=reached)
    (verdict,) = judge(generous, [asked], TODAY).verdicts
    assert (verdict.result, verdict.rule) == ("violated" if reached else "blocked", "keys")


def _generous():  # type: ignore[no-untyped-def]
    from tempfile import TemporaryDirectory

    all_of_it = "may:\n  - {name: all, from: any, to: any}\n"
    with TemporaryDirectory() as folder:
        return read_plan(plan_file(Path(folder), PLAN.replace("may:\n", all_of_it)), TODAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("10.30.0.0/16", "10.30.0.1/16", "segments: dev: cidrs: 10.30.0.1/16 has host bits set"),
        ("10.30.0.0/16", "10.20.4.0/24", "segments: dev: 10.20.4.0/24 is in signing already"),
        ("  dev: {", "  Dev: {", "segments: Dev: use small letters"),
        ("  dev: {", "  servers: {", "servers stands twice"),
        ("builtin: external", "builtin: inside", "segments: internet: builtin can only be external"),
        ("tcp/443, tcp/8000", "https, tcp/8000", "may, entry 1: ports: https is unclear; write tcp/443"),
        ("tcp/8000-8010", "tcp/8010-8000", "may, entry 1: ports: tcp/8010-8000: ports go from 1 to 65535"),
        ("[icmp]", "[icmp/8]", "may, entry 3: ports: icmp/8: ports go from 1 to 65535, and icmp has none"),
        ("[icmp]", "[]", "may, entry 3: ports is empty; leave it out to mean all ports"),
        (
            "{name: git, from: dev",
            "{name: git, from: deb",
            "may, entry 1: from: deb is no segment; known are",
        ),
        ("name: ping", "name: git", "may, entry 3: git is the name of another entry"),
        ("{name: git,", "{nmae: git,", "may, entry 1: nmae is no key here; known are name, from"),
        ("owner: Mori, ", "", "exceptions, entry 1: owner is missing"),
        ("expires: 2026-03-10", "expires: soon", "exceptions, entry 1: expires is missing or no date"),
        (
            "expires: 2026-03-10",
            "expires: 2028-03-10",
            "is more than a year ahead; 2027-03-10 is the last day",
        ),
        ("must_not:", "mustnot:", "the file: mustnot is no key here"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert PLAN.count(old) >= 1
    file = plan_file(tmp_path, PLAN.replace(old, new, 1))
    with pytest.raises(UsageError) as refused:
        read_plan(file, TODAY)
    assert said in str(refused.value)
    assert str(file) in str(refused.value)


def csv_of(folder: Path, *rows: str) -> Path:
    file = folder / "flows.csv"
    file.write_text("\n".join(("source,destination,port,protocol,state", *rows)) + "\n", encoding="utf-8")
    return file


def test_a_csv_is_summed_by_who_whom_and_port(tmp_path: Path) -> None:
    file = csv_of(tmp_path, "10.30.0.5,10.20.9.1,443,TCP,SF", "10.30.0.5,10.20.9.1,443,tcp,S0")
    assert from_csv(file) == (flow("10.30.0.5", "10.20.9.1", 443, flows=2, reached=1),)


def test_a_csv_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"line 2: port 70000 is no number up to 65535"):
        from_csv(csv_of(tmp_path, "10.30.0.5,10.20.9.1,70000,tcp,SF"))
    (tmp_path / "bare.csv").write_text("source,destination\n")
    with pytest.raises(UsageError, match="no column port; the columns are source,destination,port"):
        from_csv(tmp_path / "bare.csv")


def test_the_words_of_logs_for_what_was_stopped() -> None:
    assert [word for word in ("S0", "REJ", "deny", "DROP", "SF", "allow", "") if stopped(word)] == [
        "S0", "REJ", "deny", "DROP",
    ]  # fmt: skip


def test_a_cases_flows_carry_the_machines_own_name_and_count_what_was_answered(tmp_path: Path) -> None:
    log = Log(
        name="edr", family="t", columns=("when", "pc", "exe", "src", "dst", "port", "state"), time=("when",),
        tables={"network_flow": {
            "host": '"pc"', "image": '"exe"', "direction": "'outbound'", "protocol": "'tcp'",
            "source_address": '"src"', "destination_address": '"dst"', "state": '"state"',
            "destination_port": 'CAST("port" AS BIGINT)',
        }},
    )  # fmt: skip
    row = {"when": "2026-03-02T09:00:00Z", "pc": "ws1", "exe": "a.exe", "src": "10.30.0.5", "port": "443"}
    rows = [
        {**row, "dst": "10.20.9.1", "state": "SF"},
        {**row, "dst": "10.20.9.1", "state": "S0", "when": "2026-03-02T09:00:01Z"},
        {**row, "state": "SF"},
    ]
    catalogue = catalogue_of(log)
    store = store_of(tmp_path / "store", catalogue, {"edr": rows})
    with Local(store, catalogue, 200 << 20, tmp_path / "temp") as local:
        found = from_tables(local.query)
    assert found == ((flow("10.30.0.5", "10.20.9.1", 443, flows=2, reached=1, source_name="ws1"),), 1)


def test_the_verb_ends_with_0_3_or_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = str(plan_file(tmp_path))
    words = ["--on", "2026-03-10", "--lang", "en"]
    good = csv_of(tmp_path, "10.30.0.5,10.20.9.1,443,tcp,SF", "10.30.0.5,10.20.9.1,22,tcp,REJ")
    assert run(["segments", "check", plan, str(good), *words]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Connections: 1 allowed, 0 violated, 1 attempted and blocked, 0 unlabelled.",
        "Attempted and blocked:",
        "  dev 10.30.0.5 -> servers 10.20.9.1 tcp/22 ×1  [nothing allows it]",
        "Allowed, never used:",
        "  out: servers -> internet",
        "  ping: dev -> servers",
        "  build: servers -> signing",
        "  printer: 10.30.0.9/32 -> internet",
        "The exception visit of Abe ended on 2026-03-09 and does not count.",
    ]
    bad = csv_of(tmp_path, "10.30.0.5,10.20.4.7,443,tcp,SF")
    assert run(["segments", "check", plan, str(bad), "--format", "json", *words]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["connections"] == {
        "violated": 1, "blocked": 0, "unlabelled": 0, "allowed": 0, "not_judged": 0,
    }  # fmt: skip
    assert (told["holds"], told["flows"][0]["rule"], told["flows"][0]["to"]) == (False, "keys", ["signing"])
    assert run(["segments", "check", plan, str(tmp_path / "none.csv"), *words]) == 2
    assert run(["segments", "check", str(bad), str(bad), *words]) == 2


def nft() -> list[str]:
    program = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin")
    if program is None or shutil.which("unshare") is None:
        pytest.skip("nft or unshare is not installed (Debian: nftables, util-linux)")
    if subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a user namespace")
    return ["unshare", "-rn", program]


def test_nftables_takes_the_export(tmp_path: Path) -> None:
    program, rules = nft(), tmp_path / "rules.nft"
    rules.write_text(nftables(read_plan(plan_file(tmp_path, ENFORCED), TODAY), TODAY))
    done = subprocess.run([*program, "-c", "-f", rules], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_export_forbids_first_and_leaves_out_what_is_over(tmp_path: Path) -> None:
    text = nftables(read_plan(plan_file(tmp_path, ENFORCED), TODAY), TODAY)
    ruled = [line.strip() for line in text.splitlines() if line.endswith((" accept", " drop"))]
    assert ruled[0] == "ip saddr @seg_dev_4 ip daddr @seg_signing_4 counter drop"
    assert ruled.index("ct state established,related accept") == 1 + max(
        at for at, line in enumerate(ruled) if line.endswith("counter drop")
    )
    assert "ip saddr 10.30.0.9/32 ip daddr != @not_external_4 tcp dport 21 accept" in ruled
    assert "ip saddr @seg_dev_4 ip daddr != @not_external_4 tcp dport 443 accept" not in ruled
    assert "# exception visit, until 2026-03-09: expired, not in here" in text
    assert "# not in here: the host names of signing (sign01.example.org)" in text


def test_a_narrower_segment_is_taken_out_of_the_wider_one(tmp_path: Path) -> None:
    plan = "segments:\n  all: {cidrs: [10.0.0.0/8]}\n  half: {cidrs: [10.128.0.0/9]}\n"
    text = nftables(read_plan(plan_file(tmp_path, plan), TODAY), TODAY)
    assert [line.strip() for line in text.splitlines() if "elements" in line] == [
        "elements = { 10.0.0.0/9 }", "elements = { 10.128.0.0/9 }",
    ]  # fmt: skip


def test_a_rule_on_names_alone_is_not_exported_as_a_wall_with_a_hole(tmp_path: Path) -> None:
    plan = PLAN.replace("to: signing}", "to: updates}", 1)
    with pytest.raises(UsageError, match="keys: segment updates has host names only, and nftables needs"):
        nftables(read_plan(plan_file(tmp_path, plan), TODAY), TODAY)
