"""Jobs for a confined process: each does to its limits what a parser of a hostile file may do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def misbehaving(setting: Mapping[str, Any]) -> Answer:
    """What the question names is done; `setting` comes back with a plain answer."""
    deeds: Mapping[str, Callable[[], object]] = {
        "much memory": lambda: bytearray(2 << 30),
        "no end": lambda: time.sleep(60),
        "much work": _work,
        "failing": lambda: list[int]()[1],
        "dying": lambda: os._exit(7),
        "writing": lambda: _write(Path(setting["folder"]) / "left-behind"),
        "printing": lambda: print('{"answer": "a lie"}', flush=True),
    }

    def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
        if question["do"] in deeds:
            deeds[question["do"]]()
        return {**setting, "environment": sorted(name for name in os.environ if "SECRET" in name)}

    return answer


def _write(path: Path) -> None:
    path.write_bytes(b"left behind")


def _work() -> None:
    while True:
        pass
