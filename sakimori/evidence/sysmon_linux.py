"""Sysmon for Linux: the event as XML in a syslog message or in journald's MESSAGE.

https://github.com/microsoft/SysmonForLinux
"""

from __future__ import annotations

from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.windows_logs import OTHER, WindowsStreams
from sakimori.evidence.windows_xml import event_row
from sakimori.records.plan import Plan


class SysmonLinux:
    """Tells events with the names of Sysmon's own fields, as every exporter of them does."""

    def __init__(self, plan: Plan) -> None:
        self._streams = plan.kept(WindowsStreams, lambda: WindowsStreams(plan))

    def told(self, row: Row) -> Told | None:
        """The event in a message; None where there is none whole."""
        message: str = row["message"]
        start, end = message.find("<Event>"), message.rfind("</Event>")
        if start < 0 or end < start:
            return None
        event = event_row(message[start : end + len("</Event>")])
        if isinstance(event, str):
            return None
        stream = self._streams.stream(event.get("Channel"), event.get("Provider_Name"), event.get("EventID"))
        return None if stream.log.name == OTHER else Told(stream.log.name, event, dict(stream.constants))
