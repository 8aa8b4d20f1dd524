"""All readers, in the order in which they are asked.

Specific before general: the first that claims a member reads it. Binary formats and formats with a header of
their own come first, for they cannot be mistaken. JSON comes next, from those that name their exporter to
those told by a few fields. CSV of a known product stands before any CSV, and the generic readers, which take
whatever has the shape of records, are last. Among the specific ones no two claim the same member (a test
holds that), but for the document of Windows events, which would take lines of them too and so stands behind.
"""

from __future__ import annotations

from sakimori.evidence.acquisitions import AcquisitionRecord
from sakimori.evidence.application_text import ApplicationText
from sakimori.evidence.aws_flow import AwsVpcFlow
from sakimori.evidence.defender import DefenderCsv, DefenderJson, DefenderLines
from sakimori.evidence.endpoints import ENDPOINTS, ENDPOINTS_PLACED
from sakimori.evidence.generic import GenericCsv, GenericJson, GenericLines
from sakimori.evidence.github_actions_log import GithubActionsLog
from sakimori.evidence.networks import NETWORKS
from sakimori.evidence.payments.fin import Fin
from sakimori.evidence.payments.iso20022 import Iso20022
from sakimori.evidence.reader import Reader
from sakimori.evidence.software.readers import SOFTWARE
from sakimori.evidence.text_logs import TEXT_LOGS
from sakimori.evidence.triage import TRIAGE
from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.evidence.windows_json_document import WindowsJsonDocument
from sakimori.evidence.windows_json_lines import windows_evtxdump, windows_nxlog, windows_winlogbeat
from sakimori.evidence.windows_xml import WindowsXml
from sakimori.evidence.zeek import ZeekJson, ZeekTsv

SPECIFIC: tuple[Reader, ...] = (
    AcquisitionRecord(),
    *TRIAGE,
    *ENDPOINTS,
    WindowsEvtx(),
    WindowsXml(),
    ZeekTsv(),
    windows_evtxdump(),
    windows_winlogbeat(),
    windows_nxlog(),
    WindowsJsonDocument(),
    ZeekJson(),
    DefenderLines(),
    DefenderJson(),
    DefenderCsv(),
    *SOFTWARE,
    Iso20022(),
    Fin(),
    AwsVpcFlow(),
    *NETWORKS,
    GithubActionsLog(),
    *TEXT_LOGS,
)

# Formats that nothing in their bytes tells: these are asked with the place in which a file lay.
PLACED: tuple[Reader, ...] = (*ENDPOINTS_PLACED,)

GENERAL: tuple[Reader, ...] = (ApplicationText(), GenericLines(), GenericJson(), GenericCsv())

READERS: tuple[Reader, ...] = (*SPECIFIC, *PLACED, *GENERAL)
