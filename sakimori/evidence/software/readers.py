"""The readers of software lists, each with its formats: the telling ones are asked first."""

from __future__ import annotations

from sakimori.evidence.software import lock_json, lock_text, npm_text, sbom, system_text
from sakimori.evidence.software.cyclonedx_xml import CycloneXml
from sakimori.evidence.software.json_forms import SoftwareJson
from sakimori.evidence.software.text_forms import SoftwareText

SOFTWARE = (
    CycloneXml(),
    SoftwareJson((*sbom.FORMS, *lock_json.FORMS)),
    SoftwareText((*npm_text.FORMS, *system_text.FORMS, *lock_text.FORMS)),
)
