"""Names that carry data: https://attack.mitre.org/techniques/T1071/004/ and T1572

Entropy of labels, their number, record types, answers that are not used: after Born and Gustafson,
https://arxiv.org/abs/1004.4358
"""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis
from ibis import Table, _
from ibis.expr.types import BooleanValue, FloatingValue, StringValue

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import DAY, zone_of
from sakimori.findings import Severity

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"
# Types whose answers carry much, or that no browser asks for: TXT, NULL, CNAME, MX, SRV, KEY, and by number.
_ROOMY = ("TXT", "NULL", "CNAME", "MX", "KEY", "ANY", "*", "16", "10", "5", "15", "25", "255")


@behaviour(
    subject="address",
    also={"domain": "domain"},
    keys=("source_address", "query"),
    severity=Severity.MEDIUM,
    techniques=["T1071.004", "T1572"],
    confidence="medium",
    because="{address} asked for {names} different names under {domain} on this day, of {length:.0f} "
    "characters and {entropy:.1f} bits a character on average; {roomy:.0%} for types that carry much, "
    "{failed:.0%} without an answer, {unused:.0%} of those answered were never called. {hosts} machines ask "
    "for names there.",
)
def dns_tunnel(
    dns_query: Table,
    traffic: Table,
    *,
    names: int = 50,
    length: float = 20.0,
    entropy: float = 3.3,
    few: int = 2,
    signs: int = 2,
) -> Table:
    """Many long, random-looking names were asked for under one domain.

    Sees:   `names` or more different names under one registered domain from one machine on a day, whose
            part before the domain has `length` characters and `entropy` bits a character or more on
            average; by at most `few` machines; and `signs` of these: half ask for types that carry much, a
            third have no answer, nine of ten answers are called by nobody, four times as many names.
    Misses: short or slow tunnels; word-like labels; logs of a forwarder, in which it is the only one who
            asks; names of lookup services (reputation, blocklists) that many machines use.
    Next:   who registered the domain, which program asks, and what do the answers hold?
    """
    asked = dns_query.filter(_.query.notnull(), _.source_address.notnull(), _.clock.notnull())
    single = asked.mutate(day=_.clock // DAY, type=_.query_type.upper()).group_by(
        "source_address", "query", "day", "type"
    ).aggregate(
        count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max(), answers=_.answers.max(),
        code=_.response_code.max(),
    )  # fmt: skip
    single = single.mutate(domain=zone_of(_.query)).filter(~_.domain.re_search(r"(^|\.)(arpa|local|lan)$"))
    wide = single.group_by("source_address", "domain", "day").aggregate(names=_.query.nunique())
    wide = wide.filter(_.names >= names)
    hosts = single.group_by("domain").aggregate(hosts=_.source_address.nunique()).filter(_.hosts <= few)
    looked = single.join(wide, ["source_address", "domain", "day"]).join(hosts, "domain")
    looked = looked.mutate(label=_carried(_.query, _.domain)).mutate(bits=_entropy(_.label))
    looked = looked.mutate(answer=_.answers.re_extract(r"((?:\d+\.){3}\d+)", 1))
    answers = looked.filter(_.answer != "").select(source="source_address", destination="answer").distinct()
    called = traffic.semi_join(answers, ["source", "destination"])
    called = called.select("source", "destination").distinct()
    looked = looked.left_join(
        called, [looked.source_address == called.source, looked.answer == called.destination]
    )
    told = looked.group_by("source_address", "domain", "day", "names", "hosts").aggregate(
        length=_.label.length().mean(), entropy=_.bits.mean(), count=_["count"].sum(),
        roomy=_.type.isin(_ROOMY).fill_null(False).mean(), failed=_failed().mean(),
        answered=(_.answer != "").fill_null(False).sum(),
        idle=((_.answer != "") & _.destination.isnull()).sum(),
        query=_.query.min(), first_seen=_.first_seen.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    told = told.mutate(unused=ibis.ifelse(_.answered > 0, _.idle / _.answered, 0.0))
    marks = [_.roomy >= 0.5, _.failed >= 1 / 3, (_.answered >= 10) & (_.unused >= 0.9), _.names >= 4 * names]
    told = told.mutate(signs=reduce(add, [mark.cast("int64") for mark in marks]))
    found = told.filter(_.length >= length, _.entropy >= entropy, _.signs >= signs)
    return found.select(
        "source_address", "query", "domain", "names", "length", "entropy", "roomy", "failed", "unused",
        "hosts", "count", "first_seen", "last_seen", address="source_address",
    )  # fmt: skip


def _carried(query: StringValue, domain: StringValue) -> StringValue:
    """What stands before the registered domain, without the dots."""
    lower = query.lower().re_replace(r"\.$", "")
    return lower.substr(0, lower.length() - domain.length()).replace(".", "")


def _entropy(label: StringValue) -> FloatingValue:
    """Bits a character by the frequency of each; characters beyond host names count as none."""
    size = label.length()
    shares = ((size - label.replace(letter, "").length()) / size for letter in _LETTERS)
    return reduce(add, (ibis.ifelse(share > 0, -share * share.log2(), 0.0) for share in shares))


def _failed() -> BooleanValue:
    said = _.code.upper().isin(["NXDOMAIN", "SERVFAIL", "3", "2", "9003"])
    return said.fill_null(False)
