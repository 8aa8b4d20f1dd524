"""Which parser takes which kind of file apart; it runs in a confined process, file by file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sakimori.evidence.files.described import Damaged, Facts

Parser = Callable[[Path], Facts]
PARSED = frozenset({"pe", "elf", "mach-o", "lnk"})


def taking_apart(setting: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """The job of the confined process: {path, kind} in, {facts} or {damaged} out."""
    import lief

    from sakimori.evidence.files.lnk import lnk_facts
    from sakimori.evidence.files.pe import pe_facts
    from sakimori.evidence.files.unix import elf_facts, macho_facts

    lief.logging.disable()
    parsers: dict[str, Parser] = {"pe": pe_facts, "elf": elf_facts, "mach-o": macho_facts, "lnk": lnk_facts}

    def facts(question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return {"facts": parsers[question["kind"]](Path(question["path"]))}
        except Damaged as problem:
            return {"damaged": str(problem)}

    return facts
