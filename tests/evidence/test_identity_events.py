"""Every labelled event of identity and SaaS logs is read, told by its content, and lands in a table.

The labelled data is not part of the project; without it this is skipped.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sakimori.engine.local import Local
from sakimori.evidence.reader import HEAD_BYTES
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import reader_of
from sakimori.records.batch import Batch
from sakimori.records.catalogue import Catalogue, catalogue
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from sakimori.tables import TABLES
from tests.evidence.reading import source
from tests.rows import publish

# Events that no product writes: the rule they belong to, and why.
NO_EVENTS = {
    "AWS.CloudTrail.SES.SESEnumeration": "no event: the rule counts others",
    "Crowdstrike.NewAdminUserCreated": "no event: the rule joins others",
    "Okta.SkeletonKeyBypass.Behavioral": "figures computed from events, not an event",
}


# Rows of two fields at most, made to be near a rule and no record of the product: rule, name of the test.
FRAGMENTS = {
    ("GCP.Firewall.Rule.Deleted", "compute.non-delete.firewall.method-should-not-alert"),
    ("GCP.Firewall.Rule.Deleted", "appengine.non-delete.firewall.method-should-not-alert"),
    ("GCP.K8s.IOC.Activity", "triggers"),
    ("GCP.K8s.IOC.Activity", "ignore"),
    ("Github.Repo.VulnerabilityDismissed", "Not GitHub Dependabot Vulnerability Dismissed"),
}


@dataclass(frozen=True)
class Told:
    """What became of one event: its log, whether it has a time, the tables it is in."""

    kind: str
    log: str
    tables: tuple[str, ...]


def events(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Log types of the event's rule, joined, and the event."""
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        types = entry["log_types"]
        fragment = (entry["rule"], entry["test"]) in FRAGMENTS
        if not fragment and not (entry["rule"] in NO_EVENTS and not types):
            yield ", ".join(types or ["?"]), entry["event"]


@pytest.fixture(scope="module")
def told(shared: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """What became of every event: one file of JSON lines a log type."""
    kinds: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, event in events(shared("identity") / "panther_rule_tests.jsonl"):
        kinds[kind].append(event)
    folder = tmp_path_factory.mktemp("identity")
    with Store(folder / "store").open() as store:
        read = [(kind, list(batches(found))) for kind, found in kinds.items()]
        publish(store, "one", *read)
        store.compact()
    logs = {
        (index, record): batch.stream.log.name
        for index, (_, found) in enumerate(read)
        for batch in found
        for record in batch.data.column("record").to_pylist()
    }
    with Local(store, each_counts(), 200 << 20, folder / "temp") as local:
        tables = places(local)
    return [
        Told(kind, logs.get((index, record), "unread"), tuple(sorted(tables[index, record])))
        for index, (kind, found) in enumerate(kinds.items())
        for record in range(1, len(found) + 1)
    ]


def each_counts() -> Catalogue:
    """The catalogue with no identities: labelled events share ids, and none may hide another."""
    shipped = catalogue()
    logs = tuple(replace(log, identity=()) for log in shipped.logs.values())
    return Catalogue(logs, shipped.fingerprint, tuple(shipped.families.values()))


def batches(found: list[dict[str, Any]]) -> Iterator[Batch]:
    """What the reader that claims them makes of the events, as JSON lines."""
    data = b"".join(json.dumps(event).encode() + b"\n" for event in found)
    reader = reader_of(data[:HEAD_BYTES], READERS)
    assert reader is not None
    for one in reader.read(source(data), stored_only(catalogue())):
        if isinstance(one, Batch):
            yield one


def places(local: Local) -> defaultdict[tuple[int, int], set[str]]:
    """The tables in which a record has a row, by member and record."""
    found: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for name in TABLES:
        if name != "unread":
            for row in local.query(f'SELECT DISTINCT member, record FROM "{name}"').to_pylist():
                found[row["member"], row["record"]].add(name)
    return found


def counted(wrong: list[Told]) -> list[str]:
    """Each kind of log that is meant, with its number of events, the most first."""
    return [f"{kind}: {n}" for kind, n in Counter(one.kind for one in wrong).most_common()]


def test_every_event_is_told_by_its_content(told: list[Told]) -> None:
    unknown = ("unread", "generic_json", "generic_csv")
    missing = counted([one for one in told if one.log in unknown])
    assert missing == [], "\n".join(missing)


def test_every_event_lands_in_a_table(told: list[Told]) -> None:
    missing = counted([one for one in told if not one.tables])
    assert missing == [], "\n".join(missing)


def test_all_of_them_were_looked_at(told: list[Told]) -> None:
    assert len(told) == 1519 - 12 - len(FRAGMENTS)
