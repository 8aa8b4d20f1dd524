"""What org.yml expects is marked and founds no incident; everything just beside it still does."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.build import incidents
from sakimori.incidents.context import Context
from sakimori.organisation import Asset, Organisation, common, expected, weights

OWN = Organisation(
    domains=("example.com",),
    egress=(ip_network("203.0.113.0/28"),),
    remote_tools=("TeamViewer",),
    administrators=("EXAMPLE\\adm-mori",),
    scanners=("scan01", "192.0.2.9"),
    jump_hosts=("jump01",),
    monitoring=("mon01",),
    backup_servers=("10.0.1.9",),
    service_providers=("msp.example.net", "198.51.100.0/28"),
    assets=(Asset(name="sign01", what="signing", weight=1.0),),
)


def finding(*subjects: Subject, techniques: tuple[str, ...], **changed: object) -> Finding:
    made = Finding(
        detector="sigma:x", title="t", severity=Severity.MEDIUM, confidence="high", techniques=techniques,
        subjects=subjects, first_seen=0, last_seen=0, count=1, places=(), because="b",
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


SCAN = finding(Subject("host", "scan01"), techniques=("T1046",))
ADMIN = finding(Subject("host", "ws01"), Subject("account", "example\\adm-mori"), techniques=("T1021.001",))
TOOL = finding(
    Subject("host", "ws01"), Subject("process", "c:\\x\\teamviewer.exe"), techniques=("T1219.002",)
)
TOLD = finding(
    Subject("host", "ws01"), techniques=("T1219.002",), detector="behaviour:remote_tool_first_seen",
    facts={"field.tool": "TeamViewer"},
)  # fmt: skip
PROVIDER = finding(Subject("host", "ws01"), Subject("address", "198.51.100.3"), techniques=("T1133",))
BY_ADDRESS = finding(Subject("address", "192.0.2.9"), techniques=("T1046",))
EDGE = "behaviour:new_administration_edge"
JUMP = finding(
    Subject("address", "10.0.1.7"), Subject("address", "10.0.0.5"), Subject("host", "jump01"),
    techniques=("T1021",), detector=EDGE, facts={"resolved.jump01": "10.0.1.7: dhcp"},
)  # fmt: skip
MONITOR = finding(
    Subject("host", "mon01"), techniques=("T1021", "T1046"), detector="behaviour:administration_fan_out"
)
BACKUP = finding(
    Subject("address", "10.0.1.9"), techniques=("T1048",), detector="behaviour:many_streams_at_once"
)


@pytest.mark.parametrize("given", [JUMP, MONITOR, BACKUP, SCAN, ADMIN, TOOL, TOLD, PROVIDER, BY_ADDRESS])
def test_what_is_expected_is_marked_in_both_tongues(given: Finding) -> None:
    (marked,) = expected([given], OWN)
    assert "org.yml" in marked.facts["expected"]
    assert marked.facts["expected_ja"] != marked.facts["expected"]
    assert replace(marked, facts=given.facts) == given


@pytest.mark.parametrize(
    "given",
    [
        replace(SCAN, techniques=("T1046", "T1003")),
        replace(SCAN, techniques=()),
        replace(JUMP, facts={"resolved.jump01": "10.0.0.5: dhcp"}),
        replace(JUMP, detector="behaviour:host_sent_far_more_than_usual"),
        replace(MONITOR, detector="behaviour:many_streams_at_once"),
        replace(BACKUP, detector="behaviour:server_called_new_address"),
        replace(SCAN, subjects=(Subject("host", "ws01"), Subject("address", "192.0.2.9"))),
        replace(ADMIN, severity=Severity.HIGH),
        replace(ADMIN, techniques=("T1003.001",)),
        replace(TOOL, subjects=(Subject("host", "ws01"), Subject("process", "c:\\x\\anydesk.exe"))),
        replace(TOLD, facts={"field.tool": "AnyDesk"}),
        replace(PROVIDER, subjects=(Subject("host", "ws01"), Subject("address", "198.51.100.99"))),
    ],
)
def test_just_beside_it_nothing_is_marked(given: Finding) -> None:
    assert list(expected([given], OWN)) == [given]


def test_an_expected_finding_founds_no_incident() -> None:
    loud = replace(SCAN, severity=Severity.HIGH)
    assert len(incidents([loud], Context())) == 1
    assert incidents(list(expected([loud], OWN)), Context()) == ()


def test_ones_own_ways_out_and_domains_are_everybodys() -> None:
    mine, other = Subject("address", "203.0.113.5"), Subject("address", "203.0.113.99")
    name = Subject("domain", "example.com")
    assert common([finding(mine, other, name, techniques=())], OWN) == {mine, name}


def test_assets_weigh_as_machines_and_as_accounts() -> None:
    assert weights(OWN) == {Subject("account", "sign01"): 1.0, Subject("host", "sign01"): 1.0}
