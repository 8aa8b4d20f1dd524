"""Rows of `software` against the table of known releases, in the portable subset of Ibis.

Names are compared as their ecosystem compares them, versions exactly or by bounds of up to four numbers. What
names a known package without a version cannot be judged; it is kept and marked `unclear`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from sakimori.knowledge.releases import Release, releases

if TYPE_CHECKING:
    from ibis import Table

HARMFUL = ("compromised", "malicious")
# Lists of programs, in which one name is spelled in many ways: "3CX Desktop App", "3cx_desktop_app".
_PROGRAMS = ("windows", "macos", "brew")
_STEP = 100_000  # more than any part of a version that is compared


def known(software: Table, kinds: Sequence[str], states: Sequence[str]) -> Table:
    """The rows of these states that name a release of these kinds, with what is told of it.

    `unclear` is true where the version that would decide is not given.
    """
    chosen = [release for release in releases() if release.kind in kinds and release.names]
    rows = software.filter(_.name.notnull(), _.state.lower().isin(states)).mutate(
        ecosystem=_.ecosystem.lower(), plain=_plain_name()
    )
    rows = rows.filter(_.plain.isin(sorted({plain(r, name) for r in chosen for name in r.names})))
    rows = rows.mutate(number=_number(rows.version), exact=_.version.re_replace(r"^[v=]+", ""))
    named = rows.mutate(release=_cases(chosen, _names)).filter(_.release.notnull())
    judged = named.mutate(right=_right(chosen), unclear=_unclear(chosen))
    found = judged.filter(judged.right | judged.unclear)
    return found.mutate(
        title=_told(chosen, "title"),
        source=_told(chosen, "source"),
        published=_told(chosen, "published"),
        advice=_told(chosen, "advice"),
        where=ibis.coalesce(_.container, _.path, _.log),
    )


def seen(found: Table, *keys: str) -> Table:
    """One row for each of the keys and version, with when it is first and last met, if at all."""
    return found.group_by(
        *keys, "name", "version", "state", "title", "source", "published", "advice"
    ).aggregate(
        account=_.account.max(),
        named_by=_["where"].max(),
        unclear=_.unclear.min(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )


def plain(release: Release, name: str) -> str:
    """A name of the table as rows are compared with it."""
    if set(release.ecosystems) & set(_PROGRAMS):
        return " ".join(name.lower().replace("_", " ").replace("-", " ").replace(".", " ").split())
    return name.lower().replace("_", "-").replace(".", "-") if "pypi" in release.ecosystems else name.lower()


def _plain_name() -> Any:
    lower = _.name.lower()
    # "X_TRADER 7.17.90" has its version in the name, "3CX Desktop App.app" its file's ending.
    short = lower.re_replace(r"[\s_]+\(?v?\d+(\.\d+)+\S*\s*$", "").re_replace(r"\.app$", "")
    program = short.re_replace(r"[\s_.\-]+", " ").strip()
    python = lower.re_replace(r"[-_.]+", "-")
    programs = _.ecosystem.lower().isin(_PROGRAMS) | _.ecosystem.isnull()
    return ibis.ifelse(programs, program, ibis.ifelse(_.ecosystem.lower() == "pypi", python, lower))


def _number(version: Any) -> Any:
    """A version's first four numbers as one; null where it does not begin with a number."""
    whole = _part(version, 0)
    for place in range(1, 4):
        whole = whole * _STEP + ibis.coalesce(_part(version, place), 0)
    return whole


def _part(version: Any, place: int) -> Any:
    before = r"(?:\d{1,5}\.){" + str(place) + "}"
    return version.re_extract(rf"^[v=]*{before}(\d{{1,5}})(?:\D|$)", 1).nullif("").cast("int64")


def number(version: str) -> int:
    """The same of a bound of the table."""
    parts = [*map(int, version.split(".")), 0, 0, 0][:4]
    whole = 0
    for part in parts:
        whole = whole * _STEP + part
    return whole


def _names(release: Release) -> Any:
    names = sorted({plain(release, name) for name in release.names})
    return _.plain.isin(names) & (_.ecosystem.isin(release.ecosystems) | _.ecosystem.isnull())


def _cases(chosen: Sequence[Release], condition: Any) -> Any:
    return ibis.cases(*((condition(release), release.id) for release in chosen))


def _right(chosen: Sequence[Release]) -> Any:
    return ibis.coalesce(ibis.cases(*((_.release == r.id, _version(r)) for r in chosen)), False)


def _version(release: Release) -> Any:
    """Whether the row's version is one of the release's."""
    if release.every_version:
        return ibis.literal(True)
    held = _.exact.isin(release.versions) if release.versions else ibis.literal(True)
    if release.since:
        held = held & (_.number >= number(release.since))
    if release.through:
        held = held & (_.number <= number(release.through))
    if release.below:
        held = held & (_.number < number(release.below))
    return held


def _unclear(chosen: Sequence[Release]) -> Any:
    """No version where one would decide, or one without numbers where bounds would."""
    versioned = [release.id for release in chosen if not release.every_version]
    bounded = [r.id for r in chosen if r.since or r.through or r.below]
    return (_.release.isin(versioned) & _.version.isnull()) | (_.release.isin(bounded) & _.number.isnull())


def _told(chosen: Sequence[Release], key: str) -> Any:
    return ibis.cases(*((_.release == release.id, str(getattr(release, key))) for release in chosen))


def hash_in(text: Any) -> Any:
    """The first hash of a known release's file in a text of hashes; empty where there is none."""
    return text.lower().re_extract(f"({'|'.join(sorted(hashes()))})", 1)


def hashes() -> dict[str, Release]:
    """The hashes of harmful releases."""
    return {one: release for release in releases() if release.kind in HARMFUL for one in release.hashes}
