"""What all tests share: where the labelled data stands, if it stands anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """`shared("otrf")` is the folder of that data set; the test skips where it is absent."""

    def find(name: str) -> Path:
        if not (SHARED / name).exists():
            pytest.skip(f"labelled data {name} is not beside this checkout")
        return SHARED / name

    return find
