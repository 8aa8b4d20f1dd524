"""A small invented case to look at: three incidents, forty-odd findings, the blindness of a real network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sakimori.coverage import Blind, Coverage, LogSeen, RuleState
from sakimori.findings import Finding, Place, Severity, Subject
from sakimori.incidents.incident import Incident, ScorePart
from sakimori.incidents.reasons import part
from sakimori.records.clock import instant
from sakimori.records.manifest import FileEntry, Manifest, Refused, UnreadRow
from sakimori.response.case import Case, Original

WINDOWS = "windows/winlogbeat-2026.03.03.ndjson"
ZEEK = "zeek/2026-03-03.zip!conn.log"
SHA = hashlib.sha256(b"sample").hexdigest()

# time, host, title, severity, techniques, other subjects, count, kind
_STEPS = (
    (
        "2026-03-03T09:12:04Z",
        "dev-07",
        "Script host started from a downloaded archive",
        "high",
        ("T1204.002", "T1059.007"),
        (
            "account:EXAMPLE\\m.sato",
            "process:C:\\Windows\\System32\\wscript.exe",
            "file:C:\\Users\\m.sato\\Downloads\\Interview_Task.zip",
        ),
        1,
        "process",
    ),
    (
        "2026-03-03T09:12:31Z",
        "dev-07",
        "Node.js package hook starts a shell",
        "high",
        ("T1059.003", "T1195.002"),
        ("account:EXAMPLE\\m.sato", "process:C:\\Program Files\\nodejs\\node.exe"),
        3,
        "process",
    ),
    (
        "2026-03-03T09:13:02Z",
        "dev-07",
        "First contact with an address nobody else talks to",
        "medium",
        ("T1071.001",),
        ("address:203.0.113.77", "domain:cdn.updates.example.net"),
        41,
        "network",
    ),
    (
        "2026-03-03T09:21:40Z",
        "dev-07",
        "Host and account listing in a short time",
        "low",
        ("T1033", "T1082", "T1016"),
        ("account:EXAMPLE\\m.sato",),
        9,
        "process",
    ),
    (
        "2026-03-03T09:48:10Z",
        "dev-07",
        "Program written to a public folder and started",
        "high",
        ("T1105", "T1036.005"),
        ("file:C:\\Users\\Public\\svc_host.exe",),
        2,
        "file",
    ),
    (
        "2026-03-03T10:02:55Z",
        "dev-07",
        "Run key points at a user-writable path",
        "medium",
        ("T1547.001",),
        (
            "registry_key:HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\SvcHost",
            "file:C:\\Users\\Public\\svc_host.exe",
        ),
        1,
        "registry",
    ),
    (
        "2026-03-03T11:30:18Z",
        "dev-07",
        "Memory of the security process is read",
        "critical",
        ("T1003.001",),
        ("process:C:\\Users\\Public\\svc_host.exe", "account:EXAMPLE\\m.sato"),
        1,
        "process",
    ),
    (
        "2026-03-03T12:05:00Z",
        "sign-01",
        "Sign-in with an administrator account from a developer's machine",
        "high",
        ("T1078.002", "T1021.002"),
        ("account:EXAMPLE\\adm.kondo", "address:10.20.4.17"),
        4,
        "sign-in",
    ),
    (
        "2026-03-03T12:06:44Z",
        "sign-01",
        "Service installed with a random name",
        "high",
        ("T1543.003", "T1569.002"),
        ("service:qJxTbvZa", "account:EXAMPLE\\adm.kondo"),
        1,
        "service",
    ),
    (
        "2026-03-03T13:40:12Z",
        "sign-01",
        "Wallet key store copied to a temporary folder",
        "critical",
        ("T1005", "T1074.001"),
        ("file:D:\\signing\\keys\\hot-wallet-2.json", "account:EXAMPLE\\adm.kondo"),
        2,
        "file",
    ),
    (
        "2026-03-03T14:11:09Z",
        "sign-01",
        "Large upload to an address first seen today",
        "high",
        ("T1041",),
        ("address:203.0.113.77",),
        6,
        "network",
    ),
    (
        "2026-03-03T14:30:00Z",
        "sign-01",
        "Security event log cleared",
        "critical",
        ("T1070.001",),
        ("account:EXAMPLE\\adm.kondo",),
        1,
        "log",
    ),
)


def finding(
    step: tuple[str, str, str, str, tuple[str, ...], tuple[str, ...], int, str], n: int = 0
) -> Finding:
    when, host, title, severity, techniques, others, count, kind = step
    clock = instant(when)
    assert clock is not None
    subjects = (Subject("host", host), *(Subject(*text.split(":", 1)) for text in others))
    rule = hashlib.md5(title.encode(), usedforsecurity=False).hexdigest()
    return Finding(
        detector=f"sigma:{rule[:8]}-{rule[8:12]}-4{rule[13:16]}-a{rule[17:20]}-{rule[20:32]}",
        title=title,
        severity=Severity.from_word(severity),
        confidence="high" if severity in ("high", "critical") else "medium",
        techniques=techniques,
        subjects=subjects,
        first_seen=clock,
        last_seen=clock + (count - 1) * 41_000_000,
        count=count,
        places=tuple(
            Place(WINDOWS if kind != "network" else ZEEK, 1200 + 17 * n + i, 98_211 * (n + 1) + i * 2210)
            for i in range(count)
        ),
        because=f"{others[0].split(':', 1)[1]} was seen on {host} in {count} events.",
        facts={"kind": kind, "falsepositives": "Administrators who do this by hand; ask the change calendar"},
        source={"author": "Sakimori", "license": "Apache-2.0", "url": "https://example.org/rules"},
    )


def original(found: Finding) -> tuple[Original, ...]:
    value = found.subjects[-1].value
    return tuple(
        Original(
            file=p.file,
            record=p.record,
            offset=p.offset,
            sha256=SHA,
            text=json.dumps(
                {
                    "@timestamp": "2026-03-03T09:12:04.000Z",
                    "host": {"name": found.subjects[0].value},
                    "winlog": {"channel": "Security", "event_data": {"Value": value}},
                    "labels": {"synthetic": "SAKIMORI-SYNTHETIC"},
                }
            ),
            matched=(json.dumps(value)[1:-1], found.subjects[0].value),
        )
        for p in found.places[:5]
    )


def parts(found: tuple[Finding, ...], stages: tuple[str, ...], *points: float) -> tuple[ScorePart, ...]:
    worst = max(found, key=lambda f: f.severity)
    hosts = sorted({f.subjects[0].value for f in found})
    asked: tuple[tuple[str, dict[str, object]], ...] = (
        (
            "strength",
            {
                "title": worst.title,
                "severity": worst.severity.word,
                "confidence": worst.confidence,
                "n": len({f.detector for f in found}),
            },
        ),
        ("stages", {"n": len(stages), "stages": ", ".join(stages)}),
        ("spread", {"n": len(hosts), "hosts": ", ".join(hosts)}),
        ("goal", {"goals": "credentials, exfiltration"}),
    )
    return tuple(part(name, value, **facts) for (name, facts), value in zip(asked, points, strict=False))


def incident(
    rank: int,
    points: tuple[float, ...],
    title: str,
    found: tuple[Finding, ...],
    stages: tuple[str, ...],
) -> Incident:
    subjects: dict[Subject, None] = {}
    for one in found:
        subjects.update(dict.fromkeys(one.subjects))
    times = [f.first_seen for f in found if f.first_seen is not None]
    score_parts = parts(found, stages, *points)
    return Incident(
        id=f"inc-{found[0].id[:12]}",
        rank=rank,
        score=sum(one.points for one in score_parts),
        score_parts=score_parts,
        title=title,
        findings=found,
        subjects=tuple(subjects),
        techniques=tuple(sorted({t for f in found for t in f.techniques})),
        stages=stages,
        first_seen=min(times),
        last_seen=max(f.last_seen or 0 for f in found),
    )


def make_case(zone: str = "UTC", lang: str = "en") -> Case:
    """The case; the same on every call."""
    chain = tuple(finding(step, n) for n, step in enumerate(_STEPS))
    build = tuple(
        finding(
            (
                f"2026-03-04T0{h}:15:00Z",
                "build-02",
                title,
                severity,
                techniques,
                ("account:EXAMPLE\\svc-build",),
                h,
                "process",
            ),
            40 + h,
        )
        for h, (title, severity, techniques) in enumerate(
            (
                ("PowerShell with an encoded command", "medium", ("T1059.001", "T1027")),
                ("Scheduled task made from a script", "medium", ("T1053.005",)),
                ("Archive program packs a source tree", "low", ("T1560.001",)),
            ),
            1,
        )
    )
    desk = tuple(
        finding(
            (
                f"2026-03-05T1{h}:00:00Z",
                f"desk-{h:02}",
                "Remote help program started",
                "low",
                ("T1219",),
                ("process:C:\\Program Files\\TightVNC\\tvnserver.exe", "account:EXAMPLE\\helpdesk"),
                2,
                "process",
            ),
            60 + h,
        )
        for h in range(4)
    )
    lone = tuple(
        finding(
            (
                f"2026-03-0{1 + h % 6}T{8 + h % 12:02}:{h:02}:00Z",
                f"desk-{h:02}",
                f"Directory search tool, variant {h % 5}",
                ("informational", "low", "medium")[h % 3],
                ("T1087.002",),
                (f"account:EXAMPLE\\user{h:02}",),
                1 + h,
                "process",
            ),
            80 + h,
        )
        for h in range(24)
    )
    incidents = (
        incident(
            1,
            (31.0, 24.0, 12.0, 9.5),
            "From a developer's laptop to the signing server",
            chain,
            (
                "way_in",
                "foothold",
                "look_round",
                "tool_up",
                "hide_and_persist",
                "spread",
                "reach_the_goal",
                "erase_or_destroy",
            ),
        ),
        incident(2, (9.0, 8.0, 3.0), "Encoded commands on build-02", build, ("foothold", "hide_and_persist")),
        incident(3, (3.0, 2.0), "Remote help program on four desks", desk, ("tool_up",)),
    )
    findings = tuple(sorted((*chain, *build, *desk, *lone), key=lambda f: (f.first_seen or 0, f.id)))
    return Case(
        findings=findings,
        incidents=incidents,
        manifest=_manifest(),
        coverage=_coverage(findings),
        originals={f.id: original(f) for f in (*chain, *build)},
        zone=zone,
        lang=lang,
    )


def _manifest() -> Manifest:
    start, end = instant("2026-03-01T00:00:00Z"), instant("2026-03-05T23:59:58Z")
    return Manifest(
        files=(
            FileEntry(
                path=WINDOWS,
                sha256=SHA,
                bytes=41_882_114,
                format="ndjson",
                records=184_220,
                unread=2,
                logs=(("sysmon", 151_002), ("windows_security", 33_218)),
                first_seen=start,
                last_seen=end,
                clock="UTC in the record",
                synthetic=True,
            ),
            FileEntry(
                path=ZEEK,
                sha256=SHA[::-1],
                bytes=9_120_300,
                format="zeek_tsv",
                records=77_411,
                unread=0,
                logs=(("zeek_conn", 77_411),),
                first_seen=start,
                last_seen=end,
                clock="epoch seconds, UTC",
                synthetic=True,
            ),
            FileEntry(
                path="notes/readme.png",
                sha256=SHA[:32] + SHA[:32],
                bytes=18_221,
                format="not evidence",
                records=0,
                unread=0,
            ),
        ),
        unread=(
            UnreadRow(
                file=WINDOWS, record=90_112, offset=20_111_872, reason="not JSON: unexpected end of data"
            ),
            UnreadRow(
                file=WINDOWS,
                record=90_113,
                offset=20_114_010,
                reason="not JSON: control character in a string",
            ),
        ),
        totals={
            "files": 3,
            "bytes": 51_020_635,
            "hosts": 34,
            "records": 261_631,
            "unread": 2,
            "duplicates": 1_204,
        },
        rules_loaded=60,
        rules_refused=(
            Refused(
                name="sigma:00000000-0000-4000-8000-00000000c0de",
                title="Many failed sign-ins then one that works",
                reason="correlations come with the rules issue",
            ),
        ),
        seconds={"read": 3.1, "rules": 1.2, "whole": 5.4},
        versions={"sakimori": "0.1.0", "python": "3.11.2"},
    )


def _coverage(findings: tuple[Finding, ...]) -> Coverage:
    start, end = instant("2026-03-01T00:00:00Z"), instant("2026-03-05T23:59:58Z")
    spoke: dict[str, RuleState] = {}
    for one in findings:
        before = spoke.get(one.detector)
        state = RuleState(
            detector=one.detector,
            title=one.title,
            level=one.severity.word,
            state="spoke",
            events=one.count,
            reason="",
            techniques=one.techniques,
        )
        spoke[one.detector] = replace(state, events=one.count + (before.events if before else 0))
    others = tuple(
        RuleState(
            detector=f"sigma:00000000-0000-4000-8000-{n:012}",
            title=f"Watch number {n}",
            level="medium",
            state=("silent", "blind")[n % 2],
            events=0,
            reason="" if n % 2 == 0 else "no log for linux/auditd",
            techniques=(f"T{1010 + n * 7}",),
        )
        for n in range(60)
    )
    refused = RuleState(
        detector="sigma:00000000-0000-4000-8000-00000000c0de",
        title="Many failed sign-ins then one that works",
        level="high",
        state="refused",
        events=0,
        reason="correlations come with the rules issue",
        techniques=("T1110",),
    )
    states = (*spoke.values(), *others, refused)
    return Coverage(
        rules=len(states) - 1,
        able=len(spoke) + 30,
        spoke=len(spoke),
        refused=1,
        logs=(
            LogSeen(
                log="sysmon",
                title="Sysmon",
                records=151_002,
                first_seen=start,
                last_seen=end,
                hosts=31,
                rules=42,
            ),
            LogSeen(
                log="windows_security",
                title="Windows Security",
                records=33_218,
                first_seen=start,
                last_seen=end,
                hosts=31,
                rules=21,
            ),
            LogSeen(
                log="zeek_conn",
                title="Zeek connections",
                records=77_411,
                first_seen=start,
                last_seen=end,
                hosts=0,
                rules=3,
            ),
        ),
        blind=(
            Blind(logsource="windows/ps_script", rules=212, logs=("PowerShell script block logging (4104)",)),
            Blind(logsource="linux/auditd", rules=24, logs=("auditd",)),
            Blind(logsource="webserver", rules=6, logs=("Zeek http", "Apache access log")),
        ),
        states=states,
    )


def nothing_found() -> Case:
    """The same evidence on a quiet day."""
    case = make_case()
    quiet = replace(
        case.coverage,
        spoke=0,
        states=tuple(replace(s, state="silent") if s.state == "spoke" else s for s in case.coverage.states),
    )
    return replace(case, findings=(), incidents=(), originals={}, coverage=quiet)


def poisoned(text: str) -> Case:
    """A case in which every text that comes from evidence or from a rule pack is `text`."""
    case = make_case()
    first = finding(_STEPS[0])
    whole = text.replace("\ud800", "")  # ids are hashes of UTF-8, and records hold no half characters
    bad = replace(
        first,
        detector=f"sigma:{whole}",
        title=text,
        techniques=("T1059",),
        because=text,
        subjects=(
            Subject("host", whole),
            *(Subject(s.type, text) for s in first.subjects),
            Subject("address", text),
            Subject("url", text),
        ),
        places=(Place(text, 7, 77),),
        facts={"falsepositives": text, "kind": text, text: text},
        source={"author": text, "license": text, "url": text},
    )
    strange = ScorePart(name=text, points=3.5, because=text, lower_if=text, facts={"n": text})
    known = part("strength", 4.5, title=text, severity="high", confidence="low", n=1)
    titled = {"title_key": "single", "title": text, "host": text, "other": text, "more": "0", text: text}
    one = incident(1, (), text, (bad,), ("way_in",))
    one = replace(one, score=8.0, score_parts=(strange, known), techniques=("T1059",), facts=titled)
    entry = replace(case.manifest.files[0], path=text, format=text, clock=text, note=text, logs=((text, 3),))
    manifest = replace(
        case.manifest,
        files=(entry,),
        unread=(UnreadRow(file=text, record=1, offset=2, reason=text),),
        rules_refused=(Refused(name=text, title=text, reason=text),),
        versions={text: text},
    )
    coverage = replace(
        case.coverage,
        logs=(replace(case.coverage.logs[0], log=text, title=text),),
        blind=(Blind(logsource=text, rules=3, logs=(text,)),),
        states=tuple(
            RuleState(
                detector=text,
                title=text,
                level=text,
                state=state,
                events=1,
                reason=text,
                techniques=("T1059",),
            )
            for state in ("spoke", "silent", "blind", "refused")
        ),
    )
    source = Original(
        file=text, record=7, offset=77, sha256=SHA, text=f"before {text} after", matched=(text,)
    )
    return replace(
        case,
        findings=(bad,),
        incidents=(one,),
        manifest=manifest,
        coverage=coverage,
        originals={bad.id: (source,)},
    )


def many(n: int) -> Case:
    """A case of `n` findings, one incident of forty of them at the head."""
    found = tuple(
        finding(
            (
                f"2026-03-{1 + k % 28:02}T{k % 24:02}:{k % 60:02}:00Z",
                f"host-{k % 701:03}",
                f"Watch {k % 90} spoke",
                ("low", "medium", "high")[k % 3],
                ("T1059.001", f"T{1100 + k % 90}"),
                (f"account:EXAMPLE\\user{k}", f"process:C:\\Windows\\System32\\program{k}.exe"),
                1 + k % 7,
                "process",
            ),
            k,
        )
        for k in range(n)
    )
    unique = tuple({f.id: f for f in found}.values())
    assert len(unique) == n
    case = make_case()
    head = incident(1, (30.0, 20.0), "The forty", unique[:40], ("way_in", "spread"))
    ordered = tuple(sorted(unique, key=lambda f: (f.first_seen or 0, f.id)))
    return replace(
        case,
        findings=ordered,
        incidents=(head,),
        originals={f.id: original(f) for f in unique[:40]},
        coverage=_coverage(ordered),
    )


def finding_with(**changes: Any) -> Finding:
    """The first finding of the case, changed."""
    return replace(finding(_STEPS[0]), **changes)


def together(cases: Iterable[Case]) -> Case:
    """One case with the findings, incidents, files and rules of all."""
    every = list(cases)
    first = every[0]
    coverage = replace(
        first.coverage,
        logs=tuple(log for case in every for log in case.coverage.logs),
        blind=tuple(blind for case in every for blind in case.coverage.blind),
        states=tuple(state for case in every for state in case.coverage.states),
    )
    manifest = replace(
        first.manifest,
        files=tuple(entry for case in every for entry in case.manifest.files),
        unread=tuple(row for case in every for row in case.manifest.unread),
        rules_refused=tuple(one for case in every for one in case.manifest.rules_refused),
        versions={key: text for case in every for key, text in case.manifest.versions.items()},
    )
    incidents = [incident for case in every for incident in case.incidents]
    return replace(
        first,
        findings=tuple({f.id: f for case in every for f in case.findings}.values()),
        incidents=tuple(replace(one, rank=rank) for rank, one in enumerate(incidents, 1)),
        originals={key: texts for case in every for key, texts in case.originals.items()},
        manifest=manifest,
        coverage=coverage,
    )
