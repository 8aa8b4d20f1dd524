"""What the evidence suggests for `org.yml`: each proposal with the reason a person can check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sakimori.detection.behaviours.remote_tool_first_seen import TOOLS
from sakimori.detection.subjects import is_inner, normal
from sakimori.engine.local import Local

MOST = 12  # proposals of a kind; more is no proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One entry for a list of `org.yml`, with `reason` as a sentence of the report and its values.

    `asset` is the kind of asset, for entries of `assets`.
    """

    key: str
    value: str
    reason: str
    facts: Mapping[str, Any]
    asset: str = ""


# An account's domain: behind the @, or before the backslash where a directory has no mail names.
_DOMAINS = """
SELECT lower(regexp_extract(account, '@([^@]+)$', 1)) AS value, count(DISTINCT lower(account)) AS n
FROM sign_in WHERE result = 'success' AND account LIKE '%@%' GROUP BY 1 HAVING n >= 3 ORDER BY n DESC, value
"""
_EGRESS = """
SELECT source_address AS value, count(DISTINCT lower(account)) AS n,
       count(DISTINCT clock // 86400000000) AS days
FROM sign_in WHERE result = 'success' AND provider IS NOT NULL AND source_address IS NOT NULL
GROUP BY 1 HAVING n >= 5 AND days >= 3 ORDER BY n DESC, value
"""
_PROGRAMS = """
SELECT lower(regexp_extract(image, '[^\\\\/]+$')) AS value, count(DISTINCT host) AS n,
       count(DISTINCT clock // 86400000000) AS days
FROM process WHERE image IS NOT NULL GROUP BY 1
"""
_ADMINISTRATORS = """
SELECT account AS value, count(*) AS n, count(DISTINCT clock // 86400000000) AS days
FROM account_change WHERE account IS NOT NULL AND lower(account) <> lower(coalesce(target, ''))
GROUP BY 1 HAVING n >= 3 AND days >= 2 ORDER BY n DESC, value
"""
# Many machines in one hour, again and again: a scanner, a monitor, or a deployment server.
_SCANNERS = """
SELECT value, count(*) AS days, max(n) AS n FROM (
  SELECT source_address AS value, clock // 86400000000 AS day,
         count(DISTINCT destination_address || ':' || destination_port) AS n
  FROM network_flow WHERE source_address IS NOT NULL GROUP BY 1, 2 HAVING n >= 200)
GROUP BY 1 HAVING days >= 2 ORDER BY n DESC, value
"""
_GUESTS = """
SELECT value, count(DISTINCT account) AS n FROM (
  SELECT account, lower(regexp_extract(account, '_([^_#@]+)#EXT#', 1)) AS value FROM sign_in
  WHERE account LIKE '%#EXT#%') WHERE value <> '' GROUP BY 1 HAVING n >= 1 ORDER BY n DESC, value
"""
_HOSTS = """
SELECT host AS value, count(*) AS n FROM (
  SELECT host FROM process UNION ALL SELECT host FROM sign_in UNION ALL SELECT host FROM device)
WHERE host IS NOT NULL GROUP BY 1 ORDER BY value
"""
# Parts of host names by which people call what matters; a person decides.
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    "signing": ("sign", "sgn", "hsm", "codesign"),
    "payment": ("pay", "swift", "atm", "switch", "bank", "treasury"),
    "wallet": ("wallet", "custody", "cold", "hot"),
    "identity": ("dc", "adfs", "idp", "ldap", "aadc"),
    "backup": ("backup", "bkp", "veeam"),
    "build": ("build", "bld", "ci", "jenkins", "teamcity", "runner"),
    "secrets": ("vault", "secret", "kms"),
}
_ASKED = {
    "domains": (_DOMAINS, "{n} accounts of this domain signed in."),
    "egress": (_EGRESS, "{n} accounts signed in from this address on {days} days."),
    "administrators": (_ADMINISTRATORS, "It changed {n} accounts, groups or factors on {days} days."),
    "scanners": (_SCANNERS, "It reached up to {n} addresses and ports a day, on {days} days."),
    "service_providers": (_GUESTS, "{n} guest accounts of this domain signed in."),
}
_TOOL = "It ran on {n} machines on {days} days."
_NAMED = "Its name suggests it; {n} records speak of it."
REASONS = (*(reason for _, reason in _ASKED.values()), _TOOL, _NAMED)


def proposals(local: Local) -> tuple[Proposal, ...]:
    """All proposals, list by list, those with most behind them first; none for what no table shows."""
    found = [*_lists(local), *_tools(local), *_assets(local)]
    return tuple(found)


def _lists(local: Local) -> Iterator[Proposal]:
    for key, (sql, reason) in _ASKED.items():
        rows = [row for row in local.query(sql).to_pylist() if _fits(key, str(row["value"]))]
        for row in rows[:MOST]:
            yield Proposal(key=key, value=str(row["value"]), reason=reason, facts=_facts(row))


def _fits(key: str, value: str) -> bool:
    return bool(value) and not (key == "egress" and is_inner(value))


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "value"}


def _tools(local: Local) -> Iterator[Proposal]:
    names = {file: tool for tool, files in TOOLS.items() for file in files}
    best: dict[str, dict[str, Any]] = {}
    for row in local.query(_PROGRAMS).to_pylist():
        tool = names.get(row["value"])
        if tool and row["n"] >= 3 and row["n"] > best.get(tool, {"n": 0})["n"]:
            best[tool] = row
    for tool, row in sorted(best.items()):
        yield Proposal(key="remote_tools", value=tool, reason=_TOOL, facts=_facts(row))


def _assets(local: Local) -> Iterator[Proposal]:
    seen: dict[str, int] = {}
    for row in local.query(_HOSTS).to_pylist():
        name = normal("host", row["value"])
        seen[name] = seen.get(name, 0) + row["n"]
    for name, n in sorted(seen.items()):
        kind = next((kind for kind, parts in _SPOKEN.items() if _says(name, parts)), None)
        if kind:
            yield Proposal(key="assets", value=name, reason=_NAMED, facts={"n": n}, asset=kind)


def _says(name: str, parts: tuple[str, ...]) -> bool:
    """Whether a part of the name, numbers apart, begins with one of these; a short one must be all of it."""
    words = [word.strip("0123456789") for word in name.replace("_", "-").split("-")]
    return any(word == part or (len(part) > 3 and word.startswith(part)) for word in words for part in parts)
