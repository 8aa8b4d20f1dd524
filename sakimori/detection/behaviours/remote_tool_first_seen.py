"""Tools made to steer a machine from afar, where the house is not used to them.

https://attack.mitre.org/techniques/T1219/002/ and https://www.cisa.gov/news-events/cybersecurity-advisories/aa23-025a
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import file_name, folder, shape
from sakimori.findings import Severity

_DAY = 86_400_000_000
# File names as their makers ship them; each also counts when only the name compiled into the file says so.
TOOLS = {
    "TightVNC": ("tvnserver.exe", "tvnviewer.exe", "tightvnc.exe"),
    "UltraVNC": ("winvnc.exe", "uvnc_service.exe", "vncviewer.exe"),
    "RealVNC": ("vncserver.exe", "winvnc4.exe", "vncconnect.exe"),
    "AnyDesk": ("anydesk.exe",),
    "TeamViewer": ("teamviewer.exe", "teamviewer_service.exe", "teamviewer_desktop.exe"),
    "RustDesk": ("rustdesk.exe",),
    "ScreenConnect": ("screenconnect.clientservice.exe", "screenconnect.windowsclient.exe"),
    "Atera": ("ateraagent.exe",),
    "Splashtop": ("srserver.exe", "strwinclt.exe", "srmanager.exe"),
    "NetSupport": ("client32.exe", "pcictlui.exe"),
    "MeshCentral": ("meshagent.exe", "meshagent64.exe"),
    "Remote Utilities": ("rutserv.exe", "rfusclient.exe"),
    "Radmin": ("rserver3.exe", "radmin.exe"),
    "Ammyy Admin": ("aa_v3.exe", "aa_v3.5.exe"),
    "UltraViewer": ("ultraviewer_desktop.exe", "ultraviewer_service.exe"),
    "Supremo": ("supremo.exe", "supremoservice.exe"),
    "DWService": ("dwagent.exe", "dwagsvc.exe"),
    "Chrome Remote Desktop": ("remoting_host.exe",),
    "Dameware": ("dwrcs.exe", "dwrcc.exe"),
    "AweSun": ("awesun.exe", "aweray_remote.exe"),
}
_NAMES = [name for names in TOOLS.values() for name in names]


@behaviour(
    subject="host",
    also={"image": "process", "account": "account"},
    keys=("host", "image"),
    severity=Severity.LOW,
    techniques=["T1219.002"],
    confidence="medium",
    because="{tool} was first started on {first_seen} by {account} ({image}); from a folder like this it is "
    "on {hosts} of {fleet} hosts.",
)
def remote_tool_first_seen(process: Table, *, few: int = 2, settled: int = 3, learning: float = 0.3) -> Table:
    """A remote-control tool came to a host where it was not before.

    Sees:   a known tool, by file name or compiled-in name, that starts on a host only after the first
            `learning` part of the evidence, from a folder in which at most `few` hosts have it.
    Misses: tools the house lives with (`few` exceeded, or in use from the start of the evidence); tools under
            another name; evidence shorter than `settled` days, where everything is new: it is all said then.
    Next:   who asked for it, does the help desk know, and what did the session do?
    """
    started = process.filter(_.image.notnull(), _.host.notnull())
    uses = started.group_by("host", "image", original=_.original_file_name.lower()).aggregate(
        account=_.account.max(), count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max()
    )
    uses = uses.mutate(name=file_name(_.image))
    uses = uses.mutate(name=ibis.ifelse(_.name.isin(_NAMES), _.name, _.original)).filter(_.name.isin(_NAMES))
    uses = uses.mutate(tool=ibis.cases(*((_.name.isin(names), tool) for tool, names in TOOLS.items())))
    span = process.aggregate(begin=_.clock.min(), end=_.clock.max(), fleet=_.host.nunique())
    uses = uses.mutate(home=shape(folder(_.image))).cross_join(span)
    homes = uses.group_by("tool", "home").aggregate(hosts=_.host.nunique())
    uses = uses.join(homes, ["tool", "home"])
    arrived = (_.first_seen - _.begin) >= learning * (_.end - _.begin)
    short = (_.end - _.begin) < settled * _DAY
    return uses.filter(_.hosts <= few, arrived | short).select(
        "host", "tool", "image", "account", "hosts", "fleet", "count", "first_seen", "last_seen"
    )
