"""Sigma rules over records: exactly as specified, refused loudly where they cannot be."""

from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.events import look, refusals
from sakimori.detection.sigma.pack import Pack, load_pack, own_rules, pack_of

__all__ = ["Engine", "Pack", "load_pack", "look", "own_rules", "pack_of", "refusals"]
