"""One way to write each value: refanged, lower case where case says nothing, without ornament."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

_LONGEST = 2048
_REFANG = (
    (re.compile(r"\bh(?:xx|tt|\*\*|XX)p(s?)(?=\[?:)", re.IGNORECASE), r"http\1"),
    (re.compile(r"\bfxp(s?)(?=\[?:)", re.IGNORECASE), r"ftp\1"),
    (re.compile(r"\bwxs(s?)(?=\[?:)", re.IGNORECASE), r"ws\1"),
    (re.compile(r"\[(://|:|\.|@|/)\]|\((://|\.|@)\)|\{(\.|@)\}"), r"\1\2\3"),
    (re.compile(r"\s?[\[({]\s?(?:dot|punkt|ドット)\s?[\])}]\s?", re.IGNORECASE), "."),
    (re.compile(r"\s?[\[({]\s?at\s?[\])}]\s?", re.IGNORECASE), "@"),
    (re.compile(r"(?<=[\w-])\[\.(?=\w)|(?<=[\w-])\.\](?=\w)|(?<=\w)\\\.(?=\w)"), "."),
)
_PERHAPS = re.compile(r"[\[\](){}\\*]|xxp|fxp|wxs", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")
_PORT = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]]+)):(\d{1,5})", re.IGNORECASE)
_ROOTS = (
    (re.compile(r"^\\?registry\\machine\\|^hkey_local_machine\\|^hklm:\\"), r"hklm\\"),
    (
        re.compile(r"^hkey_current_user\\|^hkcu:\\|^hku\\s-1-5-21[\d-]*\\|^hkey_users\\s-1-5-21[\d-]*\\"),
        r"hkcu\\",
    ),
    (re.compile(r"^\\?registry\\user\\s-1-5-21[\d-]*\\"), r"hkcu\\"),
    (re.compile(r"^hkey_users\\|^\\?registry\\user\\"), r"hku\\"),
    (re.compile(r"^hkey_classes_root\\"), r"hkcr\\"),
)


def refang(text: str) -> str:
    """The text with `hxxp`, `[.]`, `(dot)`, `[at]` and their like written as a program reads them."""
    if not _PERHAPS.search(text):  # most values of most lists are written plainly
        return text
    for pattern, plain in _REFANG:
        text = pattern.sub(plain, text)
    return text


def value_of(type_: str, text: str) -> str:
    """The value as every list would be compared. Raises ValueError with the reason where it is none."""
    cleaned = text.strip()
    if not cleaned or len(cleaned) > _LONGEST or "\0" in cleaned:
        raise ValueError(
            "it is empty" if not cleaned else f"it is longer than {_LONGEST} characters or binary"
        )
    cleaned.encode("utf-8")  # half a character is a ValueError too
    return _WRITERS[type_](cleaned)


def _hash(text: str) -> str:
    lower = text.lower()
    if not _HASH.fullmatch(lower):
        raise ValueError("it is no MD5, SHA-1 or SHA-256")
    return lower


def _domain(text: str) -> str:
    lower = refang(text).lower().rstrip(".").removeprefix("*.").removeprefix(".")
    if not lower.isascii():
        try:
            lower = lower.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ValueError("it is no domain name") from error
    labels = lower.split(".")
    if len(labels) < 2 or len(lower) > 253 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise ValueError("it is no domain name")
    return lower


def _address(text: str) -> str:
    plain = refang(text)
    if "/" not in plain:
        address = ipaddress.ip_address(plain)
        return str(getattr(address, "ipv4_mapped", None) or address)
    network = ipaddress.ip_network(plain, strict=False)
    if network.version == 6 and network.prefixlen < 128:
        raise ValueError("ranges of IPv6 are not looked for")
    if network.version == 4 and network.prefixlen < 16:
        raise ValueError("a range this wide says nothing")
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _address_port(text: str) -> str:
    found = _PORT.fullmatch(refang(text).replace("|", ":") if text.count("|") == 1 else refang(text))
    if not found or not 0 < int(found[3]) < 65536:
        raise ValueError("it is no address with a port")
    address = _address(found[1] or found[2])
    return f"[{address}]:{int(found[3])}" if ":" in address else f"{address}:{int(found[3])}"


def _url(text: str) -> str:
    plain = refang(text)
    parts = urlsplit(plain if "://" in plain else f"//{plain}")
    host, port = parts.hostname or "", parts.port
    shown = f"[{_address(host)}]" if ":" in host else _address(host) if _is_address(host) else _domain(host)
    if port and (parts.scheme, port) not in (("http", 80), ("https", 443), ("", 80), ("", 443)):
        shown = f"{shown}:{port}"
    if not parts.path.strip("/") and not parts.query:
        raise ValueError("it names no path: give its domain or address")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme + '://' if parts.scheme else ''}{shown}{parts.path or '/'}{query}"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _url_path(text: str) -> str:
    path = text.partition("#")[0]
    if not path.startswith("/") or len(path) < 6 or " " in path:
        raise ValueError("it is no path of at least six characters that begins with a slash")
    return path


def _file_name(text: str) -> str:
    if "\\" in text or "/" in text:
        raise ValueError("it holds a folder: give it as a path")
    if len(text.replace("*", "").replace("?", "").strip(".")) < 4:
        raise ValueError("a name this short is everybody's")
    return text.lower()


def _path(text: str) -> str:
    lower = re.sub(r"^\\\\[?.]\\", "", text.strip("\"'").lower())
    lower = re.sub(r"^(%[a-z0-9_()]+%|\$env:\w+|~)(?=[\\/])", "*", lower)
    if not re.search(r"[\\/]", lower) or len(lower.strip("*?\\/")) < 4:
        raise ValueError("it is no path")
    return re.sub(r"<[a-z0-9_ .-]+>", "*", lower)


def _registry_key(text: str) -> str:
    lower = text.strip("\"'").rstrip("\\").lower().replace("\\\\", "\\")
    for pattern, root in _ROOTS:
        lower = pattern.sub(root, lower)
    if lower.count("\\") < 3:
        raise ValueError("a key this near the root is everybody's")
    return lower


def _name(text: str) -> str:
    if len(text) < 3:
        raise ValueError("a name this short is everybody's")
    return text.lower().removeprefix("\\") if not text.startswith("\\\\") else text.lower()


def _command_line(text: str) -> str:
    plain = re.sub(r"<[a-z0-9_ .-]+>", "*", " ".join(text.lower().split()))
    if max(map(len, plain.split("*"))) < 8:
        raise ValueError("fewer than eight characters of a command line are everybody's")
    return plain


def _serial(text: str) -> str:
    plain = re.sub(r"[\s:-]", "", text.lower()).removeprefix("0x").lstrip("0")
    if not re.fullmatch(r"[0-9a-f]{6,64}", plain):
        raise ValueError("it is no serial number of a certificate")
    return plain


def _user_agent(text: str) -> str:
    if len(text) < 6:
        raise ValueError("a name this short is everybody's")
    return text


_WRITERS: Mapping[str, Callable[[str], str]] = {
    "hash": _hash, "domain": _domain, "url": _url, "url_path": _url_path, "address": _address,
    "address_port": _address_port, "file_name": _file_name, "path": _path, "registry_key": _registry_key,
    "mutex": _name, "service": _name, "task": _name, "command_line": _command_line,
    "certificate_serial": _serial, "user_agent": _user_agent,
}  # fmt: skip


def guess(text: str) -> tuple[str, str]:
    """Type and value of a text whose type nobody names: hash, address, URL, registry key, path or domain.

    Raises ValueError where it is none of these.
    """
    plain = refang(text.strip())
    for type_ in _likely(plain):
        try:
            return type_, value_of(type_, plain)
        except ValueError:
            continue
    bare = re.fullmatch(r"(?:\w+://)?([^/?#]+?)/?", plain)
    if bare and "://" in plain:
        return guess(bare[1])
    name, colon, port = plain.rpartition(":")
    if colon and port.isdigit():
        return "domain", value_of("domain", name)
    raise ValueError("nobody says what it is, and it looks like nothing known")


def _likely(text: str) -> tuple[str, ...]:
    if re.match(r"(hk(lm|cu|u|cr)|hkey_\w+|\\registry)\b", text, re.IGNORECASE):
        return ("registry_key",)
    if re.match(r"[a-z]:\\|%\w+%\\|\\\\", text, re.IGNORECASE):
        return ("path",)
    if text.startswith("/"):
        return ("url_path",)
    return ("hash", "address", "address_port", "domain", "url")
