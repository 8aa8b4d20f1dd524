"""The FortiGate's SSL VPN as the gateway writes it: `date=2026-03-02 time=09:12:00 ... action="tunnel-up"`.

https://docs.fortinet.com/document/fortigate/7.6.1/fortios-log-message-reference/
"""

from __future__ import annotations

from sakimori.scenario.cloud.event import Event
from sakimori.scenario.journal import moment
from sakimori.scenario.rhythm import JST
from sakimori.scenario.world import MARK

# action: the log's number, what it is called, its level, and the gateway's sentence
_ACTIONS = {
    "tunnel-up": ("0101039424", "SSL VPN tunnel up", "information", "SSL tunnel established"),
    "tunnel-down": ("0101039425", "SSL VPN tunnel down", "information", "SSL tunnel shutdown"),
    "ssl-login-fail": ("0101039426", "SSL VPN login fail", "alert", "SSL user failed to logged in"),
}


def tunnel(event: Event) -> str:
    """One message; times are Japan's, and say so."""
    action = event.get("action")
    number, name, level, says = _ACTIONS[action]
    date, _, time = moment(event.t + JST, "T", 1)[:19].partition("T")
    inner = [] if action == "ssl-login-fail" else [f"tunnelip={event.get('tunnel', address(event))}"]
    return _line(
        f"date={date} time={time}",
        'devname="KTR-FG01" devid="FGVM0000SYNTHETIC"',
        f'eventtime={event.t * 1000} tz="+0900" logid="{number}"',
        f'type="event" subtype="vpn" level="{level}" vd="root" logdesc="{name}"',
        f'action="{action}" tunneltype="ssl-tunnel" tunnelid={event.get("number", "0")}',
        f"remip={event.seat.place.address}",
        *inner,
        f'user="{event.get("user", event.who.person.account.name)}" group="vpn-users" dst_host="N/A"',
        f'reason="{event.get("reason", "N/A")}" msg="{says} ({MARK})"',
    )


def _line(*parts: str) -> str:
    return " ".join(parts) + "\n"


def address(event: Event) -> str:
    """The inner address the gateway gives the person that day; no two of the staff share one."""
    return f"10.20.{62 + event.who.host.index % 5000 // 200}.{20 + event.who.host.index % 200}"
