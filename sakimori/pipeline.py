"""The whole way on one screen: evidence -> records -> tables -> findings -> incidents -> a case to show."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from time import perf_counter

from sakimori import account
from sakimori.detection.dlp.looking import looking, with_dlp
from sakimori.detection.indicators import match
from sakimori.detection.run_behaviours import hear
from sakimori.detection.sigma.correlated import correlated
from sakimori.detection.sigma.coverage import coverage
from sakimori.detection.sigma.findings import findings_of
from sakimori.detection.yara import with_yara
from sakimori.engine.local import Local
from sakimori.engine.workers import Report, Workers
from sakimori.evidence.acquisitions import with_acquisitions
from sakimori.evidence.discover import discover
from sakimori.evidence.tasks import Task, same_content, tasks
from sakimori.identities import Identities
from sakimori.incidents.build import incidents
from sakimori.incidents.trail import trails
from sakimori.organisation import expected
from sakimori.records.ledger import ledger
from sakimori.records.store import Store
from sakimori.response.case import Case
from sakimori.response.known_activity import with_known_activity
from sakimori.setting import Setting
from sakimori.silence import with_reasons
from sakimori.worker import intake, readers, rules, yara


def hunt(setting: Setting, report: Report, stage: Callable[[str], None]) -> Case:
    """The finished case. `report` hears (path, bytes, records) as files are read, `stage` what is done."""
    began, seconds = perf_counter(), dict[str, float]()
    stage("rules")
    house, engine = account.own(setting), rules(setting)
    found = discover(setting.evidence)
    twice = same_content(found.files, readers(setting))
    files = [file for file in found.files if file.path not in twice]
    account.announce(report, files)
    with closing(Store(setting.case / "store").open()) as store:
        seconds["start"] = perf_counter() - began
        stage("read")
        work: Workers[Task, str] = Workers(setting.workers, intake, setting, report)
        hashes: dict[str, str] = {}
        done: set[str] = set()
        for name in work.run(account.tasks_of(tasks(files, readers(setting)), hashes)):
            store.publish(name)
            done.add(name)
        store.retain(done)
        store.compact()
        seconds["read"] = perf_counter() - began - seconds["start"]
        stage("judge")
        book = ledger(store.members(), hashes, engine.catalogue, setting.zone)
        by_id = {rule.id: rule for rule in engine.pack.rules}
        hits = account.hits_of(store, book, setting)
        sigma = findings_of(hits, by_id, engine.catalogue, engine.pack.quiet)
        with Local(store, engine.catalogue, setting.memory, store.root / "spill", twice=book.twice) as local:
            heard = hear(local, cache=setting.cache)
            met = match.hear(local, setting.indicators, store.root / "spill")
            met = with_yara(met, local, yara(setting))
            met = with_dlp(met, local, looking(setting.dlp))
            ordered = account.in_order(local, store, book, engine.pack, setting)
            linked = correlated(ordered, engine.pack, engine.catalogue, account.reach(book))
            doubles = account.doubles_of(local, engine.catalogue)
            said = account.in_time((*sigma.findings, *linked, *heard.findings, *met.findings), setting)
            told, who = Identities.learn(local, book.paths, said).resolve(said)
            hushed = account.hushed(tuple(expected(told, house)), house, store, book)
            findings = hushed.findings
            estate = account.estate(local, book, house, findings)
            covered = account.with_correlations(
                coverage(engine, book.logs, sigma.events), engine.pack, linked
            )
            covered = with_reasons(covered, engine, store, local, setting)
            seconds["judge"] = perf_counter() - began - seconds["start"] - seconds["read"]
            stage("join")
            joined = incidents(findings, estate, account.published(setting.case))
            followed = trails(joined, local, engine.catalogue)
        seen = account.with_indicators(account.with_behaviours(covered, heard), met)
        seconds["whole"] = perf_counter() - began
        manifest = account.manifest(found, twice, book, engine.pack, doubles, who, seconds)
        manifest = account.with_suppressions(with_acquisitions(manifest, found.files), hushed)
        manifest = account.with_bundles(manifest, met, setting)
        case = Case(
            findings=findings,
            incidents=joined,
            manifest=manifest,
            coverage=seen,
            trails=followed,
            originals=account.originals_of(store, book, joined, manifest),
            zone=setting.zone,
            lang=setting.lang,
        )
        return with_known_activity(case, setting.case)
