"""What name servers log of each lookup: BIND's query log, Unbound's queries and replies, dnsmasq and Pi-hole.

https://bind9.readthedocs.io/en/latest/reference.html#namedconf-statement-logging (queries)
https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html (log-queries, log-local-actions)
https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html (log-queries), https://docs.pi-hole.net/
"""

from __future__ import annotations

import re

from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.wordings import named

LOG = "dns_server_query"
_ADDRESS = r"[\da-fA-F:.]{2,45}(?:%\w{1,16})?"
_NAME = r"\S{1,1024}"
_BIND = re.compile(
    rf"client (?:@0x[\da-f]{{1,16}} )?(?P<client>{_ADDRESS})#(?P<client_port>\d{{1,5}})"
    rf"(?: \([^()]{{1,1024}}\))?:(?: view [^:]{{1,64}}:)? (?:query: ){{1,2}}(?P<query>{_NAME})"
    r" (?P<query_class>\S{1,16}) (?P<record_type>\S{1,16}) (?P<flags>[+-]\S{0,32})"
    r"(?: \((?P<server_address>[^()]{1,64})\))?"
)
_UNBOUND_HEAD = re.compile(r"(?:unbound)?\[\d+:[\da-f]+\] (?:info|notice): ")
_UNBOUND = re.compile(
    rf"(?:(?:query|reply): )?(?P<client>{_ADDRESS})(?:@(?P<client_port>\d{{1,5}}))? (?P<query>{_NAME})"
    r" (?P<record_type>\S{1,16}) (?P<query_class>IN|CH|HS|ANY|NONE|CLASS\d{1,5})"
    r"(?: (?P<response_code>[A-Z]{2,16}\d{0,5}|-) (?P<taken>\d{1,9}\.\d{1,9}) (?P<cached>[01])"
    r" (?P<size>\d{1,9}))?(?:$| )"
)
# A zone of its own answered, or a policy zone did.
_UNBOUND_LOCAL = re.compile(
    rf"(?:rpz: applied (?:\[[^\]]{{1,128}}\] )?)?(?P<zone>{_NAME}) (?P<action>[a-z][a-z_-]{{2,32}})"
    rf" (?P<client>{_ADDRESS})@(?P<client_port>\d{{1,5}}) (?P<query>{_NAME}) (?P<record_type>\S{{1,16}})"
    r" (?P<query_class>\S{1,16})$"
)
_DNSMASQ_HEAD = re.compile(rf"(?:(?P<serial>\d{{1,20}}) (?P<client>{_ADDRESS})/(?P<client_port>\d{{1,5}}) )?")
_DNSMASQ_ASKED = re.compile(
    rf"query\[(?P<record_type>[^\]]{{1,32}})\] (?P<query>{_NAME}) from (?P<client>{_ADDRESS})"
)
_DNSMASQ_TOLD = re.compile(
    r"(?P<action>reply|cached(?:-stale)?|config|forwarded|DHCP|/[^ ]{1,256}|special domain"
    r"|gravity blocked|(?:regex|exactly|externally)[ -](?:blacklisted|denied|blocked)[^ ]{0,64}) "
    rf"(?P<query>{_NAME}) (?:is|to) (?P<answer>.{{1,4096}})"
)


def bind(row: Row) -> Told | None:
    """A name somebody asked BIND for; None where it says something else."""
    found = _BIND.search(row["message"][:4096])
    return Told(LOG, row | named(found) | {"server": "named"}) if found else None


def is_unbound(message: str) -> bool:
    """Whether a message begins as Unbound's do where no program stands in front."""
    return message.startswith("unbound[") and _UNBOUND_HEAD.match(message) is not None


def unbound(row: Row) -> Told | None:
    """A query, a reply, or what a zone of its own answered; None where Unbound says something else."""
    head = _UNBOUND_HEAD.match(row["message"])
    text = row["message"][head.end() if head else 0 :].removeprefix("info: ")
    found = _UNBOUND.match(text) or _UNBOUND_LOCAL.match(text)
    if found is None:
        return None
    told = named(found)
    told["query"] = told["query"].rstrip(".") or "."  # the root's point would keep rules on endings silent
    told["action"] = told.get("action") or ("reply" if "response_code" in told else "query")
    return Told(LOG, row | told | {"server": "unbound"})


def dnsmasq(row: Row) -> Told | None:
    """A query or what was answered; who asked stands with an answer only under `log-queries=extra`."""
    text = row["message"]
    head = _DNSMASQ_HEAD.match(text)
    at = head.end() if head else 0
    found = _DNSMASQ_ASKED.match(text, at) or _DNSMASQ_TOLD.match(text, at)
    if found is None:
        return None
    told = (named(head) if head else {}) | named(found)
    told.setdefault("action", "query")
    answer = told.pop("answer", None)
    return Told(LOG, row | told | _answered(answer, told["action"]) | {"server": "dnsmasq"})


def _answered(answer: str | None, action: str) -> Row:
    """`NXDOMAIN`, `NODATA-IPv4` and `SERVFAIL` are codes, not answers; a forwarded name went to a server."""
    if answer is None:
        return {}
    if action == "forwarded":
        return {"server_address": answer}
    code = re.match(r"(NXDOMAIN|NODATA|SERVFAIL|REFUSED)\b", answer)
    if code:
        return {"response_code": "NOERROR" if code[1] == "NODATA" else code[1]}
    return {"answer": answer}
