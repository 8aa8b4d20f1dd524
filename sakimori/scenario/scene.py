"""One short stretch of something happening on one machine, and the acts it is made of.

Habits, benign twins and the intrusion are lists of acts in data; each act compiles to a function of the scene.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sakimori.errors import CatalogueError
from sakimori.scenario.estate import Estate
from sakimori.scenario.internet import kept_address
from sakimori.scenario.programs import in_profile, known, program
from sakimori.scenario.slots import Fill, template
from sakimori.scenario.telemetry import Telemetry
from sakimori.scenario.world import BUILT_IN, Account, Flow, Host, Process, Program, Session, Site, Web

MICROS = 1_000_000
_HERE = Site("localhost", ("127.0.0.1",))


@dataclass(slots=True, eq=False)
class Scene:
    """Where, when, as whom; `named` are the processes that acts of this scene speak of."""

    telemetry: Telemetry
    estate: Estate
    rng: Random
    host: Host
    session: Session
    t: int
    site: Site = _HERE
    named: dict[str, Process] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    hosts: Mapping[str, Host] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)

    def any_server(self) -> Host:
        """Some server."""
        servers = [host for host in self.estate.hosts if host.owner is None]
        return servers[int(self.rng.random() * len(servers))]

    def any_seat(self) -> Host:
        """Some workstation or laptop."""
        return self.estate.hosts[-1 - int(self.rng.random() ** 2 * len(self.estate.people))]

    def process(self, name: str) -> Process | None:
        """A process by short name: of this scene, of the session, or of the system; None if it does not run."""
        if name == "svchost":
            return self.host.svchosts[int(self.rng.random() * len(self.host.svchosts))]
        return self.named.get(name) or self.session.processes.get(name) or self.host.system.get(name)

    def actor(self, name: str) -> Process:
        """A process that is known to run."""
        process = self.process(name)
        if process is None:
            raise KeyError(name)
        return process

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.t += int(seconds * MICROS)


def spawn(
    scene: Scene,
    what: Program,
    command: str,
    parent: Process | None,
    session: Session,
    directory: str = "C:\\Windows\\system32\\",
    integrity: str = "",
) -> Process:
    """A new process on the scene's host, heard by the sensors."""
    process = birth(scene.host, what, command, parent, session, scene.t, directory, integrity)
    scene.telemetry.started(scene.t, process)
    return process


def birth(
    host: Host,
    what: Program,
    command: str,
    parent: Process | None,
    session: Session,
    t: int,
    directory: str = "C:\\Windows\\system32\\",
    integrity: str = "",
) -> Process:
    """A new process nobody reports: it was there before the evidence begins, or `spawn` reports it."""
    host.next_pid = pid = host.next_pid + 4 if host.next_pid < 64_000 else 4_004
    seconds = t // MICROS
    guid = f"{host.guid_head}-{seconds & 0xFFFF:04X}-{seconds >> 16:04X}-{pid // 4:04X}-{session.logon_id & 0xFFFF:012X}}}"
    level = integrity or ("System" if session.account.sid.startswith("S-1-5-1") else "Medium")
    return Process(host, what, pid, guid, command, directory, session, parent, level, t)


Act = Callable[[Scene], None]


def acts(steps: list[dict[str, Any]], bound: Mapping[str, str] | None = None) -> tuple[Act, ...]:
    """The acts of a list of data entries; `bound` fixes words of their templates.

    Every entry has `do`; it is passed over while a process it speaks of does not run. It may have `when` (chance), `repeat` ([low, high]) and `wait` (seconds before, at most).
    """
    return tuple(_timed(step, _act(step, bound)) for step in steps)


def _act(step: dict[str, Any], bound: Mapping[str, str] | None) -> Act:
    maker = MAKERS.get(step["do"])
    if maker is None:
        raise CatalogueError(f"scenario data: no act is called {step['do']!r}")
    return maker(
        {k: template(v, bound) if isinstance(v, str) else _words(v, bound) for k, v in step.items()}, step
    )


def _words(value: Any, bound: Mapping[str, str] | None) -> Any:
    many = isinstance(value, list) and value and isinstance(value[0], str)
    return tuple(template(text, bound) for text in value) if many else value


