"""What the SYSTEM hive says: services, drivers, libraries, programs that ran, devices, addresses."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sakimori.evidence.registry.regf import Hive, Key, filetime
from sakimori.evidence.registry.said import Said, autostarts, of_key, of_value, program
from sakimori.evidence.registry.shimcache import shimcache

_STARTS = ("boot", "system", "auto", "demand", "disabled")
_ARRIVED = r"Properties\{83da6326-97a6-4088-9453-a1923f573b29}"
# Value, and the key under the control set; all start or load something.
_VALUES = (
    (
        r"Control\Lsa",
        "lsa package",
        ("authentication packages", "notification packages", "security packages"),
    ),
    (r"Control\Lsa\OSConfig", "lsa package", ("security packages",)),
    (r"Control\SecurityProviders", "security provider", ("securityproviders",)),
    (r"Control\Session Manager", "boot execute", ("bootexecute", "setupexecute", "s0initialcommand")),
    (r"Control\Session Manager\AppCertDlls", "appcert dll", ()),
    (r"Control\Terminal Server\WinStations\RDP-Tcp", "rdp initial program", ("initialprogram",)),
    (r"Control\Terminal Server\Wds\rdpwd", "rdp startup program", ("startupprograms",)),
)
# Keys with one key for each library, which stands in the value named.
_UNDER = (
    (r"Control\Print\Monitors", "print monitor", "driver"),
    (r"Control\Print\Providers", "print provider", "name"),
    (r"Control\Print\Environments\Windows x64\Print Processors", "print processor", "driver"),
    (r"Services\W32Time\TimeProviders", "time provider", "dllname"),
)


def control_set(hive: Hive) -> str:
    """The control set in use."""
    select = hive.find("Select")
    current = select.value("Current") if select else None
    return f"ControlSet{(current.number if current else None) or 1:03d}"


def computer_name(hive: Hive) -> str | None:
    """What the machine calls itself."""
    key = hive.find(rf"{control_set(hive)}\Control\ComputerName\ComputerName")
    return key.text("ComputerName") if key else None


def said(hive: Hive) -> Iterator[Said]:
    """All rows of the hive."""
    root = control_set(hive)
    for path, kind, names in _VALUES:
        yield from autostarts(hive.find(rf"{root}\{path}"), kind, *names)
    for path, kind, name in _UNDER:
        key = hive.find(rf"{root}\{path}")
        for child in key.children() if key else ():
            yield from autostarts(child, kind, name)
    services = hive.find(rf"{root}\Services")
    for service in services.children() if services else ():
        yield from _service(service)
        if service.name.lower() in {"bam", "dam"}:
            yield from _moderated(service)
    yield from shimcache(hive.find(rf"{root}\Control\Session Manager\AppCompatCache"))
    yield from _device(hive, root)
    yield from _addresses(hive.find(rf"{root}\Services\Tcpip\Parameters\Interfaces"))
    yield from _usb(hive.find(rf"{root}\Enum\USBSTOR"), "storage")
    yield from _usb(hive.find(rf"{root}\Enum\USB"), "usb")


def _service(key: Key) -> Iterator[Said]:
    image, start = key.value("ImagePath"), key.value("Start")
    parameters = key.child("Parameters")
    library = (parameters.text("ServiceDll") if parameters else None) or key.text("ServiceDll")
    if image is None and library is None:
        return
    began = start.number if start else None
    kind = key.value("Type")
    yield of_key(
        "hive_service",
        key,
        Name=key.name,
        DisplayName=key.text("DisplayName"),
        ImagePath=image.text if image else None,
        ServiceDll=library,
        Path=program(library or (image.text if image else None)),
        Start=_STARTS[began] if began is not None and began < len(_STARTS) else None,
        Driver="true" if kind and (kind.number or 0) in {1, 2} else "false",
        ObjectName=key.text("ObjectName"),
        DataBytes=image.size if image else None,
    )


def _moderated(service: Key) -> Iterator[Said]:
    """Programs that the background or desktop activity moderator saw end, by user."""
    for key in _below(service, 3):
        if "\\UserSettings\\" not in key.path:
            continue
        for value in key.values():
            if "\\" in value.name and value.size >= 8:
                (last,) = struct.unpack("<Q", value.data[:8].ljust(8, b"\0"))
                yield of_value(
                    "hive_program",
                    key,
                    value,
                    Trace=service.name.lower(),
                    Path=value.name,
                    Ran="yes",
                    AccountSid=key.name,
                    LastRun=filetime(last),
                )


def _below(key: Key, levels: int) -> Iterator[Key]:
    for child in key.children():
        yield child
        if levels > 1:
            yield from _below(child, levels - 1)


def _device(hive: Hive, root: str) -> Iterator[Said]:
    key = hive.find(rf"{root}\Services\Tcpip\Parameters")
    name = computer_name(hive)
    if name and key:
        domain = key.text("Domain") or key.text("DhcpDomain")
        yield of_key("hive_device", key, Name=name, Domain=domain, HostName=key.text("Hostname"))


def _addresses(interfaces: Key | None) -> Iterator[Said]:
    for key in interfaces.children() if interfaces else ():
        address = key.text("DhcpIPAddress") or key.text("IPAddress")
        if address and address != "0.0.0.0":
            began, ends = key.value("LeaseObtainedTime"), key.value("LeaseTerminatesTime")
            yield of_key(
                "hive_address",
                key,
                Address=address.split("\n")[0],
                LeaseObtained=(began.number or None) if began else None,
                LeaseTerminates=(ends.number or None) if ends else None,
                Dhcp="true" if key.text("DhcpIPAddress") else "false",
            )


def _usb(devices: Key | None, kind: str) -> Iterator[Said]:
    for model in devices.children() if devices else ():
        words = dict(part.split("_", 1) for part in model.name.split("&") if "_" in part)
        for key in model.children():
            times = {name: _property(key, name) for name in ("0064", "0066", "0067")}
            yield of_key(
                "hive_usb",
                key,
                Class=kind,
                VendorId=words.get("VID"),
                ProductId=words.get("PID"),
                Vendor=words.get("Ven"),
                Product=key.text("FriendlyName") or words.get("Prod") or key.text("DeviceDesc"),
                Serial=key.name,
                FirstInstalled=times["0064"],
                LastArrived=times["0066"],
                LastRemoved=times["0067"],
            )


def _property(key: Key, name: str) -> str | None:
    """A device property that holds a time."""
    found: Key | None = key
    for part in (*_ARRIVED.lower().split("\\"), name):
        found = found.child(part) if found else None
    data = next((value.data for value in found.values()), b"") if found else b""
    return filetime(struct.unpack("<Q", data[:8])[0]) if len(data) >= 8 else None
