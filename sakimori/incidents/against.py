"""What speaks against an incident: benign explanations with how to check them, and what is missing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sakimori.findings import Severity
from sakimori.incidents.context import home
from sakimori.incidents.incident import Incident
from sakimori.tongue import Tongue


@dataclass(frozen=True, slots=True)
class Doubt:
    """A benign explanation or a contradiction, how to check it, and the findings it would explain.

    Its sentences are ours throughout: nothing of the evidence or of a rule stands in them.
    """

    text: str
    check: str
    findings: tuple[str, ...]


# Technique prefixes -> (explanation, check). One explanation is shown once.
_BENIGN: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("T1059", "T1047", "T1569", "T1053", "T1543"),
        "Administrators and management agents run scripts, services and tasks like these.",
        "Ask who owns the account, and look for a change record or a deployment at that minute.",
    ),
    (
        (
            "T1087",
            "T1018",
            "T1069",
            "T1016",
            "T1033",
            "T1049",
            "T1057",
            "T1082",
            "T1083",
            "T1046",
            "T1135",
            "T1482",
        ),
        "Inventory tools, help desks and vulnerability scanners look round in the same way.",
        "Compare with the scanner's schedule and with what the same account did in the weeks before.",
    ),
    (
        ("T1003", "T1555", "T1552", "T1558", "T1539"),
        "Backup, password-manager and security products read the same secrets.",
        "Check the signature and install path of the program that read them, and whether it does so daily.",
    ),
    (
        ("T1021", "T1078", "T1550", "T1570"),
        "An administrator's ordinary remote work uses the same accounts and protocols.",
        "Check whether this account signs in between these hosts at this hour in other weeks.",
    ),
    (
        ("T1105", "T1071", "T1090", "T1219", "T1572", "T1102"),
        "Updaters and remote-support tools download and call home in the same way.",
        "Look up who owns the destination, how old it is, and whether other hosts use it for long already.",
    ),
    (
        ("T1218", "T1574", "T1036", "T1027", "T1140", "T1055"),
        "Installers and older business software load libraries and unpack files in unusual ways.",
        "Compare the file's hash and signature with the vendor's, and with other hosts that have it.",
    ),
    (
        ("T1070", "T1562", "T1685", "T1686", "T1485", "T1489", "T1490", "T1529"),
        "Maintenance clears logs, stops services and deletes files on purpose.",
        "Ask operations for a planned maintenance at that time, and compare with logs kept elsewhere.",
    ),
    (
        ("T1566", "T1204", "T1189", "T1195"),
        "A developer's test, a recruiter's real file or a training exercise looks like a lure.",
        "Ask the person what they opened and who sent it, over another channel.",
    ),
    (
        ("T1560", "T1074", "T1041", "T1567", "T1048"),
        "Backups and file sharing pack and send data out every day.",
        "Check whether the destination is your own storage and the amount is usual for that hour.",
    ),
)


def against(incident: Incident, say: Tongue) -> tuple[Doubt, ...]:
    """Contradictions first, then benign explanations; each with how to check it. Never empty."""
    found = (*_contradictions(incident, say), *_explanations(incident, say))
    return found or (Doubt(say(_ALWAYS[0]), say(_ALWAYS[1]), tuple(f.id for f in incident.findings)),)


def _explanations(incident: Incident, say: Tongue) -> Iterator[Doubt]:
    for prefixes, text, check in _BENIGN:
        explained = [
            finding.id
            for finding in incident.findings
            if any(technique.partition(".")[0] in prefixes for technique in finding.techniques)
        ]
        if explained:
            yield Doubt(say(text), say(check), tuple(explained))


def _contradictions(incident: Incident, say: Tongue) -> Iterator[Doubt]:
    ids = tuple(finding.id for finding in incident.findings)
    for holds, text, check in _MISSING:
        if holds(incident):
            yield Doubt(say(text), say(check), ids)


def _one_detector(incident: Incident) -> bool:
    return len({f.detector for f in incident.findings if f.severity >= Severity.MEDIUM}) == 1


def _doubted(incident: Incident) -> bool:
    return all(f.confidence == "low" for f in incident.findings if f.severity >= Severity.MEDIUM)


def _no_way_in(incident: Incident) -> bool:
    return "way_in" not in incident.stages and len(incident.stages) > 1


def _stands_still(incident: Incident) -> bool:
    return len({home(f) for f in incident.findings}) == 1 and "reach_the_goal" not in incident.stages


def _expected(incident: Incident) -> bool:
    return any("expected" in finding.facts for finding in incident.findings)


def _suppressed(incident: Incident) -> bool:
    return any("suppressed" in finding.facts for finding in incident.findings)


def _common(incident: Incident) -> bool:
    return any(part.name == "noise" and part.points <= -1 for part in incident.score_parts)


def _alike(incident: Incident) -> bool:
    return incident.facts.get("title_key") == "alike"


_MISSING: Sequence[tuple[Callable[[Incident], bool], str, str]] = (
    (
        _one_detector,
        "Only one detector speaks; nothing else found here bears it out.",
        "Look at the original records and at the same host's other logs for that hour.",
    ),
    (
        _alike,
        "The same was seen on several hosts that nothing else links: it may be how your software behaves.",
        "Compare the programs and accounts on these hosts, and ask who installed them.",
    ),
    (
        _doubted,
        "The rules that spoke are new or doubted by their authors.",
        "Read each rule's known false positives and compare them with the matching fields.",
    ),
    (
        _no_way_in,
        "No way in was seen: it may be someone who is allowed to be here.",
        "Look at mail, browser and VPN logs of the days before on the first host.",
    ),
    (
        _stands_still,
        "It stayed on one host, and nothing shows that data was reached.",
        "Check whether logs of the neighbouring hosts and the network were given at all.",
    ),
    (
        _expected,
        "Part of it is what your organisation says in org.yml to expect.",
        "Read those findings' reasons, and ask whether an intruder may hide behind what is expected.",
    ),
    (
        _suppressed,
        "Part of it is what your organisation suppresses in suppressions.yml.",
        "Ask those who answer for it whether the reason still holds, and for these very events.",
    ),
    (
        _common,
        "Part of it is everyday here: the same detectors speak on many hosts or days.",
        "Compare this host's records with another host where the same detector spoke.",
    ),
)
_ALWAYS = (
    "Someone who is allowed to may have done all of it.",
    "Ask the owners of these hosts and accounts, over another channel.",
)
SENTENCES = (*(text for _, *texts in (*_BENIGN, *_MISSING) for text in texts), *_ALWAYS)
