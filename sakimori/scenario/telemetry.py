"""What happens on a machine, as the sensors of a firm hear it.

Ordinary life, benign twins and the intrusion only ever speak through these methods; a kind of evidence
(Windows events with Zeek, Defender exports) is one implementation. `t` is microseconds since the epoch, UTC.
"""

from __future__ import annotations

from typing import Protocol

from sakimori.scenario.world import Account, Flow, Host, Process, Program, Session


class Telemetry(Protocol):
    """`count` is the number of events heard; `tag` marks what is heard now for the truth (0: ordinary)."""

    count: int
    tag: int

    def started(self, t: int, process: Process) -> None:
        """A process was created."""

    def ended(self, t: int, process: Process) -> None:
        """It ended."""

    def resolved(self, t: int, process: Process, name: str, answers: tuple[str, ...]) -> None:
        """It asked for a name; no answers mean that the name does not exist."""

    def connected(self, t: int, process: Process, flow: Flow) -> None:
        """It opened a connection."""

    def wrote(self, t: int, process: Process, path: str) -> None:
        """It created a file."""

    def deleted(self, t: int, process: Process, path: str) -> None:
        """It deleted a file."""

    def backdated(self, t: int, process: Process, path: str, claimed: str) -> None:
        """It set a file's creation time to `claimed`."""

    def set_value(self, t: int, process: Process, key: str, data: str) -> None:
        """It set a registry value."""

    def made_key(self, t: int, process: Process, key: str) -> None:
        """It created a registry key."""

    def loaded(self, t: int, process: Process, module: Program) -> None:
        """It loaded a library, or its own image."""

    def opened(self, t: int, process: Process, target: Process, rights: str) -> None:
        """It opened another process with these rights."""

    def injected(self, t: int, process: Process, target: Process) -> None:
        """It started a thread in another process."""

    def piped(self, t: int, process: Process, name: str) -> None:
        """It created a named pipe."""

    def logged_on(self, t: int, host: Host, session: Session, package: str) -> None:
        """A session began; `package` is what authenticated it."""

    def logged_off(self, t: int, host: Host, session: Session) -> None:
        """It ended."""

    def refused(self, t: int, host: Host, account: Account, source: str, kind: int) -> None:
        """A sign-in was refused."""

    def explicit(self, t: int, process: Process, account: Account, target: str) -> None:
        """A process used the credentials of another account."""

    def ticket(self, t: int, controller: Host, account: Account, source: str, service: str) -> None:
        """The controller gave a Kerberos ticket; `krbtgt` is the first one."""

    def checked(self, t: int, controller: Host, account: Account, workstation: str) -> None:
        """The controller checked an NTLM credential."""

    def shared(self, t: int, host: Host, session: Session, share: str) -> None:
        """A session opened a share."""

    def serviced(self, t: int, host: Host, session: Session, name: str, path: str) -> None:
        """A service was installed."""

    def scheduled(self, t: int, process: Process, name: str, command: str, arguments: str) -> None:
        """A scheduled task was made."""

    def updated_task(self, t: int, host: Host, name: str, user: str, event: int) -> None:
        """The task scheduler reports: 106 made, 140 changed, 141 deleted."""

    def scripted(self, t: int, process: Process, text: str, path: str) -> None:
        """PowerShell ran a script block."""

    def added_account(self, t: int, host: Host, session: Session, account: Account) -> None:
        """An account was made."""

    def cleared(self, t: int, host: Host, session: Session, channel: str) -> None:
        """A session cleared an event log."""


class Sensors(Telemetry, Protocol):
    """Telemetry that is written: `records` so far, `flush` what is older than a moment, `close` all files."""

    @property
    def records(self) -> int: ...
    def flush(self, until: int) -> None:
        """Write all that happened before `until`."""

    def close(self) -> None:
        """Close all files; what was to happen later is dropped."""