def _timed(step: dict[str, Any], act: Act) -> Act:
    chance, wait = float(step.get("when", 1)), float(step.get("wait", 0.4))
    low, high = step.get("repeat", (1, 1))
    needed = tuple(step[key] for key in ("by", "target", "parent") if key in step)
    needed += ("explorer",) if step["do"] == "start" and "parent" not in step else ()

    def run(scene: Scene) -> None:
        rng = scene.rng
        if (chance < 1 and rng.random() >= chance) or any(scene.process(name) is None for name in needed):
            return
        for _ in range(low if low == high else low + int(rng.random() * (high - low + 1))):
            scene.t += int(rng.random() * wait * MICROS) + 1000
            act(scene)

    return run


Words = Mapping[str, Any]


def choice(words: Words, key: str, default: str = "") -> Fill:
    """The filler under a key; a list of templates means one of them, the first ones more often."""
    value = words.get(key)
    if value is None:
        return lambda scene: default
    if isinstance(value, tuple):
        many = value
        return lambda scene: many[int(scene.rng.random() ** 1.5 * len(many))](scene)  # type: ignore[no-any-return]
    return value  # type: ignore[no-any-return]


_ABOUT = ("company", "product", "description", "original", "version", "signature", "content")


def _start(words: Words, step: dict[str, Any]) -> Act:
    name, parent = step.get("program", ""), step.get("parent", "explorer")
    label, owner, level = step.get("as", name), step.get("account", ""), step.get("integrity", "")
    directory, command = choice(words, "directory", "C:\\Windows\\system32\\"), choice(words, "command")
    life, image = float(step.get("life", 0)), choice(words, "image")
    about = {k: choice(words, k) for k in _ABOUT if k in step}
    profile = in_profile(name)

    def run(scene: Scene) -> None:
        session = scene.session if not owner else scene.host.services.get(owner, scene.session)
        what = (
            known(name, scene.session.account.name if profile else "")
            if name
            else program(image(scene), **{k: fill(scene) for k, fill in about.items()})
        )
        process = spawn(
            scene, what, command(scene) or what.image, scene.actor(parent), session, directory(scene), level
        )
        scene.named[label] = process
        if life:
            end = scene.t + int((0.2 + scene.rng.random()) * life * MICROS)
            scene.telemetry.ended(end, process)

    return run


def _stop(words: Words, step: dict[str, Any]) -> Act:
    name = step["by"]
    return lambda scene: scene.telemetry.ended(scene.t, scene.actor(name))


def _keep(words: Words, step: dict[str, Any]) -> Act:
    """A process of the scene outlives it: later scenes of the same session find it."""
    name = step["by"]

    def run(scene: Scene) -> None:
        scene.host.system[name] = scene.named[name]

    return run


def _site(scene: Scene, name: str) -> Site:
    if name == "web":
        return scene.estate.internet.pick(scene.rng.random())
    if name in scene.sites:
        return scene.sites[name]
    if name in scene.estate.internet.vendors:
        return scene.estate.internet.vendors[name]
    host = scene.hosts.get(name) or scene.estate.one(name)
    return Site(host.fqdn, (host.address,))


def _resolve(words: Words, step: dict[str, Any]) -> Act:
    by, site = step["by"], step.get("site", "web")

    def run(scene: Scene) -> None:
        scene.site = _site(scene, site)
        scene.telemetry.resolved(scene.t, scene.actor(by), scene.site.name, scene.site.addresses)

    return run


def _connect(words: Words, step: dict[str, Any]) -> Act:
    by, site, port = step["by"], step.get("site", ""), step.get("port", 0)
    sent, received, seconds = step.get("sent", 1500), step.get("received", 12000), step.get("seconds", 4.0)
    service, protocol = step.get("service", ""), step.get("protocol", "tcp")
    method, agent = step.get("method", "GET"), choice(words, "agent", BROWSER)
    uri, mime = choice(words, "uri", "/"), step.get("mime", "text/html")
    steady = step.get("steady", False)

    def run(scene: Scene) -> None:
        if site:
            scene.site = _site(scene, site)
        where, draw = scene.site, scene.rng.random()
        scale = 0.95 + 0.1 * draw if steady else 0.1 + 3.6 * draw * draw * draw
        address = where.addresses[int(draw * len(where.addresses))]
        spoken = service or where.service
        web = Web(method, uri(scene), agent(scene), mime=mime) if spoken == "http" else None
        flow = Flow(
            address, port or where.port, where.name, spoken,
            int(sent * scale), int(received * scale), seconds * scale, protocol, web,
        )  # fmt: skip
        scene.telemetry.connected(scene.t, scene.actor(by), flow)

    return run


BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36"


def _on_path(method: str) -> Callable[[Words, dict[str, Any]], Act]:
    def make(words: Words, step: dict[str, Any]) -> Act:
        by, path = step["by"], choice(words, "path")
        return lambda scene: getattr(scene.telemetry, method)(scene.t, scene.actor(by), path(scene))  # type: ignore[no-any-return]

    return make


def _backdate(words: Words, step: dict[str, Any]) -> Act:
    by, path, claimed = step["by"], choice(words, "path"), step["claimed"]
    return lambda scene: scene.telemetry.backdated(scene.t, scene.actor(by), path(scene), claimed)


def _set(words: Words, step: dict[str, Any]) -> Act:
    by, key, data = step["by"], choice(words, "key"), choice(words, "data")
    return lambda scene: scene.telemetry.set_value(scene.t, scene.actor(by), key(scene), data(scene))


def _load(words: Words, step: dict[str, Any]) -> Act:
    by, modules, path = step["by"], step.get("modules"), choice(words, "path")
    if modules:
        many = [known(name) for name in modules]
        return lambda scene: scene.telemetry.loaded(
            scene.t, scene.actor(by), many[int(scene.rng.random() * len(many))]
        )
    about = {k: step[k] for k in _ABOUT if k in step}
    return lambda scene: scene.telemetry.loaded(scene.t, scene.actor(by), program(path(scene), **about))


def _open(words: Words, step: dict[str, Any]) -> Act:
    by, target, rights = step["by"], step["target"], step.get("rights", "0x1000")
    return lambda scene: scene.telemetry.opened(scene.t, scene.actor(by), scene.actor(target), rights)


def _inject(words: Words, step: dict[str, Any]) -> Act:
    by, target = step["by"], step["target"]
    return lambda scene: scene.telemetry.injected(scene.t, scene.actor(by), scene.actor(target))


def _script(words: Words, step: dict[str, Any]) -> Act:
    by, text, path = step["by"], choice(words, "text"), choice(words, "path")
    return lambda scene: scene.telemetry.scripted(scene.t, scene.actor(by), text(scene), path(scene))


def _task(words: Words, step: dict[str, Any]) -> Act:
    by, name = step["by"], choice(words, "name")
    command, arguments = choice(words, "command"), choice(words, "arguments")
    return lambda scene: scene.telemetry.scheduled(
        scene.t, scene.actor(by), name(scene), command(scene), arguments(scene)
    )


def _task_event(words: Words, step: dict[str, Any]) -> Act:
    name, number = choice(words, "name"), step["event"]
    return lambda scene: scene.telemetry.updated_task(
        scene.t, scene.host, name(scene), scene.session.account.full, number
    )


def _service(words: Words, step: dict[str, Any]) -> Act:
    name, path = choice(words, "name"), choice(words, "path")
    return lambda scene: scene.telemetry.serviced(
        scene.t, scene.host, scene.session, name(scene), path(scene)
    )


def _account(scene: Scene, name: str) -> Account:
    return BUILT_IN.get(name) or scene.accounts.get(name) or scene.session.account


def _logon(words: Words, step: dict[str, Any]) -> Act:
    """Someone signs on to the scene's host, perhaps for a moment; the domain controller hears of it."""
    kind, life, owner = step.get("kind", 3), float(step.get("life", 0)), step.get("account", "")
    source, package, share = step.get("source", ""), step.get("package", "Kerberos"), choice(words, "share")

    def run(scene: Scene) -> None:
        account = _account(scene, owner)
        away = scene.hosts.get(source) or (scene.any_seat() if source == "seat" else None)
        if source == "seat" and away is not None and away.owner is not None:
            account = away.owner.account
        session = Session(
            account, int(scene.rng.random() * 0xFFFFFFF) + 0x10000, kind,
            source=away.address if away else "-", source_host=away.name if away else "-",
        )  # fmt: skip
        scene.telemetry.logged_on(scene.t, scene.host, session, package)
        if share(scene):
            scene.telemetry.shared(scene.t + 2000, scene.host, session, share(scene))
        if life:
            scene.telemetry.logged_off(
                scene.t + int((0.3 + scene.rng.random()) * life * MICROS), scene.host, session
            )

    return run


