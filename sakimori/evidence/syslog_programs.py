"""Which function reads a syslog message, told by the program that wrote it or by the message's own shape."""

from __future__ import annotations

from collections.abc import Callable

from sakimori.evidence import (
    syslog_check_point,
    syslog_dns,
    syslog_filterlog,
    syslog_leases,
    syslog_machine,
    syslog_sign_ins,
)
from sakimori.evidence.appliances import payload
from sakimori.evidence.haproxy import haproxy
from sakimori.evidence.sysmon_linux import SysmonLinux
from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.web_access import access_row, told_of
from sakimori.records.plan import Plan

OTHER = "syslog"
_APPLE = "macos_syslog"
_WEB = frozenset({"nginx", "httpd", "apache", "apache2", "tomcat"})
_READ: dict[Callable[[Row], Told | None], str] = {
    syslog_sign_ins.sshd: "sshd sshd-session sshd-auth",
    syslog_sign_ins.su: "su",
    syslog_sign_ins.vsftpd: "vsftpd",
    syslog_sign_ins.guacamole: "guacd guacamole guacamole-client",
    syslog_machine.sudo: "sudo",
    syslog_machine.cron: "cron crond crontab anacron atd cronie",
    syslog_machine.accounts: "useradd userdel usermod groupadd groupdel groupmod gpasswd passwd chpasswd"
    " chage adduser deluser addgroup newusers",
    syslog_machine.systemd: "systemd",
    syslog_machine.clamd: "clamd clamav clamscan clamdscan clamonacc",
    syslog_leases.dhcp: "dhcpd dnsmasq-dhcp dhclient kea-dhcp4 kea-dhcp6",
    syslog_dns.bind: "named",
    syslog_dns.unbound: "unbound",
    syslog_dns.dnsmasq: "dnsmasq pihole-ftl",
    syslog_filterlog.filterlog: "filterlog",
    syslog_check_point.check_point: "checkpoint",
    syslog_leases.vpn: "openvpn ovpn-server charon charon-systemd ipsec ocserv",
}
_BY_PROGRAM = {program: read for read, programs in _READ.items() for program in programs.split()}


class Programs:
    """Reads the messages of one member; remembers what the kernel said of a USB port."""

    def __init__(self, plan: Plan) -> None:
        self._kernel = syslog_machine.Kernel()
        self._sysmon = SysmonLinux(plan)

    def told(self, row: Row) -> Told:
        """The log and the fields of a message with its envelope."""
        message = row["message"]
        if "<Event>" in message and (told := self._sysmon.told(row)):
            return told
        program = (row.get("app_name") or "").rpartition("/")[2].lower()
        told = self._of_program(program, row) or payload(row)
        if told:
            return told
        if message.startswith("pam_") or program == "login":
            return syslog_sign_ins.pam(row)
        return Told(_APPLE if program.startswith("com.apple.") else OTHER, row)

    def _of_program(self, program: str, row: Row) -> Told | None:
        if program == "kernel":
            return self._kernel(row) or syslog_leases.vpn(row)
        if program == "networkmanager" and syslog_leases.is_client_lease(row["message"]):
            return syslog_leases.dhcp(row)
        if program in _WEB:
            request = access_row(row["message"])
            return told_of(request, row.get("hostname")) if request else None
        if program == "haproxy":
            return haproxy(row)
        if not program and syslog_dns.is_unbound(row["message"]):
            return syslog_dns.unbound(row)
        read = _BY_PROGRAM.get(program) or (syslog_leases.vpn if program.startswith("ovpn") else None)
        return read(row) if read else None
