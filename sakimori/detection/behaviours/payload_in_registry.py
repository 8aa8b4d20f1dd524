"""Programs, scripts and enciphered data kept in the registry instead of in a file.

https://attack.mitre.org/techniques/T1027/011/ and https://attack.mitre.org/techniques/T1112/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import file_name, in_anyones_folder, shape
from sakimori.findings import Severity

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringValue

_PROGRAMS = ("MZ", "MZ in base64", "MZ in hex")
# Keys where Windows and its programs keep large data of their own.
_HOMES = (
    r"appcompat|bagmru|\\bags\\|cloudstore|systemcertificates|enterprisecertificates|\\certificates\\"
    r"|cryptography|\\enum\\|\\class\\|deviceclasses|productoptions|taskcache|perflib|winsat|sidebyside"
    r"|\\nls|component based servicing|fontcache|fontsubstitutes|\\wmi\\|autologger|windows search"
    r"|installer\\|\\office\\|outlook|windows defender|security center|tpm|\\explorer\\|muicache"
    r"|notifications|diagnostics|contentdelivery|policies\\|firewallpolicy|group policy|wpasettings"
    r"|printers|\\print\\|bluetooth|bthport|\\tcpip\\|networklist|wlansvc|dhcp|services\\bam|services\\dam"
    r"|sessionenv|eventlog|winevt|\\classes\\|clsid|typelib|appx|packages|windowsupdate|update\\|\\setup\\"
    r"|syspart|hardwareconfig|licens|\\speech|\\input|ime\\|theme|\\dwm|graphicsdrivers"
)
_SCRIPT_HOSTS = (
    "powershell.exe", "pwsh.exe", "wscript.exe", "cscript.exe", "mshta.exe", "rundll32.exe", "regsvr32.exe",
    "cmd.exe", "reg.exe", "python.exe", "wmic.exe",
)  # fmt: skip
_ENCODED = r"^[A-Za-z0-9+/=]{1000,}$"
_NOTHING = "Binary Data"  # all that Sysmon says of a value that is no text and no number


@behaviour(
    subject="host",
    also={"key": "registry_key", "account": "account"},
    keys=("host", "key"),
    severity=Severity.HIGH,
    techniques=["T1027.011", "T1112"],
    confidence="medium",
    because="{size} bytes that look like {looks} stand in the registry at {key} ({name}); {hosts} of {fleet} "
    "hosts have such a value there.",
)
def payload_in_registry(
    registry_value: Table,
    registry_event: Table,
    persistence: Table,
    *,
    few: int = 2,
    text: int = 2000,
    random: int = 16384,
    fleet: int = 3,
) -> Table:
    """The registry holds a program, a script or enciphered data where settings are short.

    Sees:   in hives, a value that is a Windows program (also in base64 or hexadecimal), or a script, base64
            or hexadecimal text of `text` bytes and more, on at most `few` hosts; enciphered data of `random`
            bytes only in `fleet` or more hosts' hives, outside keys where Windows keeps large data; in
            events, encoded text of a thousand letters.
    Misses: with events alone ("Binary Data"), size and content cannot be told: collect the hive; pieces
            spread over many small values; data in keys where large data is usual.
    Next:   copy the value out of the hive and have it analysed, and ask what reads this key.
    """
    hosts = persistence.filter(_.data_bytes.notnull()).select("host").union(registry_value.select("host"))
    with_hive = hosts.filter(_.host.notnull()).distinct()
    held = _in_hives(registry_value, with_hive, few, text, random, fleet)
    return held.union(_in_events(registry_event)).union(_unclear(registry_event, with_hive))


def _in_hives(values: Table, with_hive: Table, few: int, text: int, random: int, fleet: int) -> Table:
    odd = values.filter(_.host.notnull(), _.key.notnull()).mutate(alike=shape(_.key))
    spread = odd.group_by("alike", "looks").aggregate(hosts=_.host.nunique())
    odd = odd.join(spread, ["alike", "looks"]).cross_join(with_hive.aggregate(fleet=_.host.nunique()))
    program = _.looks.isin(_PROGRAMS)
    written = _.looks.isin(("script", "base64", "hex")) & (_.bytes >= text)
    enciphered = (_.looks == "random") & (_.bytes >= random) & (_.fleet >= fleet)
    found = odd.filter(_.hosts <= few, program | ((written | enciphered) & ~_at_home(_.key)))
    return _summed(found.mutate(size=_.bytes, unclear=ibis.literal(False)))


def _in_events(events: Table) -> Table:
    """Encoded text that an event shows whole."""
    long = events.filter(_.host.notnull(), _.key.notnull(), _.data.length() >= 1000)
    return _of_events(long.filter(_.data.re_search(_ENCODED), ~_at_home(_.key)), "encoded text", False)


def _unclear(events: Table, with_hive: Table) -> Table:
    """Values whose size no event tells, set by what sets few of its own; answered where there is the hive."""
    unseen = events.filter(_.host.notnull(), _.key.notnull(), _.data == _NOTHING, ~_at_home(_.key))
    strange = in_anyones_folder(_.image) | file_name(_.image).isin(_SCRIPT_HOSTS)
    return _of_events(unseen.filter(strange).anti_join(with_hive, "host"), _NOTHING, True)


def _of_events(events: Table, looks: str, unclear: bool) -> Table:
    known = events.cross_join(events.aggregate(fleet=_.host.nunique())).mutate(
        name=ibis.literal("-"),
        looks=ibis.literal(looks),
        size=_.data.length().cast("int64"),
        hosts=ibis.literal(1, "int64"),
        unclear=ibis.literal(unclear),
    )
    return _summed(known)


def _summed(rows: Table) -> Table:
    return rows.group_by("host", "key").aggregate(
        name=_.name.max(),
        looks=_.looks.max(),
        account=_.account.max(),
        size=_.size.max(),
        hosts=_.hosts.min(),
        fleet=_.fleet.max(),
        unclear=_.unclear.min(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )


def _at_home(key: StringValue) -> BooleanValue:
    """Whether large data is usual there."""
    return key.lower().re_search(_HOMES)
