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


def _file(key: Key) -> Said | None:
    path = key.text("LowerCaseLongPath")
    if not path:
        return None
    return of_key(
        "hive_program",
        key,
        Trace="amcache",
        Path=path,
        Ran="present",
        Seen=key.written,
        Hashes=_sha1(key.text("FileId")),
        Publisher=key.text("Publisher"),
        Version=key.text("Version"),
        Product=key.text("ProductName"),
        OriginalFileName=key.text("OriginalFileName"),
    )


def _driver(key: Key) -> Said | None:
    path = key.name.replace("/", "\\")
    return of_key(
        "hive_program",
        key,
        Trace="amcache driver",
        Path=path,
        Ran="present",
        Seen=key.written,
        Hashes=_sha1(key.text("DriverId")),
        Publisher=key.text("DriverCompany"),
        Version=key.text("DriverVersion"),
        Product=key.text("Product"),
    )


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


def _older(key: Key) -> Said | None:
    """A file as Windows 8 and early Windows 10 name its properties: by number."""
    path = key.text("15")
    if not path:
        return None
    return of_key(
        "hive_program",
        key,
        Trace="amcache",
        Path=path,
        Ran="present",
        Seen=key.written,
        Hashes=_sha1(key.text("101")),
        Publisher=key.text("1"),
        Product=key.text("0"),
    )
