"""Shapes that tell kinds and severities apart without colour, as SVG path data around the origin."""

from __future__ import annotations

import math

from sakimori.findings import Severity

_CORNERS = {"network": 4, "account": 4, "file": 3, "setting": 6}
_TURN = {"network": 0.0, "account": math.pi / 4, "file": 0.0, "setting": 0.0}
_LINE = {
    Severity.INFORMATIONAL: 1.0,
    Severity.LOW: 1.5,
    Severity.MEDIUM: 2.25,
    Severity.HIGH: 3.25,
    Severity.CRITICAL: 4.5,
}


def outline(kind: str, radius: float) -> str:
    """Path data: a circle for programs, diamond for network, square for accounts, triangle for files,
    hexagon for settings, and a saltire for the rest."""
    r = radius
    if kind == "program":
        return f"M{-r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0z"
    if kind not in _CORNERS:
        return f"M{-r:.1f} {-r:.1f}L{r:.1f} {r:.1f}M{r:.1f} {-r:.1f}L{-r:.1f} {r:.1f}"
    points = [_corner(i, _CORNERS[kind], _TURN[kind], r * 1.2) for i in range(_CORNERS[kind])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def _corner(i: int, corners: int, turn: float, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * i / corners - math.pi / 2 + turn
    return radius * math.cos(angle), radius * math.sin(angle)


def line_width(severity: Severity) -> float:
    """The heavier the line, the more severe."""
    return _LINE[severity]


def radius_of(count: int) -> float:
    """Grows with the logarithm of the number of events: 5 for one, 11 for a million."""
    return min(11.0, 5.0 + math.log10(max(1, count)))
