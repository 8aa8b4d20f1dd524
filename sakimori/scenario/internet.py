"""The rest of the world: names with a long-tailed popularity, on the addresses kept for documentation.

Nothing here can be reached: https://www.rfc-editor.org/rfc/rfc5737, https://www.rfc-editor.org/rfc/rfc2606
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from random import Random

from sakimori.scenario.data import words
from sakimori.scenario.world import REALM, Site

_PREFIX = ("www", "api", "cdn", "static", "img", "events", "t", "assets", "login", "edge")
_TOP = ("com", "net", "org")
_NETS = ("192.0.2.", "198.51.100.", "203.0.113.")
KEPT_FROM = 240  # last octets from here on belong to the intruder alone

VENDORS = {
    name: f"{name}.example.{top}"
    for name, top in (
        ("update.windows", "com"),
        ("settings.telemetry", "com"),
        ("ctldl.certs", "com"),
        ("ocsp.certs", "com"),
        ("teams.chat", "com"),
        ("drive.files", "com"),
        ("slack.chat", "net"),
        ("wss.slack.chat", "net"),
        ("git.forge", "com"),
        ("registry.npm", "org"),
        ("files.pypi", "org"),
        ("registry.docker", "net"),
        ("market.vscode", "net"),
        ("update.browser", "com"),
        ("safebrowsing.browser", "com"),
        ("defs.defender", "com"),
        ("node.chain", "org"),
        ("rates.market", "com"),
        ("signer.custody", "net"),
        ("mgmt.inventory", "net"),
        ("packages.choco", "org"),
        ("time.sync", "org"),
        ("meet.video", "net"),
    )
}


class Internet:
    """Sites by popularity: `pick` follows a Zipf law with a long tail of names met once or twice."""

    def __init__(self, rng: Random, size: int = 4000) -> None:
        self.sites = [self._site(rng, rank) for rank in range(size)]
        self._weights = list(accumulate(1 / (rank + 3) ** 1.05 for rank in range(size)))
        self._total = self._weights[-1]
        self.vendors = {key: Site(name, _addresses(rng, 2)) for key, name in VENDORS.items()}
        self.vendors["mail"] = Site(f"mail.{REALM}", ("10.20.1.5",))

    @staticmethod
    def _site(rng: Random, rank: int) -> Site:
        prefix = rng.choice(_PREFIX) if rank % 3 else "www"
        number = str(rank) if rank > 300 else ""
        name = f"{rng.choice(words('site_heads'))}{rng.choice(words('site_tails'))}{number}"
        plain = rng.random() < 0.06
        full = f"{prefix}.{name}.example.{rng.choice(_TOP)}"
        return Site(full, _addresses(rng, 1 + (rank < 400)), 80 if plain else 443, "http" if plain else "ssl")

    def pick(self, draw: float) -> Site:
        """The site for a draw from [0, 1)."""
        return self.sites[bisect_right(self._weights, draw * self._total)]


def _addresses(rng: Random, count: int) -> tuple[str, ...]:
    return tuple(f"{rng.choice(_NETS)}{rng.randrange(1, KEPT_FROM)}" for _ in range(count))


def kept_addresses(rng: Random, count: int) -> list[str]:
    """Different addresses that no ordinary site uses."""
    return rng.sample([f"{net}{last}" for net in _NETS for last in range(KEPT_FROM, 255)], count)
