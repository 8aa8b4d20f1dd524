"""W3C extended logs: a `#Fields:` line names the columns of the lines below it, and may come again.

IIS https://learn.microsoft.com/windows/win32/http/w3c-logging, CloudFront
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html,
Windows Firewall https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/configure-logging
"""

from __future__ import annotations

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told, first_lines
from sakimori.records.plan import Plan

_FIELDS = "#Fields:"
# The log is told by columns that no other has; `date` alone is Exchange's, which separates by commas.
_LOGS = (
    (frozenset({"x-edge-location"}), "cloudfront_access"),
    (frozenset({"action", "src-ip", "dst-ip"}), "windows_firewall_log"),
    (frozenset({"cs-method", "cs-uri-stem"}), "w3c_access"),
    (frozenset({"cs-method", "cs-uri"}), "w3c_access"),
)


class W3cExtended(LineReader):
    """W3C extended logs: IIS, CloudFront, proxies, and the Windows Firewall's `pfirewall.log`.

    Watch: IIS writes UTC, whatever the server's clock shows; the Windows Firewall writes local time and says
    so. A request's body is in no web log. The columns may change within a file.
    """

    name = "w3c_extended"

    def claims(self, head: bytes) -> bool:
        """A `#Fields:` line with a date and a time among the first lines, all before it directives."""
        for line in first_lines(head):
            if not line.startswith("#"):
                return False
            if line.startswith(_FIELDS):
                return {"date", "time"} <= set(_names(line))
        return False

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one line under the columns named last; a range begins under those of the file's head."""
        columns = _Columns(host_of(source.path))
        for line in first_lines(source.head):
            if line.startswith("#"):
                columns.directive(line)
        return columns.told


class _Columns:
    """The columns that hold for the next line."""

    def __init__(self, host: str | None) -> None:
        self._host = host
        self._names: list[str] = []
        self._log = "w3c_other"
        self._local = False

    def directive(self, line: str) -> None:
        """Takes notice of a line that begins with `#`."""
        if line.startswith(_FIELDS):
            self._names = _names(line)
            known = set(self._names)
            self._log = next((log for asked, log in _LOGS if asked <= known), "w3c_other")
        elif line.startswith("#Time Format:"):
            self._local = "local" in line.lower()

    def told(self, line: str) -> Told | str | None:
        """The line's cells under their names."""
        if line.startswith("#"):
            self.directive(line)
            return None
        cells = line.split("\t") if "\t" in line else line.split(" ")
        if len(cells) != len(self._names):
            return f"{len(cells)} values under {len(self._names)} names"
        row: Row = {
            name: cell for name, cell in zip(self._names, cells, strict=True) if cell not in ("-", "")
        }
        if "date" in row and "time" in row:
            row["date-time-local" if self._local else "date-time"] = f"{row['date']}T{row['time']}"
        return Told(self._log, row | {"host": row.get("s-computername") or self._host})


def _names(line: str) -> list[str]:
    return line.removeprefix(_FIELDS).split()
