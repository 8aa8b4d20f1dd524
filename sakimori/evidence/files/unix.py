"""What programs of Linux and macOS say of themselves.

Formats: https://refspecs.linuxfoundation.org/elf/elf.pdf,
https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lief

from sakimori.evidence.files.described import Damaged, Facts, limited, listed
from sakimori.evidence.files.signing import signing

_ELF_FORMS = {"EXEC": "program", "DYN": "library", "REL": "object", "CORE": "core"}
_MACHO_FORMS = {
    "EXECUTE": "program",
    "DYLIB": "library",
    "BUNDLE": "library",
    "OBJECT": "object",
    "KEXT_BUNDLE": "driver",
}


def elf_facts(path: Path) -> Facts:
    """The columns of an ELF file. Raises Damaged where it is none that can be taken apart."""
    binary = lief.ELF.parse(str(path))
    if binary is None:
        raise Damaged("its headers are damaged")
    form = _ELF_FORMS.get(binary.header.file_type.name, "program")
    return {
        # A program that may lie anywhere in memory is of the same type as a library, but names its loader.
        "Form": "program" if form == "library" and binary.has_interpreter else form,
        "Machine": binary.header.machine_type.name.lower(),
        "Sections": listed(_sections(binary)),
        "Exports": listed(limited(s.name) for s in binary.exported_functions),
        "Libraries": listed(limited(library) for library in binary.libraries),
        "Overlay": len(binary.overlay),
    }


def macho_facts(path: Path) -> Facts:
    """The columns of a Mach-O file, of the first of its processors; the names of all of them.

    Raises Damaged where it is none that can be taken apart.
    """
    fat = lief.MachO.parse(str(path))
    if fat is None or not len(fat):
        raise Damaged("its headers are damaged")
    first: Any = fat.at(0)
    facts: Facts = {
        "Form": _MACHO_FORMS.get(first.header.file_type.name, "program"),
        "Machine": " ".join(sorted({binary.header.cpu_type.name.lower() for binary in fat})),
        "Sections": listed(_sections(first)),
        "Exports": listed(limited(s.name) for s in first.exported_symbols),
        "Libraries": listed(limited(library.name) for library in first.libraries),
    }
    return facts | _signed(first)


def _sections(binary: Any) -> Iterator[dict[str, Any]]:
    for section in binary.sections:
        yield {"name": limited(section.name), "size": section.size, "entropy": round(section.entropy, 2)}


def _signed(binary: Any) -> Facts:
    if not binary.has_code_signature:
        return {"Signed": "false"}
    found = signing(bytes(binary.code_signature.content))
    return {"Signed": "true", "SignatureStatus": found.status, "Signer": found.signer or None}
