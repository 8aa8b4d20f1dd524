"""The case folder: private to its owner, and nothing is ever written outside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from sakimori.errors import UsageError


def make_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 where it was missing.

    One that is there already keeps its mode: it may be shared for other reasons, and each file is 0600.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise UsageError(f"{folder} is a file; name a folder for the case.") from None
    except OSError as error:
        raise UsageError(
            f"The case folder {folder} cannot be made: {error.strerror}. Name another."
        ) from error
    return folder


def write_file(folder: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """Path of the finished file, mode 0600. Readers see the old file or the new one, never half of one.

    A link that stands under that name is replaced, not followed.
    """
    if Path(name).name != name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} is not the name of a file in the case folder")
    target = make_folder(folder) / name
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except OSError as error:
        raise UsageError(
            f"{target} cannot be written: {error.strerror}. Free space or name another."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return target
