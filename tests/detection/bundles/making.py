"""Bundles to try: one rule, two indicators, a key; and the same with anything about them wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sakimori.detection.bundles.making import Given, Label, make, signed
from sakimori.detection.indicators.importing import imported
from sakimori.detection.indicators.keeping import write
from sakimori.detection.indicators.making import Told
from sakimori.signing import SecretKey
from sakimori.signing.secret import new_key
from tests.small_evidence import RULE, rules

KEY = new_key()
NOW = datetime(2026, 3, 5, tzinfo=UTC)


def parts(folder: Path, *texts: str) -> list[Given]:
    """A folder of rules and a file of indicators."""
    done = imported(b"bad.top\nworse.top\n", Told(licence="CC0-1.0"), name="a", when="2026-03-01", by="mei")
    write(folder / "indicators.jsonl", done.indicators, [done], "2026-03-01T00:00:00+00:00")
    given = [
        Given("rules", rules(folder / "rules", *(texts or (RULE,))), "Apache-2.0"),
        Given("indicators", folder / "indicators.jsonl", "CC0-1.0"),
    ]
    return given


def label(version: str = "3", made: datetime = NOW, days: int = 90, name: str = "acme") -> Label:
    return Label(name=name, version=version, made=made, expires=made + timedelta(days=days))


def bundle(
    folder: Path, version: str = "3", key: SecretKey | None = KEY, made: datetime = NOW, days: int = 90
) -> Path:
    """A bundle of that version; without a key unsigned."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"acme-{version}.zip"
    make(file, label(version, made, days), parts(folder))
    if key is not None:
        signed(file, key)
    return file


def changed(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The bundle with its members changed by hand."""
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    file.write_bytes(raw.getvalue())
    return file
