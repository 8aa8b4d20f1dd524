"""How one hunt is to be done; it travels to the workers as it is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from sakimori.records.manifest import InUse


def cache_folder() -> Path:
    """Where compiled rules are kept between hunts: $SAKIMORI_CACHE, else the user's cache folder."""
    base = os.environ.get("SAKIMORI_CACHE")
    if base:
        return Path(base)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sakimori"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Evidence, case folder and options of a hunt.

    `memory` is bytes for the query engine. `since` and `until` are microseconds UTC; records without a time
    are kept. `org` is the organisation's own file, `placeholders` the lists of its rules, `suppressions`
    what it does not want to be told for a time, `indicators` what others have seen, `bundles` the signed
    bundles among `rules` and `indicators`. `dlp` are a register of what must not leave and its key. `yara`
    are folders of YARA rules; `files` takes everything as files and nothing as a log. `absence` lets
    correlations speak of what did not happen. `zone` is assumed for times that name none and shown beside
    UTC.
    """

    evidence: tuple[Path, ...]
    case: Path
    rules: tuple[Path, ...] = ()
    mappings: tuple[Path, ...] = ()
    org: Path | None = None
    placeholders: Path | None = None
    suppressions: Path | None = None
    indicators: tuple[Path, ...] = ()
    bundles: tuple[InUse, ...] = ()
    dlp: tuple[Path, Path] | None = None
    yara: tuple[Path, ...] = ()
    files: bool = False
    absence: bool = False
    zone: str = "UTC"
    since: int | None = None
    until: int | None = None
    workers: int = 2
    memory: int = 384 << 20
    lang: str = "en"
    cache: Path | None = field(default_factory=cache_folder)
