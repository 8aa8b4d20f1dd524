"""`python -m bench.detection scenarios|sets FILE [--seeds N] [--rules FOLDER] [--tier NAME]`.

Runs are kept in FILE (JSON lines) and not made twice; the tables of all of them are printed at the end.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

from bench.detection.runs import Run, keep, kept, run, scenario_runs
from bench.detection.sets import sets
from bench.detection.tables import tables


def main() -> None:
    """Make the runs that are asked for and print what all of FILE say."""
    parser = argparse.ArgumentParser(prog="python -m bench.detection", description=__doc__)
    parser.add_argument("what", choices=("scenarios", "sets"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--rules", type=Path, default=None)
    parser.add_argument("--tier", default="")
    asked = parser.parse_args()
    rules = (asked.rules,) if asked.rules else ()
    if asked.what == "sets":
        sets(rules, asked.file)
        return
    pack = asked.rules.name if asked.rules else "own"
    wanted = [one for one in scenario_runs(asked.seeds, pack) if asked.tier in ("", one.tier)]
    _make(wanted, rules, asked.file)
    print("\n".join(tables(kept(asked.file))))


def _make(wanted: list[Run], rules: tuple[Path, ...], file: Path) -> None:
    done, began = kept(file), perf_counter()
    left = [one for one in wanted if one.key not in done]
    for number, one in enumerate(left, 1):
        keep(file, one, run(one, rules))
        each = (perf_counter() - began) / number
        rest = each * (len(left) - number)
        print(
            f"{number}/{len(left)} {one.key} · {each:.0f} s each, {rest / 60:.0f} min left", file=sys.stderr
        )


if __name__ == "__main__":
    main()
