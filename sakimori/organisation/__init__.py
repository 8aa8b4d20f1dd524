"""What an organisation says of itself in `org.yml`: what is its own, what it expects, what matters."""

from sakimori.organisation.description import Asset, Organisation, read_organisation
from sakimori.organisation.expectation import common, expected, weights
from sakimori.organisation.suppressing import Suppressed, suppressed
from sakimori.organisation.suppression import Suppression, read_suppressions

__all__ = [
    "Asset",
    "Organisation",
    "Suppressed",
    "Suppression",
    "common",
    "expected",
    "read_organisation",
    "read_suppressions",
    "suppressed",
    "weights",
]
