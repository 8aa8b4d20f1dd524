"""What an organisation expects of itself: such findings stay, marked, but found no incident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network

from sakimori.detection.behaviours.remote_tool_first_seen import TOOLS
from sakimori.detection.subjects import normal
from sakimori.findings import Finding, Severity, Subject
from sakimori.organisation.description import Network, Organisation
from sakimori.tongue import tongue

EXPECTED = "expected"
# https://attack.mitre.org/tactics/TA0007/ and TA0043: what scanners and administrators do by trade.
_LOOKING_ROUND = (
    "T1046",
    "T1018",
    "T1135",
    "T1595",
    "T1082",
    "T1087",
    "T1069",
    "T1016",
    "T1049",
    "T1057",
    "T1033",
)
_ADMINISTERING = (
    *_LOOKING_ROUND,
    "T1059",
    "T1021",
    "T1047",
    "T1569",
    "T1053",
    "T1543",
    "T1078",
    "T1098",
    "T1136",
)
# What machines of a trade do by it: they reach many, and a backup server sends much.
_REACHING = ("new_administration_edge", "administration_fan_out", "administration_chain")
_SENDING = (
    "host_sent_far_more_than_usual",
    "host_turned_sender",
    "many_streams_at_once",
    "sent_little_on_many_days",
)
_TRADES: Mapping[str, tuple[str, ...]] = {
    "scanner": _REACHING,
    "jump host": _REACHING,
    "monitoring": _REACHING,
    "backup": (*_REACHING, *_SENDING),
}
_REMOTE = ("T1219", "T1133", "T1021", "T1078")
_SENTENCES = {
    "scanner": "{name} is a scanner by org.yml; it looks round by trade.",
    "jump host": "{name} is a jump host by org.yml; others are administered from it.",
    "monitoring": "{name} is a monitoring machine by org.yml; it reaches many others by trade.",
    "backup": "{name} is a backup server by org.yml; it reaches many others and sends much by trade.",
    "tool": "{name} is an approved remote tool by org.yml.",
    "administrator": "{name} is an administrator by org.yml; this is administrators' work.",
    "provider": "{name} belongs to a service provider by org.yml.",
}


def expected(findings: Iterable[Finding], own: Organisation) -> Iterator[Finding]:
    """The findings; those the organisation expects carry the reason in `facts["expected"]`, in both tongues.

    They stay findings: an intruder may hide behind what is expected.
    """
    known = _Known(own)
    for finding in findings:
        told = known.of(finding)
        if told is None:
            yield finding
        else:
            kind, name = told
            words = {key: tongue(lang)(_SENTENCES[kind], name=name) for key, lang in _TONGUES}
            yield replace(finding, facts={**finding.facts, **words})


_TONGUES = ((EXPECTED, "en"), (f"{EXPECTED}_ja", "ja"))


class _Known:
    """The file's names as findings have them."""

    def __init__(self, own: Organisation) -> None:
        self._scanners = {_subject(name) for name in own.scanners}
        self._trades = {
            "scanner": self._scanners,
            "jump host": {_subject(name) for name in own.jump_hosts},
            "monitoring": {_subject(name) for name in own.monitoring},
            "backup": {_subject(name) for name in own.backup_servers},
        }
        self._administrators = {Subject("account", normal("account", name)) for name in own.administrators}
        self._tools = {name.casefold() for name in own.remote_tools}
        programs = (file for tool, files in TOOLS.items() if tool.casefold() in self._tools for file in files)
        self._programs = tuple(f"\\{file}" for file in programs)
        self._provided = [name.lower().lstrip("*.") for name in own.service_providers if not _network(name)]
        self._ranges = [network for name in own.service_providers if (network := _network(name))]

    def of(self, finding: Finding) -> tuple[str, str] | None:
        """The kind of expectation and who it is about; None for what nobody expects."""
        found = (
            self._scanner(finding),
            self._trade(finding),
            self._tool(finding),
            self._administrator(finding),
            self._provider(finding),
        )
        return next((one for one in found if one), None)

    def _scanner(self, finding: Finding) -> tuple[str, str] | None:
        primary, *others = finding.subjects
        machines = [s for s in others if s.type == "host"] if primary.type == "address" else []
        who = next((s for s in (primary, *machines) if s in self._scanners), None)
        return ("scanner", who.value) if who and _all_of(finding, _LOOKING_ROUND) else None

    def _trade(self, finding: Finding) -> tuple[str, str] | None:
        """A machine that does its work; its name may have been learnt of its address."""
        primary = finding.subjects[0]
        how = f"{primary.value}: "
        names = (s for s in finding.subjects if finding.facts.get(f"resolved.{s.value}", "").startswith(how))
        machine = {primary, *(s for s in names if s.type == "host")}
        behaviour = finding.detector.removeprefix("behaviour:")
        for trade, named in self._trades.items():
            if behaviour in _TRADES[trade] and (known := sorted(machine & named)):
                return trade, known[0].value
        return None

    def _tool(self, finding: Finding) -> tuple[str, str] | None:
        tool = finding.facts.get("field.tool", "")
        if tool.casefold() in self._tools and finding.detector == "behaviour:remote_tool_first_seen":
            return "tool", tool
        if not self._programs or not _all_of(finding, ("T1219",)):
            return None
        used = (s.value for s in finding.subjects if s.type == "process" and s.value.endswith(self._programs))
        return next((("tool", program) for program in used), None)

    def _administrator(self, finding: Finding) -> tuple[str, str] | None:
        who = next((s for s in finding.subjects if s in self._administrators), None)
        mild = finding.severity <= Severity.MEDIUM and _all_of(finding, _ADMINISTERING)
        return ("administrator", who.value) if who and mild else None

    def _provider(self, finding: Finding) -> tuple[str, str] | None:
        if finding.severity > Severity.MEDIUM or not _all_of(finding, _REMOTE):
            return None
        return next((("provider", s.value) for s in finding.subjects if self._provides(s)), None)

    def _provides(self, subject: Subject) -> bool:
        if subject.type == "domain":
            return any(subject.value == name or subject.value.endswith(f".{name}") for name in self._provided)
        return subject.type == "address" and _within(subject.value, self._ranges)


def _all_of(finding: Finding, techniques: tuple[str, ...]) -> bool:
    """Whether the finding names techniques, and none but these."""
    return bool(finding.techniques) and all(t.partition(".")[0] in techniques for t in finding.techniques)


def _subject(name: str) -> Subject:
    kind = "address" if _network(name) else "host"
    return Subject(kind, normal(kind, name))


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _within(address: str, networks: Iterable[Network]) -> bool:
    try:
        parsed = ip_address(address.rpartition("|")[2])
    except ValueError:
        return False
    return any(parsed in network for network in networks if network.version == parsed.version)


def common(findings: Iterable[Finding], own: Organisation) -> frozenset[Subject]:
    """Entities everybody in the house shares: its own ways out and its own domains. They link nothing."""
    subjects = {s for finding in findings for s in finding.subjects if s.type in ("address", "domain")}
    return frozenset(s for s in subjects if _is_own(s, own))


def _is_own(subject: Subject, own: Organisation) -> bool:
    if subject.type == "address":
        return _within(subject.value, own.egress)
    return any(subject.value == name.lower() for name in own.domains)


def weights(own: Organisation) -> Mapping[Subject, float]:
    """What matters, 0 to 1, by host and by account: a name says which it is only to its owner."""
    named = {
        Subject(kind, normal(kind, a.name)): a.weight for a in own.assets for kind in ("host", "account")
    }
    return dict(sorted(named.items()))
