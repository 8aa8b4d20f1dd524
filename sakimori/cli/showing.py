"""`sakimori show`: the original record at a place, read again from the evidence."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import orjson
from cyclopts import Parameter

from sakimori.errors import EvidenceError, UsageError

_PLACE = re.compile(r"(?P<file>.+)#(?P<record>\d+)(?:@(?P<offset>\d+))?$", re.DOTALL)


def show(
    place: str,
    /,
    *,
    case: Path,
    evidence: Annotated[list[Path], Parameter(negative=())],
) -> int:
    """Print the original record at a place, and whether the evidence is still what the case read.

    What has the shape of a seed phrase, a private key or a My Number is masked.

    Parameters
    ----------
    place:
        `file#record`, as the report writes it: `outer.zip!inner.json#12`.
    case:
        The case folder whose manifest holds the file's hash.
    evidence:
        The folders or files that were hunted in.
    """
    from sakimori.masking import masked
    from sakimori.response.hostile import for_terminal

    found = _PLACE.fullmatch(place)
    if found is None:
        raise UsageError(f"{place}: not a place. Write it like outer.zip!inner.json#12.")
    entry = _entry(case, found["file"])
    text, digest = original(found["file"], int(found["record"]), int(found["offset"] or 0), evidence)
    print("\n".join(for_terminal(line, 100_000) for line in masked(text).splitlines()))
    _note(case, place)
    if digest != entry["sha256"]:
        raise EvidenceError(
            f"{found['file']} has changed since the hunt: its SHA-256 was {entry['sha256']} and is {digest}."
        )
    return 0


def _note(case: Path, place: str) -> None:
    """Who opened what is kept in the case; where it cannot be, that is said and the record is shown."""
    from sakimori.errors import SakimoriError
    from sakimori.response.handover.accesses import note
    from sakimori.response.hostile import for_terminal

    try:
        note(case, "show", place)
    except SakimoriError as error:
        print(f"sakimori: not noted in the case: {for_terminal(str(error))}", file=sys.stderr)


def original(path: str, record: int, offset: int, evidence: list[Path]) -> tuple[str, str]:
    """The record's text and the SHA-256 of the member it stands in.

    Raises EvidenceError where the evidence no longer holds it.
    """
    from sakimori.evidence.discover import discover
    from sakimori.evidence.files.showing import opened
    from sakimori.evidence.reader import Source

    outer = path.split("!", 1)[0]
    file = next((f for f in discover(evidence).files if f.path == outer), None)
    if file is None:
        raise EvidenceError(f"{outer} is not in the evidence given: name the same folders as for the hunt.")
    member, reader = opened(file, path)
    source = Source(path=path, stream=member.stream, head=member.head)
    text = reader.record(source, record, offset)
    if text is None:
        raise EvidenceError(f"{path} has no record {record}.")
    return text, member.sha256()


def _entry(case: Path, path: str) -> dict[str, str]:
    file = case / "manifest.json"
    if not file.is_file():
        raise UsageError(f"{case} is no case folder: it holds no manifest.json.")
    entries: list[dict[str, str]] = orjson.loads(file.read_bytes())["files"]
    for entry in entries:
        if entry["path"] == path:
            return entry
    raise UsageError(f"{path} is not in the case {case}: its manifest does not name it.")
