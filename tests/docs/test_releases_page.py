"""`docs/compromised-releases.md` shows the table of releases; `python -m tests.docs.test_releases_page`."""

from __future__ import annotations

from pathlib import Path

from sakimori.knowledge.releases import Release, releases

PAGE = Path(__file__).resolve().parents[2] / "docs" / "compromised-releases.md"
_SHOWN = 6
_HEAD = """\
# Releases Sakimori knows

Made from `sakimori/knowledge/compromised.toml` by `python -m tests.docs.test_releases_page`; a test holds it
current. [supply-chain.md](supply-chain.md) says what is done with it; the table's head, what its words mean.

"""


def page() -> str:
    """The page as it must be."""
    names = ("release", "kind", "of the group", "names", "versions", "hashes", "dates", "standing")
    rows = [names, ("---",) * len(names), *map(_row, sorted(releases(), key=_order))]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _order(release: Release) -> tuple[str, str]:
    return release.kind, release.id


def _row(release: Release) -> tuple[str, ...]:
    dates = [str(day) for day in (release.first, release.last) if day]
    return (
        f"[{release.title}]({release.source})",
        release.kind,
        "yes" if release.actor == "group" else "no",
        f"{', '.join(release.ecosystems)}: {_names(release)}",
        _versions(release),
        str(len(release.hashes) or ""),
        " to ".join(dict.fromkeys(dates)),
        release.standing,
    )


def _names(release: Release) -> str:
    shown = ", ".join(release.names[:_SHOWN])
    more = len(release.names) - _SHOWN
    return (f"{shown} and {more} more" if more > 0 else shown) or "by hash only"


def _versions(release: Release) -> str:
    bounds = {"since": release.since, "up to": release.through, "before": release.below}
    told = [*release.versions, *(f"{word} {bound}" for word, bound in bounds.items() if bound)]
    return ", ".join(told) or ("every" if release.names else "")


def test_the_page_of_releases_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.test_releases_page"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
