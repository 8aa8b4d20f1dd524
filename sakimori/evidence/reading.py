"""Evidence read in this process, batch by batch, for questions that need no case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sakimori.evidence.containers import walk
from sakimori.evidence.discover import discover
from sakimori.evidence.member import Member
from sakimori.evidence.reader import Source
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import reader_of
from sakimori.records.batch import Batch
from sakimori.records.clock import Zone
from sakimori.records.plan import Plan


def batches_of(evidence: Sequence[Path], plan: Plan, zone: Zone) -> Iterator[Batch]:
    """All batches of all members, in order of their paths; what is unread is left out.

    Raises UsageError where there is no evidence.
    """
    for file in discover(evidence).files:
        for member in walk(file):
            if isinstance(member, Member):
                yield from _of_member(member, plan, zone)


def _of_member(member: Member, plan: Plan, zone: Zone) -> Iterator[Batch]:
    reader = reader_of(member.head, READERS, member.path)
    if reader is not None:
        source = Source(path=member.path, stream=member.stream, head=member.head, zone=zone)
        yield from (found for found in reader.read(source, plan) if isinstance(found, Batch))
    member.drain()
