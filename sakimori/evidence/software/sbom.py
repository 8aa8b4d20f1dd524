"""Bills of materials: CycloneDX 1.4 to 1.6, SPDX 2.3, Syft, Trivy.

https://cyclonedx.org/docs/1.6/json/ https://spdx.github.io/spdx-spec/v2.3/package-information/
https://github.com/anchore/syft/tree/main/schema/json https://trivy.dev/docs/latest/configuration/reporting/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sakimori.evidence.software.json_forms import Entry, Form, has
from sakimori.evidence.software.package import Package, objects, of_purl, text

# What Syft and Trivy call the kinds of packages; the package URL comes first where there is one.
_KINDS = {
    "npm": "npm", "node-pkg": "npm", "yarn": "npm", "pnpm": "npm", "python": "pypi", "python-pkg": "pypi",
    "pip": "pypi", "poetry": "pypi", "pipenv": "pypi", "uv": "pypi", "deb": "deb", "debian": "deb",
    "ubuntu": "deb", "rpm": "rpm", "alpine": "apk", "apk": "apk", "gem": "gem", "gemspec": "gem",
    "bundler": "gem",
    "go-module": "go", "gomod": "go", "gobinary": "go", "rust-crate": "cargo", "cargo": "cargo",
    "php-composer": "composer", "composer": "composer", "nuget": "nuget", "dotnet": "nuget",
    "dotnet-core": "nuget", "redhat": "rpm", "rocky": "rpm", "alma": "rpm", "amazon": "rpm", "centos": "rpm",
}  # fmt: skip


def component(entry: dict[str, Any], container: str | None, state: str = "listed") -> Package | None:
    """A component of CycloneDX."""
    named = of_purl(text(entry.get("purl")) or "")
    group, name = text(entry.get("group")), text(entry.get("name"))
    if not name:
        return None
    supplier = entry.get("supplier")
    hashes = [f"{one.get('alg')}:{one.get('content')}" for one in objects(entry.get("hashes"))]
    return Package(
        ecosystem=named[0] if named else None,
        name=named[1] if named else (f"{group}/{name}" if group else name),
        version=text(entry.get("version")),
        state=state,
        publisher=text(entry.get("publisher")) or (_name(supplier) if supplier else None),
        purl=text(entry.get("purl")),
        hashes=" ".join(hashes) or None,
        container=container,
    )


def _name(value: Any) -> str | None:
    return text(value.get("name")) if isinstance(value, dict) else None


def _cyclonedx(document: Any, path: str) -> Iterator[Entry]:
    waiting = objects(document.get("components"))[::-1]
    while waiting:
        entry = waiting.pop()
        waiting += objects(entry.get("components"))[::-1]
        package = component(entry, None)
        if package is not None:
            alone = {key: value for key, value in entry.items() if key != "components"}
            yield text(entry.get("name")) or "", alone, package


def _spdx(document: Any, path: str) -> Iterator[Entry]:
    for entry in objects(document.get("packages")):
        name = text(entry.get("name"))
        refs = objects(entry.get("externalRefs"))
        address = next(
            (text(r.get("referenceLocator")) for r in refs if r.get("referenceType") == "purl"), None
        )
        named = of_purl(address or "")
        sums = objects(entry.get("checksums"))
        if name:
            yield (
                name,
                entry,
                Package(
                    ecosystem=named[0] if named else None,
                    name=named[1] if named else name,
                    version=text(entry.get("versionInfo")),
                    state="listed",
                    publisher=text(entry.get("supplier")),
                    purl=address,
                    hashes=" ".join(f"{s.get('algorithm')}:{s.get('checksumValue')}" for s in sums) or None,
                ),
            )


def _syft(document: Any, path: str) -> Iterator[Entry]:
    source = document.get("source")
    kind = source.get("type") if isinstance(source, dict) else None
    image = _image(source) if kind == "image" else None
    for entry in objects(document.get("artifacts")):
        name = text(entry.get("name"))
        places = objects(entry.get("locations"))
        if name:
            yield (
                name,
                entry,
                Package(
                    ecosystem=_KINDS.get(text(entry.get("type")) or "", text(entry.get("type"))),
                    name=name,
                    version=text(entry.get("version")),
                    state="installed" if image else "listed",
                    purl=text(entry.get("purl")),
                    path=text(places[0].get("path")) if places else None,
                    container=image,
                ),
            )


def _image(source: dict[str, Any]) -> str | None:
    target = source.get("target") or source.get("metadata")
    return (text(target.get("userInput")) if isinstance(target, dict) else None) or text(source.get("name"))


def _trivy(document: Any, path: str) -> Iterator[Entry]:
    image = text(document.get("ArtifactName"))
    installed = document.get("ArtifactType") == "container_image"
    for result in objects(document.get("Results")):
        kind = text(result.get("Type")) or ""
        for entry in objects(result.get("Packages")):
            if name := text(entry.get("Name")):
                yield name, entry, _of_trivy(name, entry, kind, image if installed else None)


def _of_trivy(name: str, entry: dict[str, Any], kind: str, image: str | None) -> Package:
    identifier = entry.get("Identifier")
    version, release = text(entry.get("Version")), text(entry.get("Release"))
    return Package(
        ecosystem=_KINDS.get(kind, kind or None),
        name=name,
        version=f"{version}-{release}" if version and release else version,
        state="installed" if image else "locked",
        purl=text(identifier.get("PURL")) if isinstance(identifier, dict) else None,
        publisher=text(entry.get("Maintainer")),
        path=text(entry.get("FilePath")),
        container=image,
    )


FORMS = (
    Form(claims=has(r'"bomFormat":\s*"CycloneDX"'), log=lambda _: "software_cyclonedx", entries=_cyclonedx),
    Form(claims=has(r'"spdxVersion":\s*"SPDX-2'), log=lambda _: "software_spdx", entries=_spdx),
    Form(claims=has(r'^\{\s*"artifacts":\s*\[', r'"foundBy":'), log=lambda _: "software_syft", entries=_syft),
    Form(
        claims=has(r'^\{\s*"SchemaVersion":', r'"ArtifactName":'),
        log=lambda _: "software_trivy",
        entries=_trivy,
    ),
)
