"""Finds names of actors, campaigns and cases in a text: those of the base, and what is written like one.

Software is no name here: what a file is called says what was found, not who it was.
"""

from __future__ import annotations

import re
from functools import cache

from sakimori.knowledge.entries import Cluster, Operation
from sakimori.knowledge.known import known

# Schemes that vendors name actors by: numbers, and a word with a family name of the vendor's.
_SCHEMES = (
    r"(?:APT|FIN|UNC|TA|TEMP\.|DEV-|Storm-|TAG-|CL-STA-|UAT-|UAC-|APT-C-|ATK|SectorA)\d{1,4}(?!\d)",
    r"G\d{4}(?!\d)",
    r"[A-Z][a-z]+[ -](?:Sleet|Typhoon|Blizzard|Sandstorm|Tempest|Hail|Neptune|Pisces|Taurus|Ursa)(?!\w)",
    r"[A-Z][a-z]+[ -](?:Chollima|Panda|Bear|Kitten|Spider|Buffalo|Jackal)(?!\w)",
    r"Operation [A-Z]\w+(?: [A-Z][a-z]+)?",
)
# Names of others that stand in titles of public rules and follow no scheme.
_OTHERS = (
    "BlueMushroom", "Cloud Hopper", "DarkHydrus", "DPRK", "Dragonfly", "Equation Group", "EvilNum",
    "GALLIUM", "Gamaredon", "Greenbug", "HAFNIUM", "Leviathan APT", "MERCURY APT", "MuddyWater", "Naikon",
    "NOBELIUM", "OilRig", "Sandworm", "Sednit", "Slingshot APT", "Sofacy", "TropicTrooper", "Turla", "Winnti",
)  # fmt: skip
# Words that are names of the base and everyday words at the same time.
_EVERYDAY = frozenset({"reaper", "public", "core", "troy", "sony", "ruby", "rain", "stake", "drift", "zinc"})
WITHHELD = "[name withheld]"


def masked(text: str) -> str:
    """The text without such names."""
    return _scheme().sub(WITHHELD, _names().sub(WITHHELD, text)) if text else text


def names_someone(text: str) -> bool:
    """Whether the text holds such a name."""
    return bool(_names().search(text) or _scheme().search(text))


@cache
def _scheme() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![\w-])(?:{scheme})" for scheme in _SCHEMES))


@cache
def _names() -> re.Pattern[str]:
    base = known()
    written = {name.name for name in base.names}
    for cluster in base.of(Cluster):
        written |= {*cluster.also, *re.split(r"\s*[/((].*?|[))]", cluster.title.en)}
        written |= {part.strip() for part in cluster.title.en.split("/")} | {cluster.title.ja}
    written |= {one.title.en for one in base.of(Operation) if one.title.en.startswith("Operation ")}
    written |= set(_OTHERS)
    kept = {one.strip() for one in written if len(one.strip()) > 3 and one.strip().lower() not in _EVERYDAY}
    spelled = (re.escape(one).replace(r"\ ", r"[\s_-]?") for one in sorted(kept, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(spelled)})(?![a-z0-9])", re.IGNORECASE)
