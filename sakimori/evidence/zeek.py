"""The two formats Zeek writes."""

from __future__ import annotations

from sakimori.evidence.zeek_json import ZeekJson
from sakimori.evidence.zeek_tsv import ZeekTsv

__all__ = ["ZeekJson", "ZeekTsv"]
