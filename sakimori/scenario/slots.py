"""Templates such as `C:\\Users\\{user}\\Documents\\{doc}`, compiled once and filled many times."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sakimori.errors import CatalogueError

if TYPE_CHECKING:
    from sakimori.scenario.scene import Scene

Fill = Callable[["Scene"], str]
_SLOT = re.compile(r"\{(\w+)\}")
_HEX = "0123456789abcdef"

_SUBJECTS = (
    "budget forecast payroll minutes roadmap onboarding audit listing settlement ledger reserve kyc travel inventory "
    "incident review contract proposal deck rota margin liquidity staking custody compliance survey training handover"
).split()
_REPOS = "matching-engine wallet-api ledger-core web-client risk-feed kyc-portal price-oracle ops-tools ui-kit docs".split()
_PACKAGES = (
    "left-grid date-tools color-term node-gyp esbuild sharp husky core-js bcrypt sqlite-bind fs-watch proto-buf puppet-web "
    "grpc-native swc-core canvas-kit keccak-hash secp-curve usb-bridge deasync-call nodemailer-lite"
).split()
_BRANCH = "fix feat chore refactor hotfix test".split()


def _hex(digits: int) -> Fill:
    size = 16**digits
    return lambda scene: f"{int(scene.rng.random() * size):0{digits}x}"


def _number(low: int, high: int) -> Fill:
    span = high - low
    return lambda scene: str(low + int(scene.rng.random() * span))


def _tail(words: list[str], spread: int) -> Fill:
    """A word, most often one of the first, with a number that is often small."""

    def fill(scene: Scene) -> str:
        draw = scene.rng.random()
        return f"{words[int(draw * draw * len(words))]}-{int(scene.rng.random() ** 3 * spread)}"

    return fill


def _word(words: list[str]) -> Fill:
    return lambda scene: words[int(scene.rng.random() ** 1.6 * len(words))]


_FILLS: dict[str, Fill] = {
    "user": lambda scene: scene.session.account.name,
    "account": lambda scene: scene.session.account.full,
    "home": lambda scene: f"C:\\Users\\{scene.session.account.name}",
    "host": lambda scene: scene.host.name,
    "fqdn": lambda scene: scene.host.fqdn,
    "site": lambda scene: scene.site.name,
    "sid": lambda scene: scene.session.account.sid,
    "lsass": lambda scene: str(scene.actor("lsass").pid),
    "time": lambda scene: str(scene.t // 1_000_000),
    "hex4": _hex(4),
    "hex8": _hex(8),
    "hex16": _hex(16),
    "n1": _number(1, 10),
    "n2": _number(10, 100),
    "n3": _number(100, 1000),
    "n4": _number(1000, 10000),
    "n5": _number(10000, 100000),
    "n6": _number(100000, 1000000),
    "doc": _tail(_SUBJECTS, 60),
    "repo": _word(_REPOS),
    "pkg": _word(_PACKAGES),
    "branch": _tail(_BRANCH, 300),
    "server": lambda scene: scene.any_server().name,
    "seat": lambda scene: scene.any_seat().name,
}


def template(text: str, bound: Mapping[str, str] | None = None) -> Fill:
    """The filler of a template; doubled braces stand for braces. `bound` gives fixed words for slots of that name.

    Raises CatalogueError for a slot that nothing fills.
    """
    text = _SLOT.sub(lambda m: (bound or {}).get(m[1], m[0]), text)
    parts = _SLOT.split(text)
    parts[0::2] = [part.replace("{{", "{").replace("}}", "}") for part in parts[0::2]]
    if len(parts) == 1:
        return lambda scene: parts[0]
    for slot in parts[1::2]:
        if slot not in _FILLS:
            raise CatalogueError(f"scenario template {text!r}: nothing fills the slot {{{slot}}}")
    fills = tuple(_FILLS[slot] for slot in parts[1::2])
    pattern = "%s".join(part.replace("%", "%%") for part in parts[0::2])
    if len(fills) == 1:
        only = fills[0]
        return lambda scene: pattern % only(scene)
    return lambda scene: pattern % tuple([fill(scene) for fill in fills])
