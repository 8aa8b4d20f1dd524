"""Messages that firewalls, VPN gateways and proxies put into syslog, told by their own shape."""

from __future__ import annotations

from collections.abc import Callable

from sakimori.evidence.cisco import cisco, is_cisco
from sakimori.evidence.common_event_format import common_event, is_common_event
from sakimori.evidence.fortigate import fortigate, is_fortigate
from sakimori.evidence.ivanti import is_ivanti, ivanti
from sakimori.evidence.palo_alto import is_palo_alto, palo_alto
from sakimori.evidence.sophos import is_sophos, sophos
from sakimori.evidence.text_lines import Row, Told

_SHAPES: tuple[tuple[Callable[[str], bool], Callable[[Row], Told | None]], ...] = (
    (is_fortigate, fortigate),
    (is_sophos, sophos),
    (is_palo_alto, palo_alto),
    (is_common_event, common_event),
    (is_cisco, cisco),
    (is_ivanti, ivanti),
)


def is_payload(message: str) -> bool:
    """Whether an appliance wrote this message."""
    return any(fits(message) for fits, _ in _SHAPES)


def payload(row: Row) -> Told | None:
    """The log and the fields of an appliance's message; None where none of them wrote it."""
    for fits, read in _SHAPES:
        if fits(row["message"]):
            return read(row)
    return None
