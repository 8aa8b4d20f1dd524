"""Readers of what lies on Macs and Linux machines, and of programs that watch them."""

from __future__ import annotations

from sakimori.evidence.reader import Reader
from sakimori.evidence.santa import SantaLog
from sakimori.evidence.sqlite.database import SqliteDatabase

ENDPOINTS: tuple[Reader, ...] = (SqliteDatabase(), SantaLog())

# Told by the place in which the file lay.
ENDPOINTS_PLACED: tuple[Reader, ...] = ()
