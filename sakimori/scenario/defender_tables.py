"""The device tables of Defender advanced hunting that the scenario exports, with their columns in order.

https://learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables
"""

from __future__ import annotations

INITIATING = (
    "InitiatingProcessAccountDomain", "InitiatingProcessAccountName", "InitiatingProcessAccountSid",
    "InitiatingProcessAccountUpn", "InitiatingProcessLogonId", "InitiatingProcessIntegrityLevel",
    "InitiatingProcessTokenElevation", "InitiatingProcessSHA1", "InitiatingProcessSHA256", "InitiatingProcessMD5",
    "InitiatingProcessFileName", "InitiatingProcessVersionInfoCompanyName", "InitiatingProcessVersionInfoProductName",
    "InitiatingProcessVersionInfoOriginalFileName", "InitiatingProcessVersionInfoFileDescription",
    "InitiatingProcessId", "InitiatingProcessCommandLine", "InitiatingProcessCreationTime",
    "InitiatingProcessFolderPath", "InitiatingProcessParentId", "InitiatingProcessParentFileName",
    "InitiatingProcessParentCreationTime",
)  # fmt: skip
_HEAD = ("Timestamp", "DeviceId", "DeviceName", "ActionType")
_TAIL = ("ReportId", "AppGuardContainerId", "AdditionalFields")
_FILE = ("FileName", "FolderPath", "SHA1", "SHA256", "MD5", "FileSize")
_ACCOUNT = ("AccountDomain", "AccountName", "AccountSid")
_OWN: dict[str, tuple[str, ...]] = {
    "DeviceProcessEvents": (
        *_FILE, "ProcessVersionInfoCompanyName", "ProcessVersionInfoProductName", "ProcessVersionInfoProductVersion",
        "ProcessVersionInfoOriginalFileName", "ProcessVersionInfoFileDescription", "ProcessId", "ProcessCommandLine",
        "ProcessIntegrityLevel", "ProcessTokenElevation", "ProcessCreationTime", *_ACCOUNT, "AccountUpn", "LogonId",
    ),
    "DeviceNetworkEvents": (
        "RemoteIP", "RemotePort", "RemoteUrl", "LocalIP", "LocalPort", "Protocol", "LocalIPType", "RemoteIPType",
    ),
    "DeviceFileEvents": (
        *_FILE, "FileOriginUrl", "FileOriginReferrerUrl", "FileOriginIP", "PreviousFolderPath", "PreviousFileName",
        "RequestProtocol", "RequestSourceIP", "RequestAccountName",
    ),
    "DeviceRegistryEvents": (
        "RegistryKey", "RegistryValueType", "RegistryValueName", "RegistryValueData", "PreviousRegistryKey",
        "PreviousRegistryValueName", "PreviousRegistryValueData",
    ),
    "DeviceImageLoadEvents": _FILE,
    "DeviceLogonEvents": (
        "LogonType", *_ACCOUNT, "Protocol", "FailureReason", "IsLocalAdmin", "LogonId", "RemoteDeviceName", "RemoteIP",
        "RemoteIPType", "RemotePort",
    ),
    "DeviceEvents": (
        *_FILE, *_ACCOUNT, "RemoteUrl", "RemoteDeviceName", "ProcessId", "ProcessCommandLine", "LogonId", "RegistryKey",
        "RegistryValueName", "RegistryValueData", "RemoteIP", "RemotePort", "LocalIP", "LocalPort",
    ),
}  # fmt: skip
TABLES = {table: (*_HEAD, *own, *INITIATING, *_TAIL) for table, own in _OWN.items()}
OWN = _OWN
