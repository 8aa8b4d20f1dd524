"""Walls between segments as one file, held against the flows that logs saw."""

from sakimori.audits.segments.flows import Flow, from_csv, from_tables
from sakimori.audits.segments.judging import Report, Verdict, judge
from sakimori.audits.segments.nftables import nftables
from sakimori.audits.segments.plan import Plan, Ports, Rule, Segment
from sakimori.audits.segments.reading import read_plan

__all__ = [
    "Flow",
    "Plan",
    "Ports",
    "Report",
    "Rule",
    "Segment",
    "Verdict",
    "from_csv",
    "from_tables",
    "judge",
    "nftables",
    "read_plan",
]
