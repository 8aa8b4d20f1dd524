"""What `hunt --out` may write besides the case: a name, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sakimori.response.case import Case
from sakimori.response.ecs import write_ecs
from sakimori.response.navigator import write_navigator
from sakimori.response.ocsf import write_ocsf
from sakimori.response.timeline import write_timeline, write_timesketch

EXPORTS: Mapping[str, Callable[[Case, Path], Path]] = {
    "ocsf": write_ocsf,
    "ecs": write_ecs,
    "timeline": write_timeline,
    "timesketch": write_timesketch,
    "navigator": write_navigator,
}
