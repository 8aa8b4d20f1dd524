"""Acts of accounts: signing on and off, tickets, services, accounts, logs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sakimori.scenario.people import SID
from sakimori.scenario.scene import MICROS, Act, Scene
from sakimori.scenario.slots import Words, choice
from sakimori.scenario.world import BUILT_IN, Account, Session

Step = Mapping[str, Any]


def _account(scene: Scene, name: str) -> Account:
    return BUILT_IN.get(name) or scene.accounts.get(name) or scene.session.account


def _logon(words: Words, step: Step) -> Act:
    """Someone signs on to the scene's host for a moment, perhaps from another seat."""
    kind, life, owner = step.get("kind", 3), float(step.get("life", 0)), step.get("account", "")
    remote, package, share = (
        step.get("source") == "seat",
        step.get("package", "Kerberos"),
        choice(words, "share"),
    )

    def run(scene: Scene) -> None:
        session, telemetry, host = _visitor(scene, remote, kind, owner), scene.telemetry, scene.host
        telemetry.logged_on(scene.t, host, session, package)
        where = share(scene)
        if where:
            telemetry.shared(scene.t + 2000, host, session, where)
        if life:
            telemetry.logged_off(scene.t + int((0.3 + scene.rng.random()) * life * MICROS), host, session)

    return run


def _visitor(scene: Scene, remote: bool, kind: int, owner: str) -> Session:
    number = int(scene.rng.random() * 0xFFFFFFF) + 0x10000
    if not remote:
        return Session(_account(scene, owner), number, kind)
    seat = scene.any_seat()
    account = seat.owner.account if seat.owner else seat.machine
    return Session(account, number, kind, source=seat.address, source_host=seat.name)


def _enter(words: Words, step: Step) -> Act:
    """The scene's own session signs on from another machine; the domain controller hears of it."""
    kind, source, package = step["kind"], step["source"], step.get("package", "Kerberos")
    share = choice(words, "share")

    def run(scene: Scene) -> None:
        session, away, controller = scene.session, scene.hosts[source], scene.estate.one("dc")
        session.kind, session.source, session.source_host = kind, away.address, away.name
        if package == "NTLM":
            scene.telemetry.checked(scene.t - 60_000, controller, session.account, away.name)
        else:
            service = f"{scene.host.name}$"
            scene.telemetry.ticket(scene.t - 60_000, controller, session.account, away.address, service)
        scene.telemetry.logged_on(scene.t, scene.host, session, package)
        where = share(scene)
        if where:
            scene.telemetry.shared(scene.t + 30_000, scene.host, session, where)

    return run


def _exit(words: Words, step: Step) -> Act:
    return lambda scene: scene.telemetry.logged_off(scene.t, scene.host, scene.session)


def _explicit(words: Words, step: Step) -> Act:
    by, to, owner = step["by"], choice(words, "to", "localhost"), step.get("account", "")
    return lambda scene: scene.telemetry.explicit(scene.t, scene.actor(by), _account(scene, owner), to(scene))


def _ticket(words: Words, step: Step) -> Act:
    service = choice(words, "service")

    def run(scene: Scene) -> None:
        seat = scene.any_seat()
        account = seat.owner.account if seat.owner and scene.rng.random() < 0.6 else seat.machine
        scene.telemetry.ticket(scene.t, scene.estate.one("dc"), account, seat.address, service(scene))

    return run


def _checked(words: Words, step: Step) -> Act:
    def run(scene: Scene) -> None:
        seat = scene.any_seat()
        if seat.owner:
            scene.telemetry.checked(scene.t, scene.estate.one("dc"), seat.owner.account, seat.name)

    return run


def _refused(words: Words, step: Step) -> Act:
    kind = step.get("kind", 3)

    def run(scene: Scene) -> None:
        seat = scene.any_seat()
        account = seat.owner.account if seat.owner else scene.session.account
        scene.telemetry.refused(scene.t, scene.host, account, seat.address, kind)

    return run


def _service(words: Words, step: Step) -> Act:
    name, path = choice(words, "name"), choice(words, "path")
    return lambda scene: scene.telemetry.serviced(
        scene.t, scene.host, scene.session, name(scene), path(scene)
    )


def _task_event(words: Words, step: Step) -> Act:
    name, number = choice(words, "name"), step["event"]

    def run(scene: Scene) -> None:
        scene.telemetry.updated_task(scene.t, scene.host, name(scene), scene.session.account.full, number)

    return run


def _new_account(words: Words, step: Step) -> Act:
    name = choice(words, "name")

    def run(scene: Scene) -> None:
        fresh = Account(name(scene), f"{SID}-{20_000 + int(scene.rng.random() * 9000)}")
        scene.telemetry.added_account(scene.t, scene.host, scene.session, fresh)

    return run


def _clear(words: Words, step: Step) -> Act:
    channel = step.get("channel", "Security")
    return lambda scene: scene.telemetry.cleared(scene.t, scene.host, scene.session, channel)


ACCOUNT_ACTS: dict[str, Callable[[Words, Step], Act]] = {
    "logon": _logon,
    "enter": _enter,
    "exit": _exit,
    "explicit": _explicit,
    "ticket": _ticket,
    "checked": _checked,
    "refused": _refused,
    "service": _service,
    "task_event": _task_event,
    "new_account": _new_account,
    "clear": _clear,
}
