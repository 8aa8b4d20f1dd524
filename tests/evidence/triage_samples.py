"""One sample of two records for each format that triage collections bring."""

from __future__ import annotations

from tests.evidence.hive_writer import hive
from tests.evidence.mft_writer import change, table
from tests.evidence.prefetch_writer import prefetch
from tests.evidence.test_triage_traces import RUNS, TASK

_RUN = {"Software\\Microsoft\\Windows\\CurrentVersion\\Run": {"Up": "up.exe", "Chat": "chat.exe"}}
_LINE = b"0|/tmp/a|12|-rw-------|0|0|80|1772442000|1772442000|1772442000|1772442000\n"
_PS = b"  PID USER                      STARTED COMMAND\n"
_NETSTAT = b"Proto Recv-Q Send-Q Local Address  Foreign Address  State  PID/Program name\n"
TRIAGE_SAMPLES = {
    "registry_hive": hive({**_RUN, "Environment": {"a": 1}}),
    "windows_prefetch": prefetch("A.EXE", ["\\A.EXE"], RUNS, 2),
    "ntfs_mft": table({}),
    "ntfs_usn": change("a", 0x80000100, 1) + change("b", 0x80000100, 2),
    "windows_task_xml": TASK.encode("utf-16"),
    "bodyfile": _LINE * 2,
    "ps_lstart": _PS + b"    1 root     Mon Mar  2 08:00:00 2026 /sbin/init\n" * 2,
    "netstat_anp": _NETSTAT + b"tcp 0 0 192.0.2.7:50000 203.0.113.9:443 ESTABLISHED 4711/a\n" * 2,
}
