"""What an organisation says of itself in `org.yml`: what is its own, what it expects, what matters."""

from sakimori.organisation.description import Asset, Organisation, read_organisation
from sakimori.organisation.expectation import common, expected, weights

__all__ = ["Asset", "Organisation", "common", "expected", "read_organisation", "weights"]
