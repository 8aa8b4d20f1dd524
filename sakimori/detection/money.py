"""Stages of payments compared with each other, in the portable subset of Ibis.

Two sides are compared only where both are in the evidence: around the day, not in its first hours, and where
most payments of the same system find their other side. Elsewhere a row is marked `unclear`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

if TYPE_CHECKING:
    from ibis import Table

HOUR = 3_600_000_000
DAY = 24 * HOUR
ROW = ("log", "segment", "member", "record")
"""What names a row of a table."""
# Words and ISO 8583 response codes of payments that did not happen; codes that mean yes are left out.
_REFUSED = (
    r"^(declin|reject|refus|fail|cancel|deny|denied|error|void|expired|unpaid|no$|false$)"
    r"|^(0[1-79]|1[2-9]|[2-9]\d)$"
)
_FAR = 1e15  # whole numbers below it are exact in a float
_COMMON = 1000  # what so many payments are called by is no reference, and would be compared pair by pair


def at(payment: Table, *stages: str) -> Table:
    """Payments that reached one of these stages and were not refused, with what they are compared by.

    `ref`, `unit`, `to` and `who` are reference, currency, creditor and person without blanks and case; `paid`
    is the amount for a sentence; `service` is the system.
    """
    rows = payment.filter(_.stage.lower().isin(stages), _.clock.notnull())
    rows = rows.filter(ibis.coalesce(~_.result.lower().re_search(_REFUSED), True))
    rows = rows.mutate(
        ref=_plain(_.reference),
        unit=_plain(_.currency),
        to=_plain(_.creditor),
        who=_plain(_.account),
        service=ibis.coalesce(_.system, _.log),
        paid=paid(rows.amount),
    )
    often = _.count().over(ibis.window(group_by="ref"))
    return (
        rows.mutate(often=often).mutate(ref=ibis.ifelse(_.often > _COMMON, ibis.null(), _.ref)).drop("often")
    )


def kept(done: Table, payment: Table, within: int = 7 * DAY) -> Table:
    """Those that were not taken back afterwards: no reversal of the same reference follows in that time."""
    back = at(payment, "reversed").filter(_.ref.notnull()).select("ref", back=_.clock)
    pairs = done.select(*ROW, "ref", "clock").join(back, "ref")
    undone = pairs.filter(_.back >= _.clock - DAY, _.back <= _.clock + within).select(*ROW).distinct()
    return done.anti_join(undone, ROW)


def side(rows: Table) -> Table:
    """The other side of a comparison, under names of its own."""
    return rows.select(
        "ref",
        other_clock=_.clock,
        other_amount=_.amount,
        other_unit=_.unit,
        other_to=_.to,
        other_who=_.who,
        other_stage=_.stage,
        other_account=_.account,
    )


def pairs(done: Table, others: Table, before: int, after: int) -> Table:
    """Each payment with every row of the other side that has its reference, so long before or after it."""
    joined = done.filter(_.ref.notnull()).join(side(others.filter(_.ref.notnull())), "ref")
    return _in_time(joined, before, after)


def alike(done: Table, others: Table, before: int, after: int) -> Table:
    """The same by amount, currency and creditor, for sides that name payments differently."""
    known = side(others).filter(_.other_amount.notnull(), _.other_to.notnull())
    # Once a day is enough: a wallet may pay the same address the same amount all day long.
    known = known.mutate(day=_.other_clock // DAY)
    right = known.group_by("other_amount", "other_to", "other_unit", "day").aggregate(
        other_clock=_.other_clock.min()
    )
    joined = done.join(right, [done.amount == right.other_amount, done.to == right.other_to])
    return _in_time(joined, before, after).filter(_same_unit())


def agrees() -> Any:
    """Whether a pair is one payment: amount, currency and creditor, as far as both sides say them."""
    amount = (_.amount - _.other_amount).abs() <= 1e-9 * _.amount.abs() + 1e-12
    return ibis.coalesce(amount, True) & _same_unit() & ibis.coalesce(_.to == _.other_to, True)


def unmatched(done: Table, found: Table, others: Table, *, near: int, lead: int, usual: float) -> Table:
    """The payments without a row in `found`; `unclear` where the other side is not in the evidence.

    That is so where no row of it lies within `near` days on both sides, in the first `lead` hours of it, and
    for systems that on fewer than the `usual` share of their days find another side at all.
    """
    answered = found.select(*ROW).distinct().mutate(answered=True)
    marked = done.left_join(answered, ROW).mutate(hit=_.answered.notnull().cast("int64"), day=_.clock // DAY)
    # By day: a hundred thefts of one night are not the system's habit.
    daily = marked.group_by("service", "day").aggregate(hit=_.hit.max())
    shares = daily.group_by("service").aggregate(share=_.hit.mean())
    days = _days(done, others, near)
    span = others.aggregate(begin=_.clock.min(), end=_.clock.max())
    open_ = marked.filter(_.hit == 0).join(shares, "service")
    open_ = open_.left_join(days, "day").cross_join(span)
    seen = (_.clock >= _.begin + lead * HOUR) & (_.clock <= _.end) & (_.around == 2)
    return open_.mutate(unclear=~ibis.coalesce(seen & (_.share >= usual), False))


def said(rows: Table, *more: str) -> Table:
    """One row a payment, as a behaviour gives it."""
    columns = [
        "system",
        "service",
        "reference",
        "paid",
        "currency",
        "creditor",
        "debtor",
        "account",
        "channel",
    ]
    return rows.select(
        *columns, *more, "unclear", count=ibis.literal(1), first_seen=_.clock, last_seen=_.clock
    )


def _in_time(joined: Table, before: int, after: int) -> Table:
    return joined.filter(_.other_clock >= _.clock - before, _.other_clock <= _.clock + after)


def _same_unit() -> Any:
    return ibis.coalesce(_.unit == _.other_unit, True)


def _days(done: Table, others: Table, near: int) -> Table:
    """For each day of the payments, on how many sides of it the other side has records nearby: 0, 1 or 2."""
    asked = done.select(day=_.clock // DAY).distinct()
    there = others.select(other=_.clock // DAY).distinct()
    close = asked.cross_join(there).filter(_.other >= _.day - near, _.other <= _.day + near)
    close = close.mutate(before=(_.other <= _.day).cast("int64"), after=(_.other >= _.day).cast("int64"))
    return close.group_by("day").aggregate(around=_.before.max() + _.after.max())


def _plain(value: Any) -> Any:
    return value.upper().re_replace(r"\s+", "").nullif("")


def paid(amount: Any) -> Any:
    """An amount as a sentence has it: without decimals where it is whole."""
    whole = (amount == amount.round()) & (amount.abs() < _FAR)
    counted = ibis.ifelse(whole, amount, ibis.null()).cast("int64").cast("string")
    return ibis.coalesce(counted, amount.cast("string"), "?")
