"""Sums of connections as expressions: a day's bytes, medians, names of addresses, ports that administer."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis import Table, _
from ibis.expr.types import IntegerValue, StringValue

HOUR = 3_600_000_000
DAY = 24 * HOUR
MEGABYTE = 1_000_000
# Consistency constant by which the median deviation of a normal distribution is its standard deviation:
# https://en.wikipedia.org/wiki/Median_absolute_deviation#Relation_to_standard_deviation
CONSISTENT = 1.4826
# https://attack.mitre.org/techniques/T1021/ and T1047: ports by which one machine is worked on from another.
ADMINISTRATION = {
    "SSH": (22,),
    "WMI": (135,),
    "SMB": (139, 445),
    "RDP": (3389,),
    "VNC": (5800, 5900, 5901, 5902, 5903),
    "WinRM": (5985, 5986),
    "database": (1433, 1521, 3306, 5432, 6379, 9200, 27017),
}
_PORTS = [port for ports in ADMINISTRATION.values() for port in ports]


def outward(traffic: Table) -> Table:
    """Connections that began here and went out."""
    return traffic.filter(_.direction == "outbound", _.clock.notnull())


def administering(traffic: Table) -> Table:
    """Connections between own machines that reached a port by which one administers; `means` names it."""
    within = traffic.filter(_.direction == "internal", _.reached > 0, _.port.isin(_PORTS))
    return within.mutate(means=means_of(_.port), day=_.clock // DAY)


def means_of(port: IntegerValue) -> StringValue:
    """What one administers by through a port: `SMB`; null for other ports."""
    return ibis.cases(*((port.isin(list(ports)), name) for name, ports in ADMINISTRATION.items()))


def by_day(traffic: Table, *more: str) -> Table:
    """Per source, day and `more`: bytes each way, connections, first and last. Hours without bytes are 0."""
    return (
        traffic.mutate(day=_.clock // DAY)
        .group_by("source", "day", *more)
        .aggregate(
            bytes_out=_.bytes_out.fill_null(0).sum(),
            bytes_in=_.bytes_in.fill_null(0).sum(),
            count=_.flows.sum(),
            first_seen=_.clock.min(),
            last_seen=_.last_seen.max(),
        )
    )


def median(rows: Table, by: Sequence[str], value: str, name: str) -> Table:
    """Per `by` the median of a column. Sorted and counted by hand: engines have no quantile in common."""
    group = [rows[column] for column in by]
    ordered = rows.select(*by, value).mutate(
        nth=ibis.row_number().over(ibis.window(group_by=group, order_by=rows[value])),
        of=_[value].count().over(ibis.window(group_by=group)),
    )
    middle = ordered.filter((_.nth == (_.of - 1) // 2) | (_.nth == _.of // 2))
    return middle.group_by(*by).aggregate(**{name: _[value].mean()})


def most_to(traffic: Table, chosen: Table) -> Table:
    """Per source and day of `chosen` the one destination outside that got most: `destination`, `most` bytes.

    Only these are looked at: sums by destination are the dear ones. Ties go to the lowest destination.
    """
    calls = outward(traffic).mutate(day=_.clock // DAY).semi_join(chosen, ["source", "day"])
    sums = calls.group_by("source", "day", "destination").aggregate(most=_.bytes_out.fill_null(0).sum())
    order = [ibis.desc(sums.most), sums.destination]
    ranked = sums.mutate(
        rank=ibis.row_number().over(ibis.window(group_by=[sums.source, sums.day], order_by=order))
    )
    return ranked.filter(_.rank == 0).drop("rank")


def megabytes(value: IntegerValue) -> IntegerValue:
    """Bytes as whole megabytes."""
    return (value / MEGABYTE).floor().cast("int64")


def resolved(dns_query: Table) -> Table:
    """Names by the address they were answered with: `source` who asked, `address`, `name`; each once."""
    asked = dns_query.filter(_.answers.notnull(), _.query.notnull(), _.source_address.notnull())
    pairs = asked.select("source_address", "query", "answers").distinct()
    # Lists are JSON, commas, or Sysmon's semicolons with mapped addresses.
    plain = pairs.answers.re_replace(r"[\[\]\" ]", "").re_replace("::ffff:", "").re_replace(";", ",")
    single = pairs.select(source="source_address", name=_.query.lower(), address=plain.split(",").unnest())
    placed = single.filter(_.address.re_search(r"^(\d+\.){3}\d+$|:.*:"))
    return placed.select("source", "address", "name").distinct()


def zone_of(name: StringValue) -> StringValue:
    """The registered domain of a name as far as a pattern can tell: two labels, three under `co.jp` and such.

    The list of public suffixes would tell better; expressions cannot hold it. What stands under the names
    for documentation (RFC 2606) stands for a domain of its own, as in the scenarios.
    """
    lower = name.lower().re_replace(r"\.$", "")
    second = r"(?:co|com|net|org|gov|edu|ac|or|ne|go|gr|ad|ed|lg)\.[a-z]{2}|example\.(?:com|net|org)"
    three = lower.re_extract(rf"([^.]+\.(?:{second}))$", 1)
    two = lower.re_extract(r"([^.]+\.[^.]+)$", 1)
    return ibis.ifelse(three != "", three, ibis.ifelse(two != "", two, lower))


def span_of(traffic: Table) -> Table:
    """When the evidence begins and ends, and how many own machines speak in it: one row."""
    own = traffic.filter(_.direction.isin(["outbound", "internal"]))
    return own.aggregate(begin=_.clock.min(), end=_.last_seen.max(), fleet=_.source.nunique())
