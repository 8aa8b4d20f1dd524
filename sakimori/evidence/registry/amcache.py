"""What Amcache.hve says: programs and drivers that were met, with their SHA-1, and installed products.

It proves that a file was there, not that it ran.
https://cyber.gouv.fr/publications/analysis-amcache
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sakimori.evidence.registry.regf import Hive, Key
from sakimori.evidence.registry.said import Said, of_key


def said(hive: Hive) -> Iterator[Said]:
    """All rows of the hive."""
    yield from _each(hive.find(r"Root\InventoryApplicationFile"), _file)
    yield from _each(hive.find(r"Root\InventoryDriverBinary"), _driver)
    yield from _each(hive.find(r"Root\InventoryApplication"), _product)
    volumes = hive.find(r"Root\File")
    for volume in volumes.children() if volumes else ():
        yield from _each(volume, _older)


def _each(key: Key | None, row: Callable[[Key], Said | None]) -> Iterator[Said]:
    for child in key.children() if key else ():
        found = row(child)
        if found is not None:
            yield found


def _sha1(text: str | None) -> str | None:
    """A hash as the cache keeps it: four zeros before."""
    return f"SHA1={text[4:]}" if text and len(text) == 44 and text.startswith("0000") else None


def _met(key: Key, trace: str, path: str | None, digest: str, **named: str) -> Said | None:
    """A program that was there: `digest` and `named` are the names under which the key holds each cell."""
    if not path:
        return None
    cells = {cell: key.text(name) for cell, name in named.items()}
    sha1 = _sha1(key.text(digest))
    return of_key(
        "hive_program", key, Trace=trace, Path=path, Ran="present", Seen=key.written, Hashes=sha1, **cells
    )


def _file(key: Key) -> Said | None:
    return _met(
        key,
        "amcache",
        key.text("LowerCaseLongPath"),
        "FileId",
        Publisher="Publisher",
        Version="Version",
        Product="ProductName",
        OriginalFileName="OriginalFileName",
    )


def _driver(key: Key) -> Said | None:
    return _met(
        key,
        "amcache driver",
        key.name.replace("/", "\\"),
        "DriverId",
        Publisher="DriverCompany",
        Version="DriverVersion",
        Product="Product",
    )


def _older(key: Key) -> Said | None:
    """A file as Windows 8 and early Windows 10 name its properties: by number."""
    return _met(key, "amcache", key.text("15"), "101", Publisher="1", Product="0")


def _product(key: Key) -> Said | None:
    name = key.text("Name")
    if not name:
        return None
    return of_key(
        "hive_product",
        key,
        Name=name,
        Version=key.text("Version"),
        Publisher=key.text("Publisher"),
        InstallDate=key.text("InstallDate"),
        Path=key.text("RootDirPath"),
    )
