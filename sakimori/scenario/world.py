"""The things a scenario speaks of: accounts, programs, processes, sessions, hosts, flows."""

from __future__ import annotations

from dataclasses import dataclass, field

DOMAIN = "KITAURA"
REALM = "kitaura.example.com"
MARK = "SAKIMORI-SYNTHETIC"
UNANSWERED = ("S0", "REJ")  # connection states, as Zeek names them


@dataclass(frozen=True, slots=True)
class Account:
    """Someone or something that signs in; `domain` is the NetBIOS name."""

    name: str
    sid: str
    domain: str = DOMAIN
    admin: bool = False

    @property
    def full(self) -> str:
        """DOMAIN\\name, as Windows writes it."""
        return f"{self.domain}\\{self.name}"


SYSTEM = Account("SYSTEM", "S-1-5-18", "NT AUTHORITY", admin=True)
LOCAL_SERVICE = Account("LOCAL SERVICE", "S-1-5-19", "NT AUTHORITY")
NETWORK_SERVICE = Account("NETWORK SERVICE", "S-1-5-20", "NT AUTHORITY")
BUILT_IN = {"system": SYSTEM, "local": LOCAL_SERVICE, "network": NETWORK_SERVICE}


@dataclass(frozen=True, slots=True)
class Program:
    """An executable or library with what its version resource says; "-" where it says nothing."""

    image: str
    company: str = "-"
    product: str = "-"
    description: str = "-"
    original: str = "-"
    version: str = "-"
    signature: str = "-"
    hashes: str = ""

    @property
    def file(self) -> str:
        """The last part of the path."""
        return self.image.rpartition("\\")[2]


@dataclass(slots=True, eq=False)
class Session:
    """A signed-on account on a host, and the long-lived processes it owns by short name."""

    account: Account
    logon_id: int
    kind: int = 2
    terminal: int = 1
    source: str = "-"
    source_host: str = "-"
    processes: dict[str, Process] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Process:
    """One run of a program. `key` is a short name that habits use for parents."""

    host: Host
    program: Program
    pid: int
    guid: str
    command: str
    directory: str
    session: Session
    parent: Process | None
    integrity: str = "Medium"
    began: int = 0
    cache: str = ""


@dataclass(slots=True, eq=False)
class Host:
    """A machine. `role` picks its habits; `owner` is the person who sits at it, if any."""

    index: int
    name: str
    address: str
    role: str
    laptop: bool = False
    owner: Person | None = None
    guid_head: str = ""
    next_pid: int = 4000
    debt: float = 0.0
    session: Session | None = None
    system: dict[str, Process] = field(default_factory=dict)
    svchosts: list[Process] = field(default_factory=list)
    services: dict[str, Session] = field(default_factory=dict)

    @property
    def fqdn(self) -> str:
        """The name in DNS."""
        return f"{self.name.lower()}.{REALM}"

    @property
    def machine(self) -> Account:
        """The computer's own account in the domain."""
        return Account(f"{self.name}$", f"S-1-5-21-1004336348-1177238915-682003330-{2000 + self.index}")


@dataclass(slots=True, eq=False)
class Person:
    """A member of staff. `offset` moves the working day (hours) of those who work elsewhere."""

    first: str
    last: str
    account: Account
    role: str
    offset: int = 0
    early: float = 0.0


@dataclass(frozen=True, slots=True)
class Site:
    """A name in DNS with its addresses; `service` is what is spoken there: ssl or http."""

    name: str
    addresses: tuple[str, ...]
    port: int = 443
    service: str = "ssl"


@dataclass(frozen=True, slots=True)
class Web:
    """What an HTTP request says, for flows that are not encrypted."""

    method: str
    uri: str
    agent: str
    status: int = 200
    mime: str = "text/html"


@dataclass(slots=True, eq=False)
class Flow:
    """One connection as sensors see it."""

    address: str
    port: int
    name: str
    service: str
    sent: int
    received: int
    seconds: float
    protocol: str = "tcp"
    web: Web | None = None
    state: str = ""  # as Zeek names it, where the connection did not go well
