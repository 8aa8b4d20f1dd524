"""Addresses in prose made unclickable: `hxxp://files.example[.]com`, `192.0.2[.]7`, `a[@]example[.]org`."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address

# The firm's own side: nobody is led astray by a link to it, and analysts copy these all day.
_INSIDE = tuple(
    IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
)
# Programs turn bare names into links where the last label is a top-level domain: those of countries, and of
# the long ones the usual ones (https://www.iana.org/domains/root/db). After a scheme or an @ any name counts.
_LONG_TOP_LEVEL = (
    "com|net|org|info|biz|name|pro|mobi|edu|gov|mil|int|arpa|aero|asia|xyz|top|online|site|website|space|store|shop|"
    "club|live|life|world|today|news|blog|app|dev|page|cloud|tech|digital|network|systems|software|solutions|"
    "services|support|email|host|hosting|press|fun|icu|vip|work|works|link|click|download|zip|mov|finance|capital|"
    "exchange|trade|trading|market|bank|global|group|team|agency|center|company|careers|jobs|foundation|ventures|"
    "onion|example|test|invalid"
)
_COUNTRIES = (
    "a[cdefgilmoqrstuwxz]|b[abdefghijmnorstvwyz]|c[acdfghiklmnoruvwxyz]|d[ejkmoz]|e[cegrstu]|f[ijkmor]|"
    "g[abdefghilmnpqrstuwy]|h[kmnrtu]|i[delmnoqrst]|j[emop]|k[eghimnprwyz]|l[abcikrstuvy]|"
    "m[acdeghklmnopqrstuvwxyz]|n[acefgilopruz]|om|p[aefghklmnrstwy]|qa|r[eosuw]|s[abcdeghijklmnorstuvxyz]|"
    "t[cdfghjklmnortvwz]|u[agksyz]|v[aceginu]|w[fs]|y[et]|z[amw]"
)
_SCHEME = re.compile(r"\b(h)tt(ps?)(?=:/{0,2})|\b(f)t(ps?)(?=:/)|\b(ws)(s?)(?=://)", re.IGNORECASE)
_RUNNING_SCHEME = re.compile(
    r"\b(javascript|vbscript|data|file|blob|about|mailto|tel|smb|ldaps?|ms-[a-z-]+|search-ms|view-source|shell|s?ftp|"
    r"ssh|magnet|ipfs|tg|slack|zoommtg|vscode):",
    re.IGNORECASE,
)
_WITH_SCHEME = re.compile(r"(?<=://)[^\s/\\?#'\"<>]+")
_MAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63})+)")
_NAME = re.compile(
    rf"(?<![\w.\[\]\\/-])(?:[\w-]{{1,63}}\.)+(?:{_COUNTRIES}|xn--[\w-]+|{_LONG_TOP_LEVEL})(?![\w\[]|\.\w|-\w)",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\w)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:.])", re.IGNORECASE)


def defang(text: str) -> str:
    """The text with addresses, host names and mail addresses nobody can click or paste by mistake.

    Inside addresses (10.0.0.0/8 and the like) stay readable. Defanging twice changes nothing more.
    """
    text = _IPV4.sub(_ipv4, text)
    text = _SCHEME.sub(_scheme, text)
    text = _RUNNING_SCHEME.sub(r"\1[:]", text)
    text = _WITH_SCHEME.sub(lambda found: _dots(found.group()), text)
    text = _MAIL.sub(lambda found: f"{_dots(found[1])}[@]{_dots(found[2])}", text)
    text = _NAME.sub(lambda found: _dots(found.group()), text)
    return _IPV6.sub(_ipv6, text)


def defang_links(text: str) -> str:
    """A name or path as it is, unless it holds a link: then defanged."""
    return defang(text) if _SCHEME.search(text) or _RUNNING_SCHEME.search(text) else text


def _scheme(found: re.Match[str]) -> str:
    if found[1]:
        return f"{found[1]}xx{found[2]}"
    return f"{found[3]}x{found[4]}" if found[3] else f"{found[5]}x{found[6]}"


def _dots(name: str) -> str:
    # The last dot is enough to break a link, but every one leaves nothing to guess for tools that mend one.
    return re.sub(r"(?<!\[)\.(?!\])", "[.]", name).replace("@", "[@]").replace("[[@]]", "[@]")


def _ipv4(found: re.Match[str]) -> str:
    try:
        address = IPv4Address(found.group())
    except AddressValueError:
        return found.group()
    return found.group() if any(address in net for net in _INSIDE) else found.group().replace(".", "[.]")


def _ipv6(found: re.Match[str]) -> str:
    try:
        address = IPv6Address(found.group())
    except AddressValueError:
        return found.group()
    inside = address.is_loopback or address.is_link_local or address.is_unspecified
    return found.group() if inside else found.group().replace(":", "[:]")
