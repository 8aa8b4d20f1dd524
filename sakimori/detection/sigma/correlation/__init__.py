"""Sigma correlations: rules over what other rules found, in windows of time.

https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md
"""

from sakimori.detection.sigma.correlation.correlate import correlate
from sakimori.detection.sigma.correlation.correlation import Bound, Correlation
from sakimori.detection.sigma.correlation.event import Event, Match

__all__ = ["Bound", "Correlation", "Event", "Match", "correlate"]
