"""Reading and rules alone, one process, over any evidence: `python -m bench.reading FOLDER...`."""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

from sakimori.detection.sigma import Engine, load_pack, own_rules
from sakimori.evidence.reading import batches_of
from sakimori.records.catalogue import catalogue
from sakimori.records.clock import Zone


def rate(folder: Path, engine: Engine) -> tuple[int, float]:
    """Records of the folder, and the processor time of reading them and letting our own rules look."""
    rows, began = 0, process_time()
    for batch in batches_of([folder], engine.plan(), Zone()):
        engine.look(batch)
        rows += batch.data.num_rows
    return rows, process_time() - began


def main() -> None:
    """One line a folder; each is read twice, and the second time counts."""
    engine = Engine(load_pack([own_rules()]), catalogue())
    for name in sys.argv[1:]:
        rate(Path(name), engine)
        rows, seconds = rate(Path(name), engine)
        print(f"| {Path(name).name} | {rows:,} | {seconds:.2f} | {rows / seconds:,.0f} |")


if __name__ == "__main__":
    main()
