"""`sakimori hunt`: evidence in, a case folder and a ranked list out."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cyclopts import Parameter

from sakimori.errors import UsageError
from sakimori.setting import Setting

FAILED_ON, PARTLY_UNREAD = 10, 3
Export = Literal["ocsf", "ecs", "timeline", "timesketch", "navigator"]  # as `response.exports` has them


def hunt(
    evidence: Annotated[list[Path], Parameter(negative=(), help="Folders or files that hold logs.")],
    /,
    *,
    case: Path | None = None,
    rules: Annotated[list[Path] | None, Parameter(negative=())] = None,
    mapping: Annotated[list[Path] | None, Parameter(negative=())] = None,
    org: Path | None = None,
    suppressions: Path | None = None,
    indicators: Annotated[list[Path] | None, Parameter(negative=())] = None,
    dlp: Path | None = None,
    dlp_key: Path | None = None,
    yara: Annotated[list[Path] | None, Parameter(negative=())] = None,
    files: Annotated[bool, Parameter(negative=())] = False,
    placeholders: Path | None = None,
    absence: bool = False,
    format: Literal["text", "json"] = "text",
    out: Annotated[list[Export] | None, Parameter(negative=())] = None,
    lang: Literal["en", "ja"] | None = None,
    zone: str = "UTC",
    since: str | None = None,
    until: str | None = None,
    workers: int | None = None,
    memory: str = "384MB",
    fail_on: Literal["incidents"] | None = None,
    cache: bool = True,
    bundles: bool = True,
) -> int:
    """Read evidence, find what matters, rank it, and write a case folder with a report.

    Parameters
    ----------
    case:
        The case folder; `<evidence>.case` in the current folder by default. A case can be continued.
    rules:
        Folders of Sigma YAML to use instead of Sakimori's own rules. Nothing in them is executed.
    mapping:
        YAML files that describe logs Sakimori does not know.
    org:
        What your organisation says of itself (see `sakimori init`); org.yml in the current folder if there.
    suppressions:
        Findings that need nobody, and until when; suppressions.yml in the current folder if there.
    indicators:
        Files made by `sakimori intel`; indicators.jsonl in the current folder if there.
    dlp:
        A register of `sakimori dlp register`: what must not leave. Nothing is looked for without it.
    dlp_key:
        The register's key.
    yara:
        Folders of YARA rules for files of the evidence, beside Sakimori's own.
    files:
        Take everything as files: nothing is read as a log, and every file has its row.
    placeholders:
        YAML file with the values of rules' placeholders: `placeholders: {Servers: [a, b]}`.
    absence:
        Let correlations speak of what did not happen (a proposal, SEP 198).
    format:
        What is printed: text for people, json for scripts.
    out:
        Further exports in the case folder: ocsf, ecs, timeline (CSV), timesketch (JSON lines), navigator.
    lang:
        Language of what is printed, and which the report opens in: en or ja.
    zone:
        Zone assumed for times that name none, and shown beside UTC: Asia/Tokyo.
    since:
        Only events from this time on (ISO 8601; without a zone: UTC).
    until:
        Only events before this time.
    workers:
        Worker processes; as many as there are processors by default.
    memory:
        What the query engine may hold: 256MB, 2GB.
    fail_on:
        `incidents`: exit with 10 where there are any.
    cache:
        Keep compiled rules between hunts.
    bundles:
        Work with the bundles that were imported too, where --rules or --indicators name nothing else.
    """
    from sakimori.cli.bundling import brought
    from sakimori.setting import cache_folder

    given = known_files(indicators)
    bundle = brought(rules is None, indicators is None) if bundles else None

    setting = Setting(
        evidence=tuple(evidence),
        case=(case or default_case(evidence)).resolve(),
        rules=tuple(rules or (bundle.rules if bundle else ())),
        mappings=tuple(mapping or ()),
        org=org or own_file("org.yml"),
        suppressions=suppressions or own_file("suppressions.yml"),
        indicators=(
            *(given or filter(None, [own_file("indicators.jsonl")])),
            *(bundle.indicators if bundle else ()),
        ),
        dlp=both(dlp, dlp_key),
        yara=known_folders(yara, "--yara"),
        files=files,
        bundles=bundle.in_use if bundle else (),
        placeholders=placeholders,
        absence=absence,
        zone=known_zone(zone),
        since=moment_of(since, "--since"),
        until=moment_of(until, "--until"),
        workers=workers or os.cpu_count() or 1,
        memory=size_of(memory),
        lang=lang or spoken(),
        cache=cache_folder() if cache else None,
    )
    return run(setting, format, tuple(out or ()), fail_on)


def both(register: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    """A register and its key; None without either. Raises UsageError where one is missing or does not fit."""
    if register is None and key is None:
        return None
    if register is None or key is None:
        raise UsageError("--dlp and --dlp-key belong together: a register says nothing without its key.")
    from sakimori.detection.dlp.looking import looking

    looking((register, key))  # before hours of reading, not after
    return register, key


def run(setting: Setting, format: str, out: tuple[str, ...], fail_on: str | None) -> int:
    """The exit code of a hunt with its case folder written and its summary printed."""
    from rich.console import Console

    from sakimori.cli.progress import Watching
    from sakimori.pipeline import hunt as hunted
    from sakimori.response.folder import make_folder
    from sakimori.response.respond.own import keep_own
    from sakimori.response.written import write_case

    make_folder(setting.case)
    with Watching(Console(stderr=True), setting.lang, quiet=format == "json") as watching:
        found = hunted(setting, watching.read, watching.stage)
        watching.stage("write")
        write_case(found, setting.case, out)
        keep_own(setting.org, setting.case)
    if format == "json":
        sys.stdout.write((setting.case / "incidents.json").read_text(encoding="utf-8"))
    else:
        from sakimori.response.terminal import print_case

        console = Console()
        print_case(found, console)
        console.print(str(setting.case / "report.html"), markup=False, highlight=False, soft_wrap=True)
    if fail_on == "incidents" and found.incidents:
        return FAILED_ON
    return PARTLY_UNREAD if found.manifest.totals["unread"] or not found.manifest.totals["records"] else 0


def own_file(name: str) -> Path | None:
    """The file of this name in the current folder, if any; never one that lies in the evidence."""
    file = Path(name)
    return file if file.is_file() else None


def known_files(files: list[Path] | None) -> tuple[Path, ...]:
    """The files asked for, whole. Raises UsageError before anything is read where one is not there."""
    missing = next((file for file in files or () if not file.is_file()), None)
    if missing:
        raise UsageError(f"--indicators {missing}: no such file. Make it with sakimori intel import.")
    return tuple(files or ())


def known_folders(folders: list[Path] | None, option: str) -> tuple[Path, ...]:
    """The folders asked for, whole. Raises UsageError before anything is read where one is not there."""
    missing = next((folder for folder in folders or () if not folder.is_dir()), None)
    if missing:
        raise UsageError(f"{option} {missing}: no such folder. Name one that holds rules.")
    return tuple(folders or ())


def default_case(evidence: list[Path]) -> Path:
    """`<name of the evidence>.case` in the current folder."""
    name = evidence[0].resolve().name or "evidence"
    return Path.cwd() / f"{name}.case"


def spoken() -> str:
    """`ja` where the environment speaks Japanese, else `en`."""
    words = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ja" if next((word for word in words if word), "").startswith("ja") else "en"


def known_zone(name: str) -> str:
    """The zone's name. Raises UsageError for one that nobody knows."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"--zone {name}: there is no such zone. Write it like Asia/Tokyo.") from error


def moment_of(text: str | None, option: str) -> int | None:
    """Microseconds UTC of an ISO time; None for none. Raises UsageError where it is no time."""
    from sakimori.records.clock import instant

    if text is None:
        return None
    try:
        whole = text if len(text) > 10 else datetime.fromisoformat(text).isoformat()
    except ValueError:
        whole = text
    found = instant(whole)
    if found is None:
        raise UsageError(f"{option} {text}: not a time. Write it like 2026-03-01 or 2026-03-01T09:12:00Z.")
    return found


def size_of(text: str) -> int:
    """Bytes of `256MB`, `2GB` or a plain number. Raises UsageError for anything else, and below 64 MB."""
    units = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
    upper = text.strip().upper()
    unit = next((u for u in units if upper.endswith(u)), "")
    try:
        size = int(float(upper.removesuffix(unit)) * units.get(unit, 1))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--memory {text}: not a size. Write it like 512MB or 2GB.") from error
    if size < 64 << 20:
        raise UsageError(f"--memory {text}: the query engine needs at least 64MB.")
    return size
