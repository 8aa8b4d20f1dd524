"""What more rules cost: the same events read by one worker with ever larger packs."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from bench import data
from sakimori.detection.sigma import load_pack
from sakimori.detection.sigma.pack import documents
from sakimori.evidence.discover import discover
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import Task, tasks
from sakimori.records.store import Store
from sakimori.setting import Setting
from sakimori.worker import intake

SIZES = (100, 1_000, 0, 10_000)  # 0 is the pack as it is
LARGEST = 20 << 20  # bytes of a set that is read


def rules(folder: Path) -> None:
    """Processor time an event of one worker, second reading, with 100, 1,000, all and 10,000 rules."""
    if not (data.OTRF.exists() and data.SIGMA.exists()):
        print("rules: not measured, the OTRF sets or the SigmaHQ pack are not beside this checkout")
        return
    evidence = folder / "lines"
    evidence.mkdir()
    data.otrf_lines(evidence, copies=1, largest=LARGEST)
    known = [one for one in documents([data.SIGMA]) if isinstance(one, dict) and "detection" in one]
    found = [_measured(known, size or len(known), evidence, folder / f"{size}") for size in SIZES]
    print("\n| rules loaded | pack from the cache, s | us an event | against 1,000 |\n|---|---|---|---|")
    for loaded, start, cost in found:
        print(f"| {loaded:,} | {start:.2f} | {cost:.1f} | {cost / found[1][2]:.2f} |", flush=True)


def _measured(
    known: list[dict[str, Any]], size: int, evidence: Path, folder: Path
) -> tuple[int, float, float]:
    """Rules loaded, seconds to load them from the cache, microseconds of processor time an event."""
    pack = folder / "pack"
    pack.mkdir(parents=True)
    (pack / "rules.yml").write_text(yaml.safe_dump_all(_rules(known, size)), encoding="utf-8")
    loaded = len(load_pack([pack], folder / "cache").rules)
    began = perf_counter()
    load_pack([pack], folder / "cache")
    return loaded, perf_counter() - began, _cost(pack, evidence, folder)


def _cost(pack: Path, evidence: Path, folder: Path) -> float:
    setting = Setting(evidence=(evidence,), case=folder / "case", rules=(pack,), cache=folder / "cache")
    job = intake(setting, lambda *facts: None)
    cut = [task for task in tasks(discover([evidence]).files, READERS) if isinstance(task, Task)]
    _read(job, cut, setting)  # compiles what the logs need
    gc.disable()
    began = process_time()
    records = _read(job, cut, setting)
    seconds = process_time() - began
    gc.enable()
    return seconds / records * 1e6


def _read(job: Any, cut: list[Task], setting: Setting) -> int:
    """Records of the tasks, each written and published as in a hunt."""
    shutil.rmtree(setting.case, ignore_errors=True)
    with Store(setting.case / "store").open() as store:
        for task in cut:
            store.publish(job(task))
        return sum(member.get("records", 0) for member in store.members())


def _rules(known: list[dict[str, Any]], size: int) -> Iterator[Mapping[str, Any]]:
    """So many rules: some of the pack, evenly chosen, or the pack and then variants of it."""
    if size <= len(known):
        yield from (known[number * len(known) // size] for number in range(size))
        return
    for number in range(size):
        round_, place = divmod(number, len(known))
        yield _variant(known[place], round_) if round_ else known[place]


def _variant(rule: Mapping[str, Any], round_: int) -> Mapping[str, Any]:
    """A rule of its own: the same conditions over texts that are not those of any other rule."""
    detection = {
        name: part if name == "condition" else _varied(part, round_)
        for name, part in rule["detection"].items()
    }
    return {**rule, "id": str(uuid5(NAMESPACE_URL, f"{rule['id']} {round_}")), "detection": detection}


def _varied(part: Any, round_: int) -> Any:
    if isinstance(part, dict):
        # Expressions, addresses and the like would no longer be what they must be.
        return {key: _varied(value, round_) if _plain(key) else value for key, value in part.items()}
    if isinstance(part, list):
        return [_varied(value, round_) for value in part]
    if isinstance(part, str) and len(part) > 4:
        return f"{part[:3]}{round_}{part[3:]}"
    return part


def _plain(key: str) -> bool:
    return set(key.split("|")[1:]) <= {"contains", "startswith", "endswith", "all", "windash"}
