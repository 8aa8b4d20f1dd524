"""What an organisation has switched on, as sets of logs: how much of the pack could speak there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Event = Mapping[str, object]
Told = Callable[[str, Event], bool]

# Written by Windows as it is installed. Audit policy: the column "Windows default" of
# https://learn.microsoft.com/windows-server/identity/ad-ds/plan/security-best-practices/audit-policy-recommendations
_DEFAULT_SECURITY = {
    1102, 4616, 4624, 4625, 4634, 4647, 4648, 4672, 4719, 4720, 4722, 4723, 4724, 4725, 4726, 4728, 4732,
    4738, 4740, 4756, 4768, 4769, 4771, 4776,
}  # fmt: skip
_DEFAULT_CHANNELS = (
    "windows_system", "windows_application", "windows_defender", "windows_bits",
    "windows_powershell_classic", "windows_terminal_services", "windows_wmi", "windows_code_integrity",
    "windows_firewall", "windows_printservice_admin", "windows_smb", "windows_appx", "windows_winrm",
    "windows_mitigations", "windows_ntlm", "windows_shell_core",
)  # fmt: skip
# Group policies: process creation with command lines, script blocks, other object access (tasks), shares,
# system extensions (services, security packages), Plug and Play.
_ADVANCED = ("windows_security", "windows_powershell", "windows_task_scheduler", "windows_driver_")
_EDR = ("crowdstrike_", "sentinelone_", "defender_", "carbon_black_")
_CLOUD = (
    "aws_", "azure_", "entra_", "m365_", "okta_", "github_", "gitlab_", "gcp_", "google_workspace_",
    "kubernetes_", "bitbucket_", "onelogin_", "slack_", "zoom_", "intune_",
)  # fmt: skip
_NETWORK = (
    "zeek_", "suricata_", "squid_", "proxy_", "w3c_", "umbrella_", "zscaler_", "cloudflare_", "palo_alto_",
    "fortigate_", "sophos_", "dns_server", "windows_dns",
)  # fmt: skip
_MAC = ("macos_", "osquery_es_", "santa_", "jamf_", "shell_history_macos")


def _default_windows(log: str, event: Event) -> bool:
    if log.startswith("windows_security"):
        asked = event.get("EventID")
        return isinstance(asked, int) and asked in _DEFAULT_SECURITY
    return log.startswith(_DEFAULT_CHANNELS)


def _audited_windows(log: str, event: Event) -> bool:
    return _default_windows(log, event) or log.startswith(_ADVANCED)


def _sysmon(log: str, event: Event) -> bool:
    return _audited_windows(log, event) or log.startswith(("windows_sysmon", "windows_driver"))


def _begins(prefixes: tuple[str, ...], *but: str) -> Told:
    return lambda log, _: log.startswith(prefixes) and not log.endswith(but or ("\0",))


TIERS: dict[str, Told] = {
    "default Windows": _default_windows,
    "+ 4688, 4104, audit": _audited_windows,
    "+ Sysmon": _sysmon,
    "EDR export": _begins(_EDR),
    "macOS": lambda log, _: log.startswith(_MAC) or (log.startswith(_EDR) and log.endswith("_mac")),
    "Linux": lambda log, _: (
        log.startswith(("auditd", "sysmon_linux", "syslog_"))
        or (log.startswith(_EDR) and log.endswith("_linux"))
    ),
    "network": _begins(_NETWORK),
    "cloud only": _begins(_CLOUD),
}
