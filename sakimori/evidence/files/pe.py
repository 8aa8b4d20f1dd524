"""What a Windows program or library says of itself: who made it, when, what it asks for, who signed it.

Format: https://learn.microsoft.com/windows/win32/debug/pe-format
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lief

from sakimori.evidence.files.described import Damaged, Facts, limited, listed

_DLL = 0x2000
_DRIVER = ("NATIVE",)
_STRINGS = {"OriginalFilename": "OriginalFileName", "CompanyName": "Company", "ProductName": "Product"}


def pe_facts(path: Path) -> Facts:
    """The columns of a PE file. Raises Damaged where it is none that can be taken apart."""
    wanted = lief.PE.ParserConfig()
    wanted.parse_reloc = wanted.parse_exceptions = False
    binary = lief.PE.parse(str(path), wanted)
    if binary is None:
        raise Damaged("its headers are damaged")
    facts: Facts = {
        "Form": _form(binary),
        "Machine": binary.header.machine.name.lower(),
        "Compiled": compiled(binary.header.time_date_stamps),
        "Imphash": lief.PE.get_imphash(binary, lief.PE.IMPHASH_MODE.PEFILE) if binary.has_imports else None,
        "Sections": listed(_sections(binary)),
        "Exports": listed(_exports(binary)),
        "Libraries": listed(sorted({str(i.name).lower() for i in binary.imports})),
        "Overlay": _overlay(binary, path.stat().st_size),
    }
    return facts | _version(binary) | _signature(binary)


def compiled(seconds: int) -> int | None:
    """Microseconds since the epoch; None where the linker wrote a hash of the build, or nothing, instead."""
    return seconds * 1_000_000 if 631_152_000 <= seconds < 2**31 else None


def _form(binary: Any) -> str:
    if binary.optional_header.subsystem.name in _DRIVER:
        return "driver"
    return "library" if binary.header.characteristics & _DLL else "program"


def _sections(binary: Any) -> Iterator[dict[str, Any]]:
    for section in binary.sections:
        yield {"name": limited(section.name), "size": section.size, "entropy": round(section.entropy, 2)}


def _exports(binary: Any) -> Iterator[str]:
    if binary.has_exports and (table := binary.get_export()) is not None:
        yield from (limited(entry.name) for entry in table.entries if entry.name)


def _overlay(binary: Any, size: int) -> int:
    """Bytes behind the last section that are not its signature."""
    end = max((s.pointerto_raw_data + s.sizeof_raw_data for s in binary.sections), default=size)
    signature = binary.cert_dir.size if binary.cert_dir is not None else 0
    return max(0, size - end - signature)


def _version(binary: Any) -> Facts:
    if not binary.has_resources or (manager := binary.resources_manager) is None:
        return {}
    found: Facts = {}
    for version in manager.version:
        tables = version.string_file_info.children if version.string_file_info else ()
        for entry in (entry for table in tables for entry in table.entries):
            if entry.key in _STRINGS and entry.value.strip():
                found.setdefault(_STRINGS[entry.key], limited(entry.value.strip()))
    return found


def _signature(binary: Any) -> Facts:
    """Whose certificate is in it, and whether what was signed is what is there; trust is another question."""
    if not binary.has_signatures:
        return {"Signed": "false"}
    signature = binary.signatures[0]
    whole = binary.verify_signature() == lief.PE.Signature.VERIFICATION_FLAGS.OK
    facts: Facts = {"Signed": "true", "SignatureStatus": "whole" if whole else "broken"}
    signers = list(signature.signers)
    if signers and (certificate := signers[0].cert) is not None:
        facts["Signer"] = limited(common_name(certificate.subject))
        facts["Serial"] = bytes(certificate.serial_number).hex()
    return facts


def common_name(subject: str) -> str:
    """`Example Ltd` of `C=JP, O=Example Ltd, CN=Example Ltd`; the whole where it names no CN."""
    parts = (part.strip().partition("=") for part in subject.replace("\\,", "\0").split(","))
    names = {key: value.replace("\0", ",") for key, _, value in parts}
    return names.get("CN") or names.get("O") or subject
