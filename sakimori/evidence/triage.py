"""What responders collect from a machine: KAPE, Velociraptor and UAC put these files in archives."""

from __future__ import annotations

from sakimori.evidence.bodyfile import Bodyfile
from sakimori.evidence.live_response import ProcessListing, SocketListing
from sakimori.evidence.mft import MasterFileTable
from sakimori.evidence.prefetch import Prefetch
from sakimori.evidence.reader import Reader
from sakimori.evidence.registry.hives import RegistryHive
from sakimori.evidence.scheduled_task_xml import ScheduledTaskXml
from sakimori.evidence.srum import Srum
from sakimori.evidence.usn import ChangeJournal

TRIAGE: tuple[Reader, ...] = (
    RegistryHive(),
    Prefetch(),
    Srum(),
    MasterFileTable(),
    ChangeJournal(),
    ScheduledTaskXml(),
    Bodyfile(),
    ProcessListing(),
    SocketListing(),
)
