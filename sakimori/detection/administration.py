"""Who administers whom, as expressions: first times, machines that reach many, servers that many use."""

from __future__ import annotations

import ibis
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
    """New edges with what was usual before their day; each row of `fresh` is the first day of its edge.

    `others`: machines that the source already reached by these means; `clients`: machines that already
    reached the destination by them. `known` is `firsts`.
    """
    told = fresh.join(_before(known, "source", "others"), ["source", "means", "day"])
    return told.join(_before(known, "destination", "clients"), ["destination", "means", "day"])


def _before(known: Table, end: str, name: str) -> Table:
    """Per end, means and day with new edges how many there were before that day: counted on, not joined."""
    daily = known.group_by(end, "means", day=_.ever // DAY).aggregate(n=_.count())
    so_far = ibis.window(group_by=[end, "means"], order_by="day", preceding=None, following=0)
    return daily.mutate(**{name: _.n.sum().over(so_far) - _.n}).select(end, "means", "day", name)


def there_since(traffic: Table) -> Table:
    """Per own machine `seen` when it was first met, calling or called from within."""
    calling = traffic.filter(_.direction.isin(["internal", "outbound"])).select("clock", seen="source")
    called = traffic.filter(_.direction == "internal").select("clock", seen="destination")
    return calling.union(called).group_by("seen").aggregate(there=_.clock.min())
