"""The page on readers shows the code and the catalogue as they are."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

from sakimori.evidence.zeek_json import ZeekJson
from sakimori.records import logs
from tests.evidence.reading import read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-reader.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_reader_on_the_page_is_the_reader_in_the_tree() -> None:
    assert blocks("python")[0] == inspect.getsource(ZeekJson)


def test_the_log_on_the_page_is_the_log_in_the_catalogue() -> None:
    shown = tomllib.loads(blocks("toml")[0])
    file = Path(inspect.getfile(logs)).parent / "windows_sysmon.toml"
    real = tomllib.loads(file.read_text(encoding="utf-8"))
    assert shown["defaults"] == real["defaults"]
    assert shown["log"] == [log for log in real["log"] if log["name"] == "windows_sysmon_2"]


def test_the_line_of_the_page_is_read() -> None:
    line = re.search(r"b'(\{.*?\})\\n'", blocks("python")[1])
    assert line is not None
    rows, unread = read(ZeekJson(), line[1].encode() + b"\n")
    assert ([row["log"] for row in rows], unread) == (["zeek_conn"], [])
