"""What a worker process does with a task: read it, let the rules look, write a segment; no more is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from sakimori.detection.sigma import Engine, load_pack, own_rules
from sakimori.detection.sigma.hits import hits
from sakimori.detection.sigma.placeholders import read_lists
from sakimori.detection.sigma.tally import to_json
from sakimori.detection.yara import Scanner, YaraPack, load_yara, own_yara
from sakimori.engine.workers import Report
from sakimori.evidence.files.reader import Files
from sakimori.evidence.generic import known_logs
from sakimori.evidence.intake import Intake
from sakimori.evidence.reader import Reader
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import Task
from sakimori.records.batch import Batch
from sakimori.records.clock import Zone
from sakimori.records.store import Store
from sakimori.setting import Setting


def rules(setting: Setting) -> Engine:
    """The Sigma engine over the rules and logs of this hunt."""
    lists = read_lists(setting.placeholders)
    folders = setting.rules or (own_rules(),)
    pack = load_pack(folders, setting.cache, absence=setting.absence, placeholders=lists)
    return Engine(pack, known_logs(setting.mappings), setting.cache)


def yara(setting: Setting) -> YaraPack:
    """The YARA rules of this hunt: the person's own beside Sakimori's."""
    return load_yara((own_yara(), *setting.yara), setting.cache or setting.case / "store")


def readers(setting: Setting) -> Sequence[Reader]:
    """What reads logs; nothing where a person says that the evidence is files."""
    return () if setting.files else READERS


def intake(setting: Setting, report: Report) -> Callable[[Task], str]:
    """The job of a worker: a task in, its name out once its segment is ready to publish."""
    engine, patterns = rules(setting), yara(setting)
    scan = Scanner(patterns.compiled) if patterns.compiled else None

    def look(batch: Batch, member: int) -> pa.RecordBatch | None:
        fired = engine.look(batch)
        if fired is None:
            return None
        return hits(batch.stream.log, fired, batch.members(member), batch.originals(fired))

    return Intake(
        store=Store(setting.case / "store"),
        plan=engine.plan(),
        readers=readers(setting),
        look=look,
        tally=lambda: to_json(engine.tallies()),
        fingerprint=f"{engine.pack.fingerprint} {engine.catalogue.fingerprint} {patterns.fingerprint}",
        zone=Zone(setting.zone),
        progress=report,
        files=Files(scan),
    ).run
