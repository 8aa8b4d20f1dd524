"""The ten questions of `sakimori init`, and the file their answers make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sakimori.organisation.description import KINDS
from sakimori.organisation.proposals import Proposal
from sakimori.tongue import Tongue


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the list it fills, the kind of asset where that is `assets`, and its words."""

    key: str
    text: str
    asset: str = ""


QUESTIONS = (
    Question("domains", "Which domains are yours (mail and accounts)?"),
    Question("egress", "From which addresses does your organisation itself go out: offices, VPN, proxies?"),
    Question("remote_tools", "Which remote-control tools are approved?"),
    Question("administrators", "Which accounts administer machines and directories?"),
    Question("scanners", "Which machines scan or monitor the network on purpose?"),
    Question("service_providers", "Which outside firms work in your systems (their domains or addresses)?"),
    Question("assets", "Which machines or accounts sign releases or transactions?", "signing"),
    Question("assets", "Which machines or accounts move money: payments, switches, wallets?", "payment"),
    Question(
        "assets", "Which machines hold the directory (domain controllers, identity provider)?", "identity"
    ),
    Question("assets", "Which machines build software, hold its source or your backups?", "build"),
)
# Kinds of asset that one question asks after together.
_TOGETHER = {
    "payment": ("payment", "wallet"),
    "build": ("build", "source", "backup"),
    "signing": ("signing", "secrets"),
}


def offered(question: Question, found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The proposals that answer a question."""
    kinds = _TOGETHER.get(question.asset, (question.asset,))
    return tuple(p for p in found if p.key == question.key and (question.key != "assets" or p.asset in kinds))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the file: the value, the kind of asset, and why, as a comment."""

    value: str
    asset: str
    why: str


def answered(question: Question, text: str, found: Sequence[Proposal], say: Tongue) -> list[Entry]:
    """The entries of an answer: empty takes what was offered, `-` nothing, else values between commas."""
    if text.strip() == "-":
        return []
    if not text.strip():
        return [Entry(p.value, p.asset, say(p.reason, **p.facts)) for p in found]
    known = {p.value: p for p in found}
    values = [value.strip() for value in text.split(",") if value.strip()]
    return [
        Entry(
            v,
            known[v].asset if v in known else question.asset,
            say(known[v].reason, **known[v].facts) if v in known else "",
        )
        for v in values
    ]


def written(entries: Mapping[str, Sequence[Entry]], say: Tongue) -> str:
    """The text of `org.yml`, each entry with its reason as a comment."""
    lines = [f"# {say('What this organisation says of itself. Read by: sakimori hunt --org org.yml')}"]
    for key in dict.fromkeys(question.key for question in QUESTIONS):
        held = entries.get(key, ())
        lines.append(f"{key}:" if held else f"{key}: []")
        lines += [_line(key, entry) for entry in held]
    lines.append(f"# {say('Kinds of assets')}: {', '.join(KINDS)}")
    return "\n".join(lines) + "\n"


def _line(key: str, entry: Entry) -> str:
    value = _quoted(entry.value)
    body = f"{{name: {value}, what: {entry.asset}}}" if key == "assets" else value
    return f"  - {body}" + (f"  # {' '.join(entry.why.split())}" if entry.why else "")


def _quoted(text: str) -> str:
    # Names come from the evidence: quoted, so that they stay one text whatever they hold.
    clean = "".join(c for c in text if c.isprintable())
    return "'" + clean.replace("'", "''") + "'"
