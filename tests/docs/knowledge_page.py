"""`docs/knowledge.md`, made from `sakimori/knowledge/known/`: `python -m tests.docs.knowledge_page`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from sakimori.knowledge.entries import Cluster, Entry, Loss, Measure, Operation, Shape
from sakimori.knowledge.known import known

PAGE = Path(__file__).resolve().parents[2] / "docs" / "knowledge.md"
_START = """\
# What is publicly known

Made from `sakimori/knowledge/known/` by `python -m tests.docs.knowledge_page`; a test holds it current.

    sakimori intel show ラザロ                       a card: what it is, who says so, what conflicts
    sakimori intel show Diamond Sleet --format json  the same as data
    sakimori intel show T1574.002                    an old ATT&CK id, and the one it is today
    sakimori intel list operations                   a line a record: clusters, names, families, shapes, ...
    sakimori intel export --stix base.json           the whole base as one STIX 2.1 bundle

Case, spaces, hyphens, width and script of a spelling do not matter. What is merely near is suggested, never
taken. Exit code 1 says that nothing is recorded. A hash is looked up among the files of releases known to
be compromised; of other hashes, addresses and domains this base holds nothing and says so, which does not
mean that they are harmless.

**A card says what others have published about their cases. It never says who is behind yours.**

## What a record is

A record has an id, a title and a text in English and Japanese, the publications that say so, a standing,
and, where it holds a claim of the article that Sakimori answers, that claim's number. A publication has an
address, a date, and whether it was read.

- **seen**: read in the source, or in a faithful copy of it.
- **recalled**: from memory of a public report. Check it before you rely on it; the address says where.
- **disputed**: sources contradict each other; the card says how.

**Names are statements**, not synonyms: who calls what by which name, how far that is the cluster, since
when, and who says so. *same*, *former* and *renamed* mean the same activity. *overlaps*, *subset*,
*umbrella* and *disputed* do not, and are never followed further: chained from name to name, four public
lists made 96 names of six clusters one actor. A name of several clusters gets no card of its own; its
statements are shown side by side.

**An office is dated.** The bureaus of the chart of 2020 are records that end; the view of 2024, with
clusters directly under the Reconnaissance General Bureau, is one that begins. No cluster has a bureau as a
property.

**Amounts keep their sources.** Where sources differ there are several amounts, from low to high, and none
is the right one.

**ATT&CK ids keep their version** (`T1656@18.1`). `sakimori/knowledge/techniques.py` translates between 18.1
and 19; ids that are older still lead to today's.

**Corrections** stand beside the claim they answer, with the source that answers it. A test walks all 78
claims of the article; it skips where their list is not beside the checkout.

To write one: [adding a knowledge record](adding-a-knowledge-record.md).

## The STIX export

Ids are made from ours (UUID version 5), times are those of the base, so two exports of one base are the
same bytes.

| record | STIX 2.1 |
|---|---|
| cluster | `intrusion-set`; only same, former and renamed names are `aliases` |
| operation | `campaign`; `attributed-to` only where seen and reported of one cluster, else `related-to` |
| software | `malware`, or `tool` where anybody can get it |
| organisation, person | `identity` |
| way in, step of the chain, shape, technique | `attack-pattern` |
| measure | `course-of-action` |
| sign, account, context | `note` about the clusters it names |

What STIX has no property for stands in the extension `sakimori record`, an `extension-definition` of the
bundle, under `extensions` of each object: `title_ja`, `text_ja`, `standing`, `names` (typed and dated),
`claims`, `corrections`, `conflicts`, `losses`, `under`, `served`, `began` and `ended` as exact as the
source, `attack_version` and `current` for techniques. `first_seen` and `last_seen` fill what a source
leaves open with the first and the last day it can mean.
"""


def page() -> str:
    """The whole page."""
    return "\n".join((_START, _counted(), _clusters(), _operations(), _shapes(), _measures(), _corrections()))


def _counted() -> str:
    base = known()
    kinds = dict.fromkeys(kind for kind, _ in base.entries)
    counts = [f"{sum(kind == one for one, _ in base.entries)} {kind} records" for kind in kinds]
    recalled = sum(entry.standing == "recalled" for _, entry in base.entries)
    told = f"{len(base.names)} names, {len(base.publications)} publications"
    return f"## What it holds\n\n{', '.join(counts)}, {told}. {recalled} records are recalled, not read.\n"


def _table(heading: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = list(head)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(
        [f"## {heading}\n", "| " + " | ".join(cells) + " |", "|---" * len(cells) + "|", *lines, ""]
    )


def _clusters() -> str:
    base = known()
    rows = (
        (
            one.title.en,
            base.word("insides", one.inside, "en"),
            ", ".join(base.word("missions", key, "en") for key in one.missions),
            str(sum(name.cluster == one.id for name in base.names)),
            one.standing,
        )
        for one in base.of(Cluster)
    )
    return _table("Clusters", ("cluster", "to Lazarus", "missions", "names", "standing"), rows)


def _operations() -> str:
    rows = (
        (
            f"{one.began} .. {one.ended}" if one.ended else one.began,
            one.title.en,
            ", ".join(known().entry(cluster).title.en for cluster in one.clusters),
            "; ".join(map(_amount, one.losses)),
            one.standing,
        )
        for one in known().of(Operation)
    )
    return _table("Operations", ("when", "what", "reported of", "amounts in USD", "standing"), rows)


def _amount(loss: Loss) -> str:
    amount = f"{loss.low:,}" if loss.low == loss.high else f"{loss.low:,} to {loss.high:,}"
    return f"{loss.what} {amount} ({known().publications[loss.source].by})"


def _shapes() -> str:
    rows = (
        (
            one.title.en,
            one.specificity,
            ", ".join(id_.partition("@")[0] for id_ in one.attack),
            ", ".join(f"`{s.name}`" for s in one.served if s.how != "not yet") or "not yet",
        )
        for one in known().of(Shape)
    )
    return _table("Shapes in records", ("shape", "specificity", "ATT&CK 18.1", "looked for by"), rows)


def _measures() -> str:
    rows = (
        (
            one.title.en,
            ", ".join(f"`{s.name}`" for s in one.served if s.how != "not yet") or "-",
            "; ".join(s.name for s in one.served if s.how == "not yet") or "-",
        )
        for one in known().of(Measure)
    )
    return _table("The article's measures", ("measure", "served by", "not yet"), rows)


def _corrections() -> str:
    rows = sorted(_corrected(entry) for _, entry in known().entries if entry.corrections)
    return _table(
        "The article, corrected",
        ("claim", "fault", "what the public record says", "source"),
        chain.from_iterable(rows),
    )


def _corrected(entry: Entry) -> list[tuple[str, str, str, str]]:
    cited = known().publications
    return [(one.claim, one.fault, one.text.en, f"[{cited[one.source].by}]({cited[one.source].url})")
            for one in entry.corrections]  # fmt: skip


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
