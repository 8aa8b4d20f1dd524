"""First steps for an incident: keep the evidence, then contain; each with its price and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import Incident
from sakimori.response.sentences import Fact, Sentence, Term, sentence

NAMED = 3


@dataclass(frozen=True, slots=True)
class Action:
    """What to do, what it breaks, how to undo it."""

    what: Sentence
    breaks: Sentence
    undo: Sentence


def actions(incident: Incident) -> tuple[Action, ...]:
    """In the order to do them; steps for entities the incident does not name are left out."""
    return (_keep(incident), *_isolate(incident), *_accounts(incident), *_block(incident), _tell())


def _named(incident: Incident, *types: str) -> tuple[Fact, ...]:
    found = [
        Term.of(subject) for subject in incident.subjects if subject.type in types and not everybodys(subject)
    ]
    rest = len(found) - NAMED
    return (*found[:NAMED], *((sentence("{n} more", n=rest),) if rest > 0 else ()))


def _keep(incident: Incident) -> Action:
    hosts = _named(incident, "host")
    what = (
        sentence(
            "Keep the evidence of {hosts}: memory first, then disk and logs, all before a shutdown.",
            hosts=hosts,
        )
        if hosts
        else sentence("Keep the logs named under evidence where they cannot be overwritten.")
    )
    return Action(
        what,
        sentence("Nothing, apart from load on the host while memory is copied."),
        sentence("Nothing to undo; note who copied what and when, with hashes."),
    )


def _isolate(incident: Incident) -> tuple[Action, ...]:
    hosts = _named(incident, "host")
    if not hosts:
        return ()
    return (
        Action(
            sentence("Take {hosts} off the network, but leave them running.", hosts=hosts),
            sentence("The person or service on the host stops working, and whoever is inside notices."),
            sentence(
                "Release the isolation in the same console; let nobody sign in before the host is rebuilt."
            ),
        ),
    )


def _accounts(incident: Incident) -> tuple[Action, ...]:
    accounts = _named(incident, "account")
    if not accounts:
        return ()
    return (
        Action(
            sentence(
                "End all sessions of {accounts}, revoke their tokens and set new secrets.", accounts=accounts
            ),
            sentence("The person is signed out everywhere; jobs of a service account need its new secret."),
            sentence(
                "Sessions come back by signing in; a revoked key or token cannot come back, only a new one."
            ),
        ),
    )


def _block(incident: Incident) -> tuple[Action, ...]:
    far = _named(incident, "address", "domain", "url")
    if not far:
        return ()
    return (
        Action(
            sentence("Block {far} at proxy, resolver and firewall, and log every attempt.", far=far),
            sentence(
                "What else stands behind the same address or name; spare shared hosts and your own networks."
            ),
            sentence("Delete the entry; give it an end date when it is made."),
        ),
    )


def _tell() -> Action:
    return Action(
        sentence(
            "Tell the person who decides, outside of mail and chat of the hosts and accounts named here."
        ),
        sentence("Nothing; whoever is inside may read mail and chat."),
        sentence("Nothing to undo."),
    )
