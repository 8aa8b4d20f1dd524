"""One thing a person may decide: what, why, what it breaks, how to undo it, whose it is, how long."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sakimori.findings import Finding
from sakimori.incidents.observation import points
from sakimori.response.localised import finding_title
from sakimori.response.sentences import Sentence, Term, sentence

PRESERVE, FREEZE, REVOKE, BLOCK, WATCH, SPARED = "preserve", "freeze", "revoke", "block", "watch", "spared"
# The order in which they are done: what is lost first comes first.
KINDS = (PRESERVE, FREEZE, REVOKE, BLOCK, WATCH, SPARED)
KIND_WORDS = {
    PRESERVE: sentence("keep the evidence"),
    FREEZE: sentence("freeze the funds"),
    REVOKE: sentence("revoke and renew"),
    BLOCK: sentence("block"),
    WATCH: sentence("watch"),
    SPARED: sentence("not proposed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`type` and `value` name what it is about, `platform` where; `days` is how long it holds if nobody says.

    `because` says why it is only watched or not proposed; `incidents` are ids, the first-ranked first.
    """

    kind: str
    type: str
    value: str
    platform: str = ""
    what: Sentence
    breaks: Sentence
    undo: Sentence
    owner: Sentence
    days: int
    incidents: tuple[str, ...]
    findings: tuple[Finding, ...]
    because: Sentence | None = None

    @property
    def id(self) -> str:
        """The same for the same thing, whatever later evidence says of it."""
        return proposal_id(self.platform, self.type, self.value)

    def why(self, lang: str) -> Sentence:
        """What speaks for it."""
        if not self.findings:
            return sentence("It holds for every incident.")
        title = Term(finding_title(gravest(self.findings), lang))
        if len(self.findings) == 1:
            return sentence("One finding names it: {title}.", title=title)
        return sentence(
            "{n} findings name it, the gravest of them: {title}.", n=len(self.findings), title=title
        )


def proposal_id(platform: str, type_: str, value: str) -> str:
    """`p-` and ten hex digits."""
    text = "\x1f".join(("respond", platform, type_, value))
    return f"p-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}"


def gravest(findings: tuple[Finding, ...]) -> Finding:
    """The finding that weighs most; of equals the first."""
    return max(findings, key=lambda f: (points(f), -(f.first_seen or 0), f.id))