def _ticket(words: Words, step: dict[str, Any]) -> Act:
    service = choice(words, "service")

    def run(scene: Scene) -> None:
        seat = scene.any_seat()
        account = seat.owner.account if seat.owner and scene.rng.random() < 0.6 else seat.machine
        scene.telemetry.ticket(scene.t, scene.estate.one("dc"), account, seat.address, service(scene))

    return run


def _checked(words: Words, step: dict[str, Any]) -> Act:
    def run(scene: Scene) -> None:
        seat = scene.any_seat()
        if seat.owner:
            scene.telemetry.checked(scene.t, scene.estate.one("dc"), seat.owner.account, seat.name)

    return run


def _refused(words: Words, step: dict[str, Any]) -> Act:
    kind = step.get("kind", 3)

    def run(scene: Scene) -> None:
        seat = scene.any_seat()
        account = seat.owner.account if seat.owner else scene.session.account
        scene.telemetry.refused(scene.t, scene.host, account, seat.address, kind)

    return run


def _explicit(words: Words, step: dict[str, Any]) -> Act:
    by, to, owner = step["by"], choice(words, "to", "localhost"), step.get("account", "")
    return lambda scene: scene.telemetry.explicit(scene.t, scene.actor(by), _account(scene, owner), to(scene))


def _enter(words: Words, step: dict[str, Any]) -> Act:
    """The scene's own session signs on from another machine; the domain controller hears of it."""
    kind, source, package, share = (
        step["kind"],
        step["source"],
        step.get("package", "Kerberos"),
        choice(words, "share"),
    )

    def run(scene: Scene) -> None:
        session, away, controller = scene.session, scene.hosts[source], scene.estate.one("dc")
        session.kind, session.source, session.source_host = kind, away.address, away.name
        if package == "NTLM":
            scene.telemetry.checked(scene.t - 60_000, controller, session.account, away.name)
        else:
            scene.telemetry.ticket(
                scene.t - 60_000, controller, session.account, away.address, f"{scene.host.name}$"
            )
        scene.telemetry.logged_on(scene.t, scene.host, session, package)
        if share(scene):
            scene.telemetry.shared(scene.t + 30_000, scene.host, session, share(scene))

    return run


def _exit(words: Words, step: dict[str, Any]) -> Act:
    return lambda scene: scene.telemetry.logged_off(scene.t, scene.host, scene.session)


def _clear(words: Words, step: dict[str, Any]) -> Act:
    channel = step.get("channel", "Security")
    return lambda scene: scene.telemetry.cleared(scene.t, scene.host, scene.session, channel)


def _new_account(words: Words, step: dict[str, Any]) -> Act:
    name = choice(words, "name")

    def run(scene: Scene) -> None:
        fresh = Account(
            name(scene), f"S-1-5-21-1004336348-1177238915-682003330-{int(scene.rng.random() * 9000)}"
        )
        scene.telemetry.added_account(scene.t, scene.host, scene.session, fresh)

    return run


def _pause(words: Words, step: dict[str, Any]) -> Act:
    seconds = float(step["seconds"])
    return lambda scene: scene.later(seconds * (0.7 + 0.6 * scene.rng.random()))


MAKERS: dict[str, Callable[[Words, dict[str, Any]], Act]] = {
    "start": _start, "stop": _stop, "keep": _keep, "resolve": _resolve, "connect": _connect, "set": _set,
    "write": _on_path("wrote"), "delete": _on_path("deleted"), "key": _on_path("made_key"), "pipe": _on_path("piped"),
    "backdate": _backdate, "load": _load, "open": _open, "inject": _inject, "script": _script, "task": _task,
    "task_event": _task_event, "service": _service, "logon": _logon, "ticket": _ticket, "checked": _checked,
    "refused": _refused, "explicit": _explicit, "clear": _clear, "new_account": _new_account, "pause": _pause,
    "enter": _enter, "exit": _exit,
}  # fmt: skip

__all__ = ["MICROS", "Scene", "acts", "birth", "kept_address", "spawn"]
