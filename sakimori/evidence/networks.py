"""The readers of network logs that are neither syslog nor records told by their fields."""

from __future__ import annotations

from sakimori.evidence.azure_flow import AzureFlow
from sakimori.evidence.dns_server_files import DnsServerFiles
from sakimori.evidence.parquet import Parquet
from sakimori.evidence.reader import Reader
from sakimori.evidence.umbrella import UmbrellaDns
from sakimori.evidence.windows_dns import WindowsDns
from sakimori.evidence.zscaler_text import ZscalerText

NETWORKS: tuple[Reader, ...] = (
    Parquet(),
    AzureFlow(),
    ZscalerText(),
    UmbrellaDns(),
    WindowsDns(),
    DnsServerFiles(),
)
