"""Who administers whom, as expressions: first times, machines that reach many, servers that many use."""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.flows import DAY, administering


def edges(traffic: Table) -> Table:
    """Per source, destination, means and day: `port`, count, first and last; `ever`, the first of all."""
    reached = administering(traffic)
    daily = reached.group_by("source", "destination", "means", "day").aggregate(
        port=_.port.min(), count=_.flows.sum(), first_seen=_.clock.min(), last_seen=_.last_seen.max()
    )
    return daily.join(firsts(traffic), ["source", "destination", "means"])


def firsts(traffic: Table) -> Table:
    """Per source, destination and means: `ever`, when the source first reached the destination so."""
    reached = administering(traffic)
    return reached.group_by("source", "destination", "means").aggregate(ever=_.clock.min())


def weighed(fresh: Table, known: Table) -> Table:
    """New edges with what was usual before their day.

    `others`: machines that the source already reached by these means; `clients`: machines that already
    reached the destination by them. `known` is `firsts`.
    """
    past = known.select("means", before="ever", who="source", whom="destination")
    out = fresh.join(past, [fresh.source == past.who, fresh.means == past.means], rname="past_{name}")
    out = (
        out.filter(_.before < _.day * DAY)
        .group_by("source", "means", "day")
        .aggregate(others=_.whom.nunique())
    )
    came = fresh.join(past, [fresh.destination == past.whom, fresh.means == past.means], rname="past_{name}")
    came = (
        came.filter(_.before < _.day * DAY)
        .group_by("destination", "means", "day")
        .aggregate(clients=_.who.nunique())
    )
    told = fresh.left_join(out, ["source", "means", "day"], rname="out_{name}")
    told = told.left_join(came, ["destination", "means", "day"], rname="came_{name}")
    return told.mutate(others=_.others.fill_null(0), clients=_.clients.fill_null(0)).drop(
        "out_source", "out_means", "out_day", "came_destination", "came_means", "came_day"
    )


def there_since(traffic: Table) -> Table:
    """Per own machine `seen` when it was first met, calling or called from within."""
    calling = traffic.filter(_.direction.isin(["internal", "outbound"])).select("clock", seen="source")
    called = traffic.filter(_.direction == "internal").select("clock", seen="destination")
    return calling.union(called).group_by("seen").aggregate(there=_.clock.min())
