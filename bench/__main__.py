"""`make bench OPTIONS="speed evtx rules memory"`: each prints a Markdown table of what it measured."""

from __future__ import annotations

import json
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import data
from bench.evtx import evtx
from bench.measure import Run, measured, sakimori
from bench.rules import rules


def speed(folder: Path) -> None:
    """NDJSON end to end with the whole SigmaHQ pack, cold and warm, and the yardstick on the same events."""
    if not data.OTRF.exists():
        print("speed: not measured, the OTRF sets are not beside this checkout")
        return
    events, size = data.otrf_lines(_made(folder / "lines"), copies=4)
    print(
        f"\n{events:,} events, {size / 1e9:.2f} GB of JSON lines (OTRF, four times under other host names)\n"
    )
    print(
        "| run | events/s, reading | events/s, whole | wall s | CPU s | PSS MB |\n|---|---|---|---|---|---|"
    )
    cache = folder / "cache"
    for name in ("cold", "cached", "cached again"):
        case = folder / f"case-{name.replace(' ', '-')}"
        run = _hunt(folder / "lines", case, cache, folder)
        seconds = json.loads((case / "manifest.json").read_text())["seconds"]
        _row(name, run, events / seconds["read"], events / run.wall)
    _yardstick(folder, events)


def _yardstick(folder: Path, events: int) -> None:
    whole = folder / "whole.jsonl"
    with whole.open("wb") as out:
        for file in sorted((folder / "lines").iterdir()):
            # The yardstick knows no blank lines.
            out.write(b"".join(line for line in file.read_bytes().splitlines(True) if line.strip()))
    run = measured([sys.executable, str(data.YARDSTICK), str(whole), str(data.SIGMA)], folder)
    _row("yardstick (one core, no store, no findings)", run, 0, events / run.wall)
    print("\n```\n" + "\n".join(line[:200] for line in run.output.splitlines()[:4]) + "\n```")


def memory(folder: Path) -> None:
    """Peak memory over generated events: about one, four and ten millions of them."""
    print("\n| events | wall s | events/s | peak PSS MB |\n|---|---|---|---|")
    for hosts, days, rate in ((15, 10, 8000), (60, 10, 8000), (60, 25, 8000)):
        made = folder / f"scenario-{hosts}-{days}"
        measured(
            sakimori("scenario", made, "--hosts", hosts, "--days", days, "--rate", rate, "--compress", "zst"),
            folder,
        )
        case = folder / f"case-{hosts}-{days}"
        run = _hunt(made / "evidence", case, folder / "cache", folder)
        shutil.rmtree(made)
        records = json.loads((case / "manifest.json").read_text())["totals"]["records"]
        print(
            f"| {records:,} | {run.wall:.1f} | {records / run.wall:,.0f} | {run.peak / 1e6:.0f} |", flush=True
        )


def _hunt(evidence: Path, case: Path, cache: Path, folder: Path) -> Run:
    import os

    os.environ["SAKIMORI_CACHE"] = str(cache)
    rules = ["--rules", data.SIGMA] if data.SIGMA.exists() else []
    return measured(sakimori("hunt", evidence, "--case", case, *rules), folder)


def _row(name: str, run: Run, reading: float, whole: float) -> None:
    first = f"{reading:,.0f}" if reading else "-"
    print(
        f"| {name} | {first} | {whole:,.0f} | {run.wall:.1f} | {run.cpu:.1f} | {run.peak / 1e6:.0f} |",
        flush=True,
    )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


MEASUREMENTS: dict[str, Callable[[Path], None]] = {
    "speed": speed,
    "evtx": evtx,
    "rules": rules,
    "memory": memory,
}


def main(names: list[str]) -> None:
    """Run the measurements named, or all of them."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    for name in names or list(MEASUREMENTS):
        with tempfile.TemporaryDirectory() as folder:
            MEASUREMENTS[name](Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
