"""Readers of what lies on Macs and Linux machines, and of programs that watch them."""

from __future__ import annotations

from sakimori.evidence.btm_dump import BackgroundItems
from sakimori.evidence.property_lists import PropertyList
from sakimori.evidence.reader import Reader
from sakimori.evidence.santa import SantaLog
from sakimori.evidence.shell_history import ShellHistory
from sakimori.evidence.sqlite.database import SqliteDatabase

ENDPOINTS: tuple[Reader, ...] = (SqliteDatabase(), PropertyList(), BackgroundItems(), SantaLog())

# Told by the place in which the file lay.
ENDPOINTS_PLACED: tuple[Reader, ...] = (ShellHistory(),)
