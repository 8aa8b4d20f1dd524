"""What the SAM hive says: the names of the machine's own accounts. Nothing else of it is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from sakimori.evidence.registry.regf import Hive
from sakimori.evidence.registry.said import Said, of_key


def said(hive: Hive) -> Iterator[Said]:
    """One row an account; its relative id is the type of the unnamed value under its name."""
    names = hive.find(r"SAM\Domains\Account\Users\Names")
    for key in names.children() if names else ():
        value = key.value("")
        yield of_key("hive_account", key, Name=key.name, Rid=value.kind if value else None)
