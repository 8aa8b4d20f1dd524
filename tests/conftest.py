"""What all tests share: where the labelled data stands, if it stands anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Where a change is judged the same examples are tried every time; at a desk new ones are looked for.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile("same" if os.environ.get("CI") else "new")

# No key, no bundle and no habit of whoever runs the tests reaches them.
for _place in ("SAKIMORI_DATA", "SAKIMORI_CONFIG"):
    os.environ[_place] = "/nonexistent/sakimori"

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """`shared("otrf")` is the folder of that data set; the test skips where it is absent."""

    def find(name: str) -> Path:
        if not (SHARED / name).exists():
            pytest.skip(f"labelled data {name} is not beside this checkout")
        return SHARED / name

    return find
