"""Readers of what responders collect from a machine: KAPE, Velociraptor and UAC lay these files in archives."""

from __future__ import annotations

from sakimori.evidence.reader import Reader
from sakimori.evidence.registry.hives import RegistryHive

TRIAGE: tuple[Reader, ...] = (RegistryHive(),)
