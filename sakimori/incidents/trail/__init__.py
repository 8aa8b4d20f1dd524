"""The records around an incident's evidence: what its processes did, who spoke with its addresses."""

from sakimori.incidents.trail.follow import trails
from sakimori.incidents.trail.trail import Trail, TrailRow

__all__ = ["Trail", "TrailRow", "trails"]
