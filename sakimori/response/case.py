"""A case as writers of reports and exports receive it: all a person may be shown, nothing to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sakimori.coverage import Coverage
from sakimori.findings import Finding
from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder_ground import Climb
from sakimori.incidents.trail import Trail
from sakimori.records.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hunt's result. `findings` are sorted by first_seen, then id; `incidents` by rank.

    `originals` maps a finding id to up to five original records (text as in the evidence), each with its
    place; they are given for findings of the first 50 incidents. `trails` are the records around the evidence
    of an incident, by its id. `zone` is shown beside UTC when not UTC.
    `climbs` are ladders by incident; `unplaced` are ids in `named.yml` that no incident here has.
    """

    findings: tuple[Finding, ...]
    incidents: tuple[Incident, ...]
    manifest: Manifest
    coverage: Coverage
    trails: Mapping[str, Trail] = field(default_factory=dict)
    originals: Mapping[str, tuple[Original, ...]] = field(default_factory=dict)
    zone: str = "UTC"
    lang: str = "en"
    climbs: Mapping[str, Climb] = field(default_factory=dict)
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A record as it stands in the evidence. `matched` are the values to mark in it."""

    file: str
    record: int
    offset: int
    sha256: str
    text: str
    matched: tuple[str, ...] = ()
