"""A member opened again to be shown, with the reader that knows it: of a log, or of any file."""

from __future__ import annotations

from sakimori.errors import EvidenceError
from sakimori.evidence.containers import container, open_member, open_whole
from sakimori.evidence.discover import EvidenceFile
from sakimori.evidence.files.reader import Files
from sakimori.evidence.member import Member
from sakimori.evidence.reader import Reader
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import reader_of


def opened(file: EvidenceFile, path: str) -> tuple[Member, Reader]:
    """The member at its first byte and its reader. Raises EvidenceError where the file no longer holds it."""
    try:
        member = open_member(file, path)
    except EvidenceError:
        return open_whole(file, path), Files()  # an archive of a kind that is not opened
    reader = reader_of(member.head, READERS, path)
    if reader is not None:
        return member, reader
    if container(member.head) is None:
        return member, Files()
    member.close()
    return open_whole(file, path), Files()
