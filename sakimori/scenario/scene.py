"""One short stretch of something happening on one machine: where, when and as whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from sakimori.errors import CatalogueError
from sakimori.scenario.estate import Estate
from sakimori.scenario.telemetry import Telemetry
from sakimori.scenario.world import Account, Host, Process, Program, Session, Site

MICROS = 1_000_000
SYSTEM32 = "C:\\Windows\\system32\\"
_HERE = Site("localhost", ("127.0.0.1",))


@dataclass(slots=True, eq=False)
class Scene:
    """Where, when, as whom; `named` are the processes that acts of this scene speak of.

    `sites`, `hosts` and `accounts` are names only this scene knows, for instance the intruder's.
    """

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
        servers = self.estate.servers
        return servers[int(self.rng.random() * len(servers))]

    def any_seat(self) -> Host:
        """Some workstation or laptop."""
        return self.estate.hosts[-1 - int(self.rng.random() ** 2 * len(self.estate.people))]

    def process(self, name: str) -> Process | None:
        """A process by short name: of the scene, the session, or the system; None if it does not run."""
        if name == "svchost":
            return self.host.svchosts[int(self.rng.random() * len(self.host.svchosts))]
        return self.named.get(name) or self.session.processes.get(name) or self.host.system.get(name)

    def actor(self, name: str) -> Process:
        """A process that must run; raises CatalogueError if it does not."""
        process = self.process(name)
        if process is None:
            raise CatalogueError(
                f"scenario data: {name!r} does not run on {self.host.name} when an act needs it"
            )
        return process


Act = Callable[[Scene], None]


def spawn(
    scene: Scene, what: Program, command: str, parent: Process, session: Session, **more: str
) -> Process:
    """A new process on the scene's host, heard by the sensors; `more` is directory and integrity."""
    process = birth(scene.host, what, command, parent, session, scene.t, **more)
    scene.telemetry.started(scene.t, process)
    return process


def birth(
    host: Host,
    what: Program,
    command: str,
    parent: Process | None,
    session: Session,
    t: int,
    directory: str = SYSTEM32,
    integrity: str = "",
) -> Process:
    """A new process nobody reports: it was there before the evidence begins, or `spawn` reports it."""
    host.next_pid = pid = host.next_pid + 4 if host.next_pid < 64_000 else 4_004
    seconds = t // MICROS
    guid = (
        f"{host.guid_head}-{seconds & 0xFFFF:04X}-{seconds >> 16:04X}-"
        f"{pid // 4:04X}-{session.logon_id & 0xFFFF:012X}}}"
    )
    level = integrity or ("System" if session.account.sid.startswith("S-1-5-1") else "Medium")
    return Process(host, what, pid, guid, command, directory, session, parent, level, t)
