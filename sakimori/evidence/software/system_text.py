"""Programs of a system: dpkg status, `dpkg -l`, dpkg.log, apt history.log, `rpm -qa`, brew; SPDX tag-value.

https://manpages.debian.org/dpkg-query https://manpages.debian.org/apt (history.log)
https://rpm.org/docs/latest/manual/queryformat.html https://docs.brew.sh/Manpage
https://spdx.github.io/spdx-spec/v2.3/package-information/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sakimori.evidence.software.package import Package, of_purl
from sakimori.evidence.software.text_forms import Form, every_line, of_lines

_DPKG_ROW = re.compile(r"^([uihrp][ncHUFWti])R? +(\S+?)(?::\S+)? +(\S+) ")
_DPKG_LOG = re.compile(
    r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (install|upgrade|remove|purge) (\S+?)(?::(\S+))? (\S+) (\S+)$"
)
_DPKG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d "
    r"(?:startup|install|upgrade|remove|purge|status|configure|trigproc|conffile) "
)
_APT_ONE = re.compile(r"(\S+?)(?::[a-z0-9]+)? \(([^()]*)\)")
_RPM = re.compile(
    r"^([A-Za-z0-9][\w.+-]*)-([^-\s]+)-([^-\s]+)\.(x86_64|noarch|i[3-6]86|aarch64|armv7hl|ppc64le|s390x|\(none\))$"
)
_BREW = re.compile(r"^([a-z0-9][a-z0-9@+._-]*)((?: \d[\w.,:+-]*)+)$")
_SPDX_HASH = re.compile(r"^PackageChecksum: (\S+): (\S+)")
_APT_STATES = {
    **dict.fromkeys(("Install", "Upgrade", "Reinstall", "Downgrade"), "installed"),
    **dict.fromkeys(("Remove", "Purge"), "removed"),
}


def _fields(lines: Sequence[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if colon and not line[:1].isspace():
            told.setdefault(key.strip(), value.strip())
    return told


def _status(lines: Sequence[str]) -> Iterator[Package]:
    told = _fields(lines)
    if told.get("Package") and told.get("Status"):
        yield Package(
            ecosystem="deb",
            name=told["Package"],
            version=told.get("Version"),
            state="installed" if told["Status"].endswith(" installed") else "removed",
            publisher=told.get("Maintainer"),
        )


def _listed(line: str) -> Package | None:
    found = _DPKG_ROW.match(line)
    return found and Package(
        ecosystem="deb",
        name=found[2],
        version=found[3],
        state="installed" if found[1][1] == "i" else "removed",
    )


def _dpkg_log(line: str) -> Package | None:
    found = _DPKG_LOG.match(line)
    if found is None:
        return None
    gone = found[2] in ("remove", "purge")
    version = found[5] if gone else found[6]
    return Package(
        ecosystem="deb",
        name=found[3],
        version=None if version == "<none>" else version,
        state="removed" if gone else "installed",
        time=found[1],
    )


def _apt(lines: Sequence[str]) -> Iterator[Package]:
    told = _fields(lines)
    who = re.match(r"(\S+) \(\d+\)", told.get("Requested-By", ""))
    start = re.sub(r"\s+", " ", told.get("Start-Date", ""))
    for action, state in _APT_STATES.items():
        for name, versions in _APT_ONE.findall(told.get(action, "")):
            named = [v.strip() for v in versions.split(",") if v.strip() not in ("", "automatic")]
            yield Package(
                ecosystem="deb",
                name=name,
                version=named[-1] if named else None,
                state=state,
                account=who[1] if who else None,
                time=start or None,
            )


def _rpm(line: str) -> Package | None:
    found = _RPM.match(line.strip())
    return found and Package(
        ecosystem="rpm", name=found[1], version=f"{found[2]}-{found[3]}", state="installed"
    )


def _brew(lines: Sequence[str]) -> Iterator[Package]:
    found = _BREW.match(lines[0].strip())
    for version in found[2].split() if found else ():
        yield Package(ecosystem="brew", name=found[1] if found else "", version=version, state="installed")


def _spdx(lines: Sequence[str]) -> Iterator[Package]:
    if not lines[0].startswith("PackageName:"):
        return
    told = _fields(lines)
    address = next((at for line in lines if (at := line.partition(" purl ")[2].strip())), None)
    named = of_purl(address or "")
    hashes = [f"{found[1]}:{found[2]}" for line in lines if (found := _SPDX_HASH.match(line))]
    yield Package(
        ecosystem=named[0] if named else None,
        name=named[1] if named else told["PackageName"],
        version=told.get("PackageVersion") or (named[2] if named else None),
        state="listed",
        publisher=told.get("PackageSupplier"),
        purl=address,
        hashes=" ".join(hashes) or None,
    )


def _all(pattern: re.Pattern[str], head: str, least: int) -> bool:
    lines = [line.strip() for line in head.splitlines() if line.strip()][:200]
    return len(lines) >= least and all(map(pattern.match, lines))


FORMS = (
    Form(
        log="software_dpkg_status",
        claims=lambda head: re.match(r"Package: \S+\n(?:.*\n)?Status: ", head) is not None,
        starts=lambda line: line.startswith("Package: "),
        packages=_status,
    ),
    Form(
        log="software_dpkg_list",
        claims=lambda head: head.startswith("Desired=Unknown/Install/Remove/Purge/Hold"),
        starts=every_line,
        packages=of_lines(_listed),
    ),
    Form(
        log="software_dpkg_log",
        claims=lambda head: _all(_DPKG_LINE, head, 1),
        starts=every_line,
        packages=of_lines(_dpkg_log),
    ),
    Form(
        log="software_apt_history",
        claims=lambda head: re.match(r"\s*Start-Date: \d{4}-\d\d-\d\d ", head) is not None,
        starts=lambda line: line.startswith("Start-Date: "),
        packages=_apt,
    ),
    Form(
        log="software_rpm_list",
        claims=lambda head: _all(_RPM, head, 3),
        starts=every_line,
        packages=of_lines(_rpm),
    ),
    Form(
        log="software_brew_list", claims=lambda head: _all(_BREW, head, 3), starts=every_line, packages=_brew
    ),
    Form(
        log="software_spdx",
        claims=lambda head: re.match(r"(?:#.*\n)*SPDXVersion: SPDX-2", head) is not None,
        starts=lambda line: line.startswith("PackageName:"),
        packages=_spdx,
    ),
)
