"""Acts of processes: they start, ask for names, connect, write, load libraries, set values, run scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sakimori.scenario.programs import in_profile, known, program
from sakimori.scenario.scene import MICROS, SYSTEM32, Act, Scene, spawn
from sakimori.scenario.slots import Fill, Words, choice
from sakimori.scenario.world import Flow, Program, Site, Web

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36"
)
_STARTERS = (0, 2)  # of all service hosts, those of the scheduler and of DCOM start programs
_ABOUT = ("company", "product", "description", "original", "version", "signature", "content")
Step = Mapping[str, Any]


def _about(words: Words, step: Step) -> Callable[[Scene, str], Program]:
    """A program that data describes in place."""
    fills: dict[str, Fill] = {key: words[key] for key in _ABOUT if key in step}
    return lambda scene, image: program(image, **{key: fill(scene) for key, fill in fills.items()})


def _start(words: Words, step: Step) -> Act:
    name, parent = step.get("program", ""), step.get("parent", "explorer")
    label, owner, level = step.get("as", name), step.get("account", ""), step.get("integrity", "")
    directory, command = choice(words, "directory", SYSTEM32), choice(words, "command")
    life, image, about = float(step.get("life", 0)), choice(words, "image"), _about(words, step)
    profile, hosted = in_profile(name), parent == "svchost"

    def run(scene: Scene) -> None:
        session = scene.host.services.get(owner, scene.session) if owner else scene.session
        user = scene.session.account.name if profile else ""
        what = known(name, user) if name else about(scene, image(scene))
        text, place = command(scene) or what.image, directory(scene)
        above = scene.host.svchosts[_STARTERS[int(scene.rng.random() * 2)]] if hosted else scene.actor(parent)
        process = spawn(scene, what, text, above, session, directory=place, integrity=level)
        scene.named[label] = process
        if life:
            scene.telemetry.ended(scene.t + int((0.2 + scene.rng.random()) * life * MICROS), process)

    return run


def _stop(words: Words, step: Step) -> Act:
    name = step["by"]
    return lambda scene: scene.telemetry.ended(scene.t, scene.actor(name))


def site_of(scene: Scene, name: str) -> Site:
    """The site of a name: any at all for `web`, the scene's own, a vendor's, or a machine of the firm."""
    internet = scene.estate.internet
    if name == "web":
        return internet.pick(scene.rng.random())
    found = scene.sites.get(name) or internet.vendors.get(name)
    if found:
        return found
    host = scene.hosts.get(name) or (scene.any_seat() if name == "seat" else scene.estate.one(name))
    return Site(host.fqdn, (host.address,))


def _resolve(words: Words, step: Step) -> Act:
    by, site, name = step["by"], step.get("site", "web"), choice(words, "name")

    def run(scene: Scene) -> None:
        missing = name(scene)  # a name that is asked for and does not exist
        scene.site = Site(missing, ()) if missing else site_of(scene, site)
        scene.telemetry.resolved(scene.t, scene.actor(by), scene.site.name, scene.site.addresses)

    return run


def _connect(words: Words, step: Step) -> Act:
    by, site, steady = step["by"], step.get("site", ""), step.get("steady", False)
    sent, received, seconds = step.get("sent", 1500), step.get("received", 12000), step.get("seconds", 4.0)
    port, service, protocol = step.get("port", 0), step.get("service"), step.get("protocol", "tcp")
    web, state = _web(words, step), step.get("state", "")

    def run(scene: Scene) -> None:
        if site:
            scene.site = site_of(scene, site)
        where, draw = scene.site, scene.rng.random()
        scale = 0.95 + 0.1 * draw if steady else 0.1 + 3.6 * draw * draw * draw
        spoken = where.service if service is None else service
        flow = Flow(
            where.addresses[int(draw * len(where.addresses))],
            port or where.port,
            where.name,
            spoken,
            int(sent * scale),
            int(received * scale),
            seconds * scale,
            protocol,
            web(scene) if spoken == "http" else None,
            state,
        )
        scene.telemetry.connected(scene.t, scene.actor(by), flow)

    return run


def _web(words: Words, step: Step) -> Callable[[Scene], Web]:
    method, mime = step.get("method", "GET"), step.get("mime", "text/html")
    uri, agent = choice(words, "uri", "/"), choice(words, "agent", BROWSER)
    return lambda scene: Web(method, uri(scene), agent(scene), mime=mime)


def _write(words: Words, step: Step) -> Act:
    by, path = step["by"], choice(words, "path")
    return lambda scene: scene.telemetry.wrote(scene.t, scene.actor(by), path(scene))


def _delete(words: Words, step: Step) -> Act:
    by, path = step["by"], choice(words, "path")
    return lambda scene: scene.telemetry.deleted(scene.t, scene.actor(by), path(scene))


def _backdate(words: Words, step: Step) -> Act:
    by, path, claimed = step["by"], choice(words, "path"), step["claimed"]
    return lambda scene: scene.telemetry.backdated(scene.t, scene.actor(by), path(scene), claimed)


def _pipe(words: Words, step: Step) -> Act:
    by, path = step["by"], choice(words, "path")
    return lambda scene: scene.telemetry.piped(scene.t, scene.actor(by), path(scene))


def _key(words: Words, step: Step) -> Act:
    by, key = step["by"], choice(words, "key")
    return lambda scene: scene.telemetry.made_key(scene.t, scene.actor(by), key(scene))


def _set(words: Words, step: Step) -> Act:
    by, key, data = step["by"], choice(words, "key"), choice(words, "data")
    return lambda scene: scene.telemetry.set_value(scene.t, scene.actor(by), key(scene), data(scene))


def _load(words: Words, step: Step) -> Act:
    by, path, about = step["by"], choice(words, "path"), _about(words, step)
    many = [known(name) for name in step.get("modules", ())]

    def run(scene: Scene) -> None:
        module = many[int(scene.rng.random() * len(many))] if many else about(scene, path(scene))
        scene.telemetry.loaded(scene.t, scene.actor(by), module)

    return run


def _open(words: Words, step: Step) -> Act:
    by, target, rights = step["by"], step["target"], step.get("rights", "0x1000")
    return lambda scene: scene.telemetry.opened(scene.t, scene.actor(by), scene.actor(target), rights)


def _inject(words: Words, step: Step) -> Act:
    by, target = step["by"], step["target"]
    return lambda scene: scene.telemetry.injected(scene.t, scene.actor(by), scene.actor(target))


def _script(words: Words, step: Step) -> Act:
    by, text, path = step["by"], choice(words, "text"), choice(words, "path")
    return lambda scene: scene.telemetry.scripted(scene.t, scene.actor(by), text(scene), path(scene))


def _task(words: Words, step: Step) -> Act:
    by, name = step["by"], choice(words, "name")
    command, arguments = choice(words, "command"), choice(words, "arguments")

    def run(scene: Scene) -> None:
        scene.telemetry.scheduled(scene.t, scene.actor(by), name(scene), command(scene), arguments(scene))

    return run


def _pause(words: Words, step: Step) -> Act:
    seconds = float(step["seconds"]) * MICROS

    def run(scene: Scene) -> None:
        scene.t += int(seconds * (0.7 + 0.6 * scene.rng.random()))

    return run


PROCESS_ACTS: dict[str, Callable[[Words, Step], Act]] = {
    "start": _start,
    "stop": _stop,
    "resolve": _resolve,
    "connect": _connect,
    "write": _write,
    "delete": _delete,
    "backdate": _backdate,
    "pipe": _pipe,
    "key": _key,
    "set": _set,
    "load": _load,
    "open": _open,
    "inject": _inject,
    "script": _script,
    "task": _task,
    "pause": _pause,
}
