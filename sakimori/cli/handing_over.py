"""`sakimori seal` and `sakimori verify`: a case signed as it stands, and what changed in it since."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Lang = Literal["en", "ja"] | None
CHANGED = 4


def seal(case: Path, /, *, key: Path | None = None, by: str = "", lang: Lang = None) -> int:
    """Sign a case as it stands: every file's hash, who opened it, and the seal before.

    Parameters
    ----------
    case:
        The case folder.
    key:
        The secret key; your own by default (see `sakimori key make`).
    by:
        Who seals it; your account's name by default.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.response.handover.sealing import digest
    from sakimori.response.handover.sealing import seal as sealed
    from sakimori.signing import read_secret, secret_file
    from sakimori.tongue import tongue

    file = sealed(case, read_secret(key or secret_file()), by)
    say = tongue(lang or spoken())
    print(say("The case is sealed: {file}.", file=str(file)))
    print(say("Write this down where nobody who reaches the case can reach it: {head}",
              head=digest(file.read_bytes())))  # fmt: skip
    return 0


def verify(case: Path, /, *, key: Path | None = None, lang: Lang = None) -> int:
    """Say whether a case is as it was sealed, and exactly what changed. Exit code 4: something did.

    Parameters
    ----------
    case:
        The case folder.
    key:
        The public key it must be signed with, in place of those that are trusted.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.response.handover.sealing import check
    from sakimori.response.hostile import for_terminal
    from sakimori.signing import trusted
    from sakimori.signing.trusted import read_public
    from sakimori.tongue import tongue

    found = check(case, trusted() if key is None else (read_public(key),))
    say = tongue(lang or spoken())
    print(say("Sealed {when}, signed by the key {id}: {n} files.", when=found.when, id=found.signed_by,
              n=f"{found.files:,}"))  # fmt: skip
    print(say("SHA-256 of the seal: {head}", head=found.head))
    words = {"changed": say("changed"), "missing": say("missing"), "added": say("added"),
             "chain": say("does not follow what was there before")}  # fmt: skip
    for change in found.changes:
        print(f"  {words[change.kind]}: {for_terminal(change.path)}")
    if not found.changes:
        print(say("Every file is as it was when the case was sealed."))
    return CHANGED if found.changes else 0
