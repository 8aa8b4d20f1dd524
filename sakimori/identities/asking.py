"""What the tables say of who had an address and who goes by which name, gathered by the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sakimori.detection.subjects import normal
from sakimori.engine.local import Local
from sakimori.identities.accounts import NAMES
from sakimori.identities.arrivals import Arrival
from sakimori.identities.leases import DAY, HOUR, Sighting

Sites = Mapping[tuple[str, int], tuple[str, str]]
"""(segment, member) -> (path, site), as the ledger has it."""

# One row an hour of an address and a host: ten million connections become some thousand rows.
_SEEN = """
SELECT {address} AS address, {host} AS host, segment, member, '{how}' AS how,
       min(clock) AS first, max(clock) AS last, NULL::BIGINT AS until
FROM {table} WHERE {address} IS NOT NULL AND {host} IS NOT NULL AND clock IS NOT NULL AND {only}
GROUP BY 1, 2, segment, member, clock // 3600000000
"""
_LEASED = """
SELECT address, host, segment, member, coalesce(how, 'dhcp') AS how, clock AS first, clock AS last, until
FROM address_lease WHERE address IS NOT NULL AND host IS NOT NULL AND clock IS NOT NULL
  AND coalesce(lower(action), '') NOT IN ('release', 'expire')
"""
_BY_TABLE = {
    "address_lease": _LEASED,
    "network_flow": _SEEN.format(
        table="network_flow", address="source_address", host="host", how="edr",
        only="direction = 'outbound' AND host <> source_address",
    ),
    "sign_in": _SEEN.format(
        table="sign_in", address="source_address", host="source_host", how="sign-in",
        only="result = 'success' AND source_host <> source_address",
    ),
    "device": _SEEN.format(table="device", address="address", host="host", how="inventory", only="true"),
}  # fmt: skip
_NAMED = f"SELECT DISTINCT {', '.join(NAMES)} FROM account"


def sightings(local: Local, sites: Sites) -> Iterator[tuple[str, Sighting]]:
    """(address, sighting) of every table that can tell; private addresses with their site."""
    for table, sql in _BY_TABLE.items():
        if table in local.fed:
            for row in local.query(sql).to_pylist():
                yield from _sighting(row, sites)


def _sighting(row: Mapping[str, Any], sites: Sites) -> Iterator[tuple[str, Sighting]]:
    site = sites.get((row["segment"], row["member"]), ("", ""))[1]
    address, host = normal("address", row["address"], site), normal("host", row["host"])
    if address.rpartition("|")[2] in ("-", "", "::1", "127.0.0.1") or host in ("-", "", address):
        return
    yield address, Sighting(row["first"], _last(row), host, row["how"])


def _last(row: Mapping[str, Any]) -> int:
    """A lease lasts as long as it says, or a day; what was seen holds for an hour more."""
    if row["how"] in ("dhcp", "vpn"):
        return int(row["until"] or row["first"] + DAY)
    return int(row["last"] + HOUR)


_OWNED = "SELECT DISTINCT host, account FROM device WHERE host IS NOT NULL AND account IS NOT NULL"


def owners(local: Local) -> dict[str, str]:
    """The account of each machine that records name with one account alone."""
    if "device" not in local.fed:
        return {}
    found: dict[str, set[str]] = {}
    for row in local.query(_OWNED).to_pylist():
        found.setdefault(normal("host", row["host"]), set()).add(normal("account", row["account"]))
    return {host: next(iter(theirs)) for host, theirs in sorted(found.items()) if len(theirs) == 1}


# Sign-ins at the console (2, 7, 11), by a service (5) or a batch job (4) come from nowhere.
_ARRIVED = """
SELECT host, account, coalesce(source_host, '') AS source_host,
       coalesce(source_address, '') AS source_address, segment, member, min(clock) AS clock
FROM sign_in WHERE result = 'success' AND host IS NOT NULL AND account IS NOT NULL AND clock IS NOT NULL
  AND coalesce(source_address, source_host) IS NOT NULL AND account NOT LIKE '%$'
  AND coalesce(logon_type, '') NOT IN ('2', '4', '5', '7', '11')
  AND list_contains(?, lower(split_part(host, '.', 1)))
GROUP BY 1, 2, 3, 4, segment, member, clock // 3600000000
"""


def arrivals(local: Local, sites: Sites, hosts: Collection[str]) -> Iterator[tuple[str, str, Arrival]]:
    """Sign-ins to these machines from elsewhere: (machine, account, where from)."""
    if "sign_in" not in local.fed or not hosts:
        return
    for row in local.query(_ARRIVED, [sorted(hosts)]).to_pylist():
        site = sites.get((row["segment"], row["member"]), ("", ""))[1]
        host, source = normal("host", row["host"]), normal("host", row["source_host"])
        address = normal("address", row["source_address"], site) if row["source_address"] else ""
        if source != host:
            yield host, normal("account", row["account"]), Arrival(row["clock"], source.strip("-"), address)


def names(local: Local) -> Iterator[dict[str, str]]:
    """The names of one account, record by record, each as findings have it."""
    if "account" not in local.fed:
        return
    for row in local.query(_NAMED).to_pylist():
        yield {kind: normal("account", value) for kind, value in row.items() if value and value.strip("- ")}
