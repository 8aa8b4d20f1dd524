"""Scenarios written once for all tests of this room."""

from __future__ import annotations

import pytest

from tests.scenario.reading import Written, wrote


@pytest.fixture(scope="session")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A small firm with Sysmon and Zeek, and an intrusion."""
    return wrote(tmp_path_factory.mktemp("windows"))


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A small firm with Defender only, and an intrusion."""
    return wrote(tmp_path_factory.mktemp("cloud"), kind="cloud")
