"""A hunt in evidence full of made-up secrets: no file a person opens, and no command, tells one of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sakimori.cli import run
from sakimori.masking import check_digit
from tests.small_evidence import RULE, lines, started

# Made up: no list holds these words, no wallet has this key, and the number is that of nobody known.
WORDS = [
    "qavora",
    "lumbit",
    "trezon",
    "fiskal",
    "mordun",
    "pelvac",
    "sintor",
    "galbex",
    "nirvol",
    "dastem",
    "wombir",
    "zultak",
]
KEY = "5a17" * 16
NUMBER = "12345678901" + str(check_digit("12345678901"))
BLOCK = "-----BEGIN EC PRIVATE KEY-----\nTm90IGEga2V5IGF0IGFsbCwgb25seSB0ZXh0\n-----END EC PRIVATE KEY-----"
SECRETS = (*WORDS, KEY, NUMBER, "Tm90IGEga2V5")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("masked")
    (root / "evidence").mkdir()
    (root / "rules").mkdir()
    (root / "rules" / "rule.yml").write_text(
        RULE.replace("ParentImage", "CommandLine|contains: ' ', ParentImage")
    )
    line = f"notepad.exe {' '.join(WORDS)} privateKey={KEY} no {NUMBER} {BLOCK}"
    events = [started(n, CommandLine=("x" * n * 20 + " " + line)) for n in range(1, 12)]
    (root / "evidence" / "sysmon.json").write_bytes(lines(events))
    arguments = ["hunt", str(root / "evidence"), "--rules", str(root / "rules"), "--case", str(root / "case")]
    assert run(arguments) == 0
    return root


def test_no_file_of_the_case_tells_a_secret(case: Path) -> None:
    files = [file for file in (case / "case").rglob("*") if file.is_file() and "store" not in file.parts]
    findings = [json.loads(line) for line in (case / "case" / "findings.jsonl").read_text().splitlines()]
    assert "[masked: words like a seed phrase]" in json.dumps(findings)
    told = {
        (file.name, secret) for file in files for secret in SECRETS if secret.encode() in file.read_bytes()
    }
    assert told == set()


def test_show_tells_none_either(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert (
        run(["show", "sysmon.json#1", "--case", str(case / "case"), "--evidence", str(case / "evidence")])
        == 0
    )
    shown = capsys.readouterr().out
    assert "[masked: words like a seed phrase]" in shown
    assert [secret for secret in SECRETS if secret in shown] == []
