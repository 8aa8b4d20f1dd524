"""Who is who over time: which machine had an address when, and which names belong to one account."""

from sakimori.identities.accounts import Accounts
from sakimori.identities.leases import Leases, Sighting
from sakimori.identities.resolving import Identities, Resolved

__all__ = ["Accounts", "Identities", "Leases", "Resolved", "Sighting"]
