"""The note of an acquisition, written beside the evidence: who, when, from where, how; and every hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from sakimori import __version__
from sakimori.errors import UsageError
from sakimori.evidence.acquisitions import NAME, SCHEMA, entries
from sakimori.evidence.discover import EvidenceFile, discover
from sakimori.evidence.tasks import file_hash
from sakimori.findings import moment
from sakimori.knowledge.sources import log_sources
from sakimori.response.contract import document
from sakimori.response.folder import write_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What a person says of an acquisition; `when` is microseconds UTC, None for now."""

    by: str
    tenant: str
    source: str = ""
    query: str = ""
    tool: str = ""
    note: str = ""
    when: int | None = None


def write_note(evidence: Path, taking: Taking) -> tuple[Path, int]:
    """The note with this acquisition added, and how many files it names.

    Raises UsageError where there is no file, the source is not in the checklist, or another file has the
    note's name.
    """
    known = {source.id for source in log_sources()}
    if taking.source and taking.source not in known:
        raise UsageError(f"--source {taking.source}: not in the checklist. `sakimori collect` shows the ids.")
    evidence = evidence.resolve()
    folder = evidence if evidence.is_dir() else evidence.parent
    files = [file for file in discover([evidence]).files if file.file.name != NAME]
    if not files:
        raise UsageError(f"{evidence} holds no file that could be written down.")
    before = _before(folder / NAME)
    content = {"$schema": SCHEMA, "acquisitions": [*before, _entry(taking, files)]}
    return write_file(folder, NAME, [document(content)]), len(files)


def _before(note: Path) -> list[dict[str, Any]]:
    if not note.exists():
        return []
    try:
        return entries(orjson.loads(note.read_bytes()))
    except ValueError as problem:
        raise UsageError(f"{note} is not a note of ours ({problem}); move it away.") from None


def _entry(taking: Taking, files: list[EvidenceFile]) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp()) * 1_000_000
    return {
        "by": taking.by,
        "tenant": taking.tenant,
        "acquired": moment(now if taking.when is None else taking.when),
        "written": moment(now),
        "source": taking.source,
        "query": taking.query,
        "tool": taking.tool,
        "note": taking.note,
        "sakimori": __version__,
        "files": [{"path": file.path, "bytes": file.bytes, "sha256": file_hash(file.file)} for file in files],
    }
