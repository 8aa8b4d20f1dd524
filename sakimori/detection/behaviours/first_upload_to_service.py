"""A machine uploads to a storage, code, chat or paste service for the first time.

https://attack.mitre.org/techniques/T1567/; the services stand in sakimori/detection/upload_services.toml.
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import DAY, MEGABYTE, outward, resolved
from sakimori.detection.upload_services import is_service, kind_of, service_of
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"domain": "domain"},
    keys=("source_address", "destination_address"),
    records=("network_flow",),
    severity=Severity.LOW,
    techniques=["T1567"],
    confidence="medium",
    because="{address} sent {sent:.1f} MB to {service} ({domain}) on this day, for the first time in {days} "
    "days; {users} of {fleet} machines had sent there before.",
)
def first_upload_to_service(
    http_request: Table,
    traffic: Table,
    dns_query: Table,
    tls_handshake: Table,
    *,
    floor: float = 2.0,
    settled: float = 2.0,
    users: int = 3,
    share: float = 0.2,
) -> Table:
    """A machine sent data to a service anybody can upload to, for the first time.

    Sees:   `floor` MB or more on a day to a service of the list, more sent than fetched, by a machine that
            did not send so much there on the `settled` or more days before, while fewer than `users`
            machines and less than `share` of them had; by names in web logs, TLS handshakes, or the answer
            that named the address.
    Misses: services the house uses; those not in the list, and the house's own spaces at a listed one; an
            address that also has other names (large clouds) without TLS logs; the first `settled` days.
    Next:   is the space the house's or a person's own, which program sent, and what did it read before?
    """
    sent = _by_name(traffic, dns_query, tls_handshake).union(_by_request(http_request))
    single = sent.group_by("source", "service", "day").aggregate(
        bytes_out=_.bytes_out.max(), bytes_in=_.bytes_in.max(), count=_["count"].max(), domain=_.domain.min(),
        destination=_.destination.min(), first_seen=_.first_seen.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    uploads = single.filter(_.bytes_out >= floor * MEGABYTE, _.bytes_out > _.bytes_in)
    firsts = uploads.group_by("source", "service").aggregate(began=_.day.min())
    told = uploads.join(firsts, ["source", "service"]).filter(_.day == _.began)
    other = firsts.select("service", before="began")
    spread = told.left_join(other, [told.service == other.service, told.day > other.before])
    spread = spread.group_by("source", "service", "day").aggregate(users=_.before.count())
    told = told.join(spread, ["source", "service", "day"]).cross_join(_span(traffic, http_request))
    fresh = told.mutate(days=_.day - _.begin // DAY).filter(_.first_seen - _.begin >= settled * DAY)
    return fresh.filter(_.users < users, _.users < ibis.greatest(share * _.fleet, 1.0)).select(
        "service", "domain", "days", "users", "fleet", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
        kind=kind_of(_.service), sent=_.bytes_out / MEGABYTE,
    )  # fmt: skip


def _by_name(traffic: Table, dns_query: Table, tls_handshake: Table) -> Table:
    """Uploads by connection: its address has names of one service and of nothing else."""
    shaken = tls_handshake.filter(_.destination_host.notnull(), _.source_address.notnull())
    shaken = shaken.select(
        source="source_address", address="destination_address", name=_.destination_host.lower()
    ).distinct()
    asked = resolved(dns_query)
    known = asked.anti_join(shaken, ["source", "address"])
    names = shaken.union(known.select("source", "address", "name"))
    named = names.mutate(service=ibis.ifelse(is_service(_.name), service_of(_.name), ibis.null("string")))
    alone = named.group_by("source", "address").aggregate(
        services=_.service.nunique(), others=_.name.count() - _.service.count(), service=_.service.max(),
        domain=_.name.min(),
    ).filter(_.services == 1, _.others == 0)  # fmt: skip
    calls = outward(traffic)
    joined = calls.join(alone, [calls.source == alone.source, calls.destination == alone.address])
    return joined.mutate(day=_.clock // DAY).group_by("source", "service", "day").aggregate(
        bytes_out=_.bytes_out.fill_null(0).sum(), bytes_in=_.bytes_in.fill_null(0).sum(), count=_.flows.sum(),
        domain=_.domain.min(), destination=_.destination.min(), first_seen=_.clock.min(),
        last_seen=_.last_seen.max(),
    )  # fmt: skip


def _by_request(http_request: Table) -> Table:
    """Uploads by request: a proxy knows the name and the size."""
    named = http_request.filter(_.url_host.notnull(), _.source_address.notnull(), _.clock.notnull())
    named = named.filter(is_service(_.url_host)).mutate(day=_.clock // DAY, service=service_of(_.url_host))
    return named.group_by("source_address", "service", "day").aggregate(
        bytes_out=_.bytes_out.fill_null(0).sum(), bytes_in=_.bytes_in.fill_null(0).sum(), count=_.count(),
        domain=_.url_host.lower().min(), destination=_.destination_address.min(), first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    ).rename(source="source_address")  # fmt: skip


def _span(traffic: Table, http_request: Table) -> Table:
    own = traffic.filter(_.direction.isin(["outbound", "internal"])).select("source", "clock")
    web = http_request.filter(_.source_address.notnull()).select("clock", source="source_address")
    return own.union(web).aggregate(begin=_.clock.min(), fleet=_.source.nunique())
