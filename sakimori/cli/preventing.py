"""`sakimori dlp`: a key, a register of what is sensitive, and what is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from sakimori.errors import UsageError

dlp = App(name="dlp", help="Register what must not leave; off until a hunt has it.", help_format="plaintext")
Identifier = Literal["card", "iban", "corporate-number"]
Many = Parameter(negative=())


def key(file: Path, /) -> int:
    """Make the key that a register is read with. Keep it apart from the register.

    Parameters
    ----------
    file:
        A new file; only you may read it.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.detection.dlp.key import make_key
    from sakimori.tongue import tongue

    make_key(file)
    print(
        tongue(spoken())(
            "{file}: keep it where the register is not; without it the register says nothing.", file=str(file)
        )
    )
    return 0


def register(
    *,
    to: Path,
    key: Path,
    label: str,
    owner: str,
    document: Annotated[list[Path] | None, Many] = None,
    text: Annotated[list[Path] | None, Many] = None,
    values: Path | None = None,
    file_class: Annotated[list[str] | None, Parameter(name="--class", negative=())] = None,
    identifier: Annotated[list[Identifier] | None, Many] = None,
) -> int:
    """Register what is sensitive: only keyed hashes of it are written.

    Parameters
    ----------
    to:
        The register; made if it is not there, added to if it is.
    key:
        The key that `sakimori dlp key` made.
    label:
        What findings call it: "board minutes".
    owner:
        Who answers for it.
    document:
        Files to be known by their hashes.
    text:
        Text files to be known by runs of their words, in subjects, addresses and names of files.
    values:
        A text file with one value a line: customers' numbers.
    file_class:
        Names of files: "*.kdbx", "wallet*.dat".
    identifier:
        Kinds of identifiers that carry a check: card, iban, corporate-number.
    """
    from sakimori.detection.dlp.key import read_key
    from sakimori.detection.dlp.register import empty, read_register, write_register
    from sakimori.detection.dlp.registering import Registering

    secret = read_key(key)
    if not label.strip() or not owner.strip():
        raise UsageError(
            "--label and --owner are needed: a finding says what it is about and who answers for it."
        )
    make = Registering(
        key=secret, label=label.strip(), owner=owner.strip(), day=datetime.now(UTC).date().isoformat()
    )
    made = [
        *([make.documents(document)] if document else []),
        *([make.texts(text)] if text else []),
        *([make.values(values)] if values else []),
        *([make.classes(file_class)] if file_class else []),
        *([make.identifiers(identifier)] if identifier else []),
    ]
    if not made:
        raise UsageError("nothing to register: give --document, --text, --values, --class or --identifier.")
    before = read_register(to, secret) if to.exists() else empty(secret)
    write_register(
        to, type(before)(schema=before.schema, check=before.check, entries=(*before.entries, *made))
    )
    print("\n".join(_line(entry.kind, entry.label, len(entry.hashes), entry.owner) for entry in made))
    return 0


def list_entries(register: Path, /, *, key: Path) -> int:
    """Say what is registered: kinds, labels, numbers and owners. The values cannot be told.

    Parameters
    ----------
    register:
        The register.
    key:
        Its key.
    """
    from sakimori.detection.dlp.key import read_key
    from sakimori.detection.dlp.register import read_register

    found = read_register(register, read_key(key))
    for entry in found.entries:
        print(_line(entry.kind, entry.label, len(entry.hashes), entry.owner, entry.added))
    return 0


def _line(kind: str, label: str, hashes: int, owner: str, added: str = "") -> str:
    from sakimori.cli.hunting import spoken
    from sakimori.response.hostile import for_terminal
    from sakimori.tongue import tongue

    line = tongue(spoken())(
        "{kind}: {label} (keyed hashes: {hashes}); {owner}",
        kind=kind,
        label=label,
        hashes=hashes,
        owner=owner,
    )
    return for_terminal(f"{line} {added}".strip())


dlp.command(key, name="key")
dlp.command(register, name="register")
dlp.command(list_entries, name="list")
