"""Two records of each network log that has a reader of its own."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq


def parquet(table: pa.Table) -> bytes:
    """The table as a Parquet file."""
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


_TUPLE = "1772410320599,192.0.2.30,198.51.100.9,23956,443,6,O,B,NX,0,0,0,0"
_VNET = (
    '{"records":[{"time":"2026-03-02T00:12:52Z","macAddress":"112233445566","category":"FlowLogFlowEvent",'
    '"flowLogVersion":4,"flowRecords":{"flows":[{"aclID":"a","flowGroups":[{"rule":"r","flowTuples":'
    f'["{_TUPLE}","{_TUPLE}"]}}]}}]}}}}]}}'
)
_UMBRELLA = (
    '"2026-03-02 00:12:00","Mei","Mei","192.0.2.30","203.0.113.3","Allowed","1 (A)","NOERROR","a.org."'
)
_ZSCALER = "datetime=Mon Mar  2 00:14:00 2026\tcdport=22\tcsip=192.0.2.30\tcdip=198.51.100.22\taction=Allow"
_PACKET = "UDP Rcv 192.0.2.30 ccfb   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)"
_WINDOWS_DNS = f"3/2/2026 9:12:00 AM 0BE4 PACKET  000000149B80B390 {_PACKET}"
_UNBOUND = "[1772410320] unbound[123:0] info: 192.0.2.30 www.example.com. A IN"
NETWORK_SAMPLES = {
    "parquet": parquet(
        pa.table({"srcaddr": ["192.0.2.1", "192.0.2.2"], "dstaddr": ["192.0.2.3", "192.0.2.4"]})
    ),
    "azure_flow": _VNET.encode(),
    "umbrella_dns": f"{_UMBRELLA}\n{_UMBRELLA}\n".encode(),
    "zscaler_text": f"{_ZSCALER}\n{_ZSCALER}\n".encode(),
    "windows_dns": f"Message logging key\n\n{_WINDOWS_DNS}\n{_WINDOWS_DNS}\n".encode(),
    "dns_server_files": f"{_UNBOUND}\n{_UNBOUND}\n".encode(),
}
