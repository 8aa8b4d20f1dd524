"""The logs of the cloud: which file each is, and what turns an event into its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sakimori.scenario.cloud import cloudtrail, entra_audit, entra_sign_in, github, mail, unified_audit, vpn
from sakimori.scenario.cloud.event import Event
from sakimori.scenario.cloud.files import DocumentFile, PackedFile
from sakimori.scenario.cloud.mac import Mac
from sakimori.scenario.cloud.people import Worker
from sakimori.scenario.journal import DayFile, Journal, Witness

_WRITERS: dict[str, Callable[[Event], str]] = {
    "entra": entra_sign_in.sign_in,
    "entra_audit": entra_audit.audit,
    "m365": unified_audit.audited,
    "email": mail.email,
    "trace": mail.trace,
    "click": mail.click,
    "github": github.github,
    "aws": cloudtrail.call,
    "vpn": vpn.tunnel,
}
_END = "\n]}}\n"


class Logs:
    """Takes events by the name of their log; `mail` is one message in both exports that know it."""

    def __init__(self, root: Path, witness: Witness, compress: str, macs: list[Worker]) -> None:
        self._macs = {worker.host.name: Mac(worker) for worker in macs}
        self._journals = {
            name: Journal(file, self._macs[name].numbered if name in self._macs else None)
            for name, file in _files(root, witness, compress, list(self._macs)).items()
        }

    @property
    def records(self) -> int:
        """Records written so far."""
        return sum(journal.file.records for journal in self._journals.values())

    def add(self, log: str, event: Event, tag: int) -> None:
        """One event; `tag` is for the truth."""
        if log == "mail":
            self.add("email", event, tag)
            self.add("trace", event, tag)
        elif log == "mac":
            name = event.who.host.name
            self._journals[name].add(event.t, 0, tag, self._macs[name].told(event))
        else:
            self._journals[log].add(event.t, 0, tag, _WRITERS[log](event))

    def flush(self, until: int) -> None:
        """Write all that happened before `until`."""
        for journal in self._journals.values():
            journal.flush(until)

    def close(self) -> None:
        """Close all files; what was to happen later is dropped."""
        for journal in self._journals.values():
            journal.file.close()


def _files(root: Path, witness: Witness, compress: str, macs: list[str]) -> dict[str, DayFile]:
    def lines(name: str, head: str) -> DayFile:
        return DayFile(root, name, witness, head=head, compress=compress)

    def document(name: str, head: str) -> DayFile:
        return DocumentFile(root, name, witness, head=head, foot=_END, compress=compress)

    return {
        "entra": document("entra/{day}/SignIns.json", entra_sign_in.HEAD),
        "entra_audit": document("entra/{day}/AuditLogs.json", entra_audit.HEAD),
        "m365": lines("m365/{day}/UnifiedAuditLog.csv", unified_audit.HEAD),
        "trace": lines("m365/{day}/MessageTrace.csv", ",".join(mail.TRACE) + "\n"),
        "email": lines("defender/{day}/EmailEvents.csv", ",".join(mail.EMAIL) + "\n"),
        "click": lines("defender/{day}/UrlClickEvents.csv", ",".join(mail.CLICK) + "\n"),
        "vpn": lines("vpn/KTR-FG01-{day}.log", ""),
        "github": lines("github/audit-log-{day}.json", ""),
        "aws": PackedFile(root, cloudtrail.FILE, witness, head='{{"Records":[\n', foot=_END),
        **{name: lines(f"macs/{name}_{{day}}/eslogger.json", "") for name in macs},
    }
