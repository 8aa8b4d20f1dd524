"""AWS VPC flow logs as they lie in their bucket: words with blanks between them, mostly below a header.

https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

from __future__ import annotations

import re

from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Told, first_lines
from sakimori.records.plan import Plan

LOG = "aws_vpc_flow"
# Version 2, which AWS writes where nobody asked for columns.
DEFAULT = (
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol",
    "packets", "bytes", "start", "end", "action", "log-status",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9-]*$")
_TOLD_BY = {"srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"}
_ADDRESS, _NUMBER = r"(?:[\da-f.:]+|-)", r"(?:\d+|-)"
_LINE = re.compile(rf"2 \d{{12}} eni-\w+ {_ADDRESS} {_ADDRESS} {_NUMBER} {_NUMBER} .*(?:OK|NODATA|SKIPDATA)$")


class AwsVpcFlow(LineReader):
    """AWS VPC flow logs as text: below a header that names their columns, or in the default format.

    Watch: a flow without data is a line too; a custom format without its header is not known.
    """

    name = "aws_vpc_flow"

    def fits(self, line: str) -> bool:
        """A header with addresses among its columns, or a line of the default format."""
        return _is_header(line) or bool(_LINE.match(line))

    def claims(self, head: bytes) -> bool:
        """The first line tells."""
        return any(self.fits(line) for line in first_lines(head, 1))

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one flow, by the header at the member's beginning."""
        top = first_lines(source.head, 1)
        names = tuple(top[0].split()) if top and _is_header(top[0]) else DEFAULT
        return lambda line: _flow(line, names)


def _is_header(line: str) -> bool:
    words = line.split()
    return len(_TOLD_BY & set(words)) >= 2 and all(map(_NAME.match, words))


def _flow(line: str, names: tuple[str, ...]) -> Told | str | None:
    cells = line.split()
    if tuple(cells) == names:
        return None
    if len(cells) != len(names):
        return f"{len(cells)} words where the flow log has {len(names)} columns"
    return Told(LOG, {name: None if cell == "-" else cell for name, cell in zip(names, cells, strict=True)})
