"""Rules in SigmaHQ's words speak on what watches endpoints without Sysmon."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sakimori.detection.sigma import Engine, load_pack
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import reader_of
from sakimori.records.batch import Batch
from sakimori.records.catalogue import catalogue
from tests.evidence.test_golden import GOLDEN, of
from tests.evidence.test_rules_on_other_logs import RULE

WINDOWS = "{category: process_creation, product: windows}"
MACOS = "{category: process_creation, product: macos}"
LINUX = "{category: process_creation, product: linux}"
FILE = "{category: file_event, product: macos}"


def logs_that_speak(folder: Path, family: str, logsource: str, selection: Any) -> set[str]:
    """Logs of a family's golden samples on which a rule with one selection fires."""
    text = RULE.format(logsource=logsource, selection=json.dumps(selection))
    (folder / "rule.yml").write_text(text, encoding="utf-8")
    engine = Engine(load_pack((folder,), None), catalogue())
    plan, spoke = engine.plan(), set()
    for sample in tomllib.loads((GOLDEN / f"{family}.toml").read_text("utf-8"))["sample"]:
        source = of(sample)
        reader = reader_of(source.head, READERS, source.path)
        for batch in reader.read(source, plan) if reader else ():
            if isinstance(batch, Batch) and engine.look(batch) is not None:
                spoke.add(batch.stream.log.name)
    return spoke


@pytest.mark.parametrize(
    ("family", "logsource", "selection", "logs"),
    [
        (
            "macos_es",
            MACOS,
            {"Image|endswith": "/osascript", "CommandLine|contains": "-e display", "ParentImage": "/bin/zsh"},
            {"macos_es_exec"},
        ),
        ("macos_es", FILE, {"TargetFilename|contains": "/Library/LaunchAgents/"}, {"macos_es_create"}),
        ("macos_es", FILE, {"TargetFilename": "/Users/Shared/b"}, {"macos_es_rename"}),
        (
            "santa",
            MACOS,
            {"Image|endswith": "/osascript", "CommandLine": "osascript -e x"},
            {"santa_execution"},
        ),
        ("santa", MACOS, {"Image|endswith": "/curl", "User": "mei"}, {"santa_exec"}),
        (
            "osquery",
            MACOS,
            {"Image": "/usr/bin/curl", "CommandLine|contains": "-o /tmp"},
            {"osquery_es_process"},
        ),
        (
            "crowdstrike",
            WINDOWS,
            {
                "Image|endswith": r"\cmd.exe",
                "ParentImage|endswith": r"\explorer.exe",
                "IntegrityLevel": "Medium",
                "Hashes|contains": "SHA256=abab",
            },
            {"crowdstrike_process_win"},
        ),
        ("crowdstrike", MACOS, {"CommandLine|contains": "dump-trust"}, {"crowdstrike_process_mac"}),
        (
            "crowdstrike",
            LINUX,
            {"Image|endswith": "/id", "ParentImage|endswith": "/bash"},
            {"crowdstrike_process_linux"},
        ),
        (
            "crowdstrike",
            "{category: registry_set, product: windows}",
            {"TargetObject|contains": "\\CurrentVersion\\Run\\Update", "Details|endswith": r"\u.exe"},
            {"crowdstrike_start_entry"},
        ),
        (
            "crowdstrike",
            "{category: dns_query, product: windows}",
            {"QueryName|endswith": ".example.com", "Image|endswith": r"\cmd.exe"},
            {"crowdstrike_dns_win"},
        ),
        (
            "crowdstrike",
            "{category: network_connection, product: linux}",
            {"DestinationIp": "203.0.113.9", "Initiated": "false"},
            {"crowdstrike_network_linux"},
        ),
        (
            "sentinelone",
            WINDOWS,
            {"Image|endswith": r"\cmd.exe", "ParentCommandLine": "explorer.exe", "IntegrityLevel": "Medium"},
            {"sentinelone_process_win"},
        ),
        (
            "sentinelone",
            LINUX,
            {"Image": "/usr/bin/id", "ParentImage": "/bin/bash"},
            {"sentinelone_process_linux"},
        ),
        ("shell_history", LINUX, {"CommandLine|startswith": "uname"}, {"shell_history_linux"}),
        ("shell_history", MACOS, {"CommandLine|contains|all": ["curl", "chmod"]}, {"shell_history_macos"}),
        (
            "shell_history",
            "{category: ps_script, product: windows}",
            {"ScriptBlockText|contains": "Get-Process"},
            {"shell_history_powershell"},
        ),
    ],
)
def test_a_rule_speaks(
    tmp_path: Path, family: str, logsource: str, selection: dict[str, Any], logs: set[str]
) -> None:
    assert logs_that_speak(tmp_path, family, logsource, selection) == logs


@pytest.mark.parametrize("category", ["process_creation", "file_event"])
def test_eslogger_answers_for_every_field_of_the_packs_rules(
    shared: Callable[[str], Path], category: str
) -> None:
    log = catalogue()["macos_es_exec" if category == "process_creation" else "macos_es_create"]
    asked = set()
    for file in (shared("sigma") / "rules" / "macos" / category).glob("*.yml"):
        detection = yaml.safe_load(file.read_text("utf-8"))["detection"]
        asked |= {name for part in detection.values() for name in _fields(part)}
    # Endpoint Security does not tell how the parent was started; only Windows programs have an original name.
    assert asked - set(log.aliases) - set(log.columns) <= {"ParentCommandLine", "OriginalFileName"}


def _fields(part: Any) -> set[str]:
    if isinstance(part, list):
        return {name for one in part for name in _fields(one)}
    return {name.partition("|")[0] for name in part} if isinstance(part, dict) else set()
