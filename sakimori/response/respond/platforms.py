"""Which platforms a finding touches, told by the logs that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sakimori.coverage import Coverage
from sakimori.findings import Finding
from sakimori.records.manifest import Manifest

# Platform -> how the names of its logs begin (sakimori/records/logs). Sign-ins to Microsoft 365 are Entra's.
_LOGS: Mapping[str, tuple[str, ...]] = {
    "entra": ("entra_", "m365_", "exchange_", "intune", "graph_security"),
    "okta": ("okta",),
    "google": ("google_workspace", "google_"),
    "aws": ("aws_",),
    "github": ("github",),
    "defender": ("defender_",),
    "payments": ("payment",),
}
# Where an account of a computer may be known as well, and where its sessions must end.
DIRECTORIES = ("entra", "okta", "google")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Which logs the files of a case hold, by path, and the names of logs by their titles."""

    logs_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def directories(self) -> tuple[str, ...]:
        """Those of DIRECTORIES that the case has logs of."""
        met = self._platforms({log for logs in self.logs_of.values() for log in logs})
        return tuple(one for one in DIRECTORIES if one in met)

    def platforms(self, finding: Finding) -> frozenset[str]:
        """The platforms of a finding: of its log where it names one, else of all logs in its files."""
        named = self.named.get(finding.facts.get("log", ""))
        if named:
            return self._platforms([named])
        files = {place.file for place in finding.places}
        return self._platforms(log for file in files for log in self.logs_of.get(file, ()))

    def _platforms(self, logs: Iterable[str]) -> frozenset[str]:
        return frozenset(
            platform for log in logs for platform, begins in _LOGS.items() if log.startswith(begins)
        )


def evidence_of(manifest: Manifest, coverage: Coverage) -> Evidence:
    """What a hunt knows of its files."""
    return Evidence(
        logs_of={entry.path: frozenset(log for log, _ in entry.logs) for entry in manifest.files},
        named={seen.title: seen.log for seen in coverage.logs},
    )
