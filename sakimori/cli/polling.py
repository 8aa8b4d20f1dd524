"""`sakimori intel poll`: what a TAXII 2.1 server added since it was last asked, kept for the hunt."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter

from sakimori.cli.indicating import OWN_FILE, Confidence, Lang, keep, stated
from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.detection.indicators.taxii import Polled
    from sakimori.tongue import Tongue

_ENVIRONMENT = "SAKIMORI_TAXII_"
_SECRETS = ("user", "password", "token")


def poll(
    url: str,
    /,
    *,
    collection: str,
    to: Path = Path(OWN_FILE),
    since: str = "",
    limit: int = 1000,
    pages: int = 100,
    credentials: Path | None = None,
    source: str = "",
    licence: str = "",
    confidence: Confidence = "medium",
    tag: Annotated[list[str] | None, Parameter(negative=())] = None,
    lang: Lang = None,
) -> int:
    """Fetch what a TAXII 2.1 server added to a collection since it was last asked, and keep its indicators.

    Parameters
    ----------
    url:
        The API root, like https://taxii.example.com/api1/.
    collection:
        The collection's id or alias.
    to:
        Where the indicators are kept; how far was read is remembered beside it.
    since:
        Ask for what was added after this moment, whatever was read before.
    limit:
        How many objects the server is asked for at once.
    pages:
        After so many pages the poll ends; the next one goes on from there.
    credentials:
        A TOML file that only you can read, with user and password, or token. Else SAKIMORI_TAXII_USER,
        SAKIMORI_TAXII_PASSWORD or SAKIMORI_TAXII_TOKEN of the environment.
    source:
        Who published them, where they do not say it themselves; the server by default.
    licence:
        Under which licence.
    confidence:
        How sure the source is, where it does not say it.
    tag:
        hacked, shared, sinkhole, or synthetic for exercises.
    lang:
        en or ja.
    """
    from sakimori.cli.hunting import spoken
    from sakimori.detection.indicators.positions import moved, position
    from sakimori.detection.indicators.taxii import Server, api_root, authorization, moment, polled
    from sakimori.tongue import tongue

    if limit < 1 or pages < 1:
        raise UsageError("--limit and --pages: give at least 1.")
    if since:
        moment(since, "--since")
    root = api_root(url)
    told = stated(source or urlsplit(root).hostname or "", root, licence, "", "", confidence, tag, "")
    after = since or position(to, root, collection)
    server = Server(root, authorization(**_secrets(credentials)))
    done = polled(server, root, collection, since=after, limit=limit, pages=pages)
    say, code = tongue(lang or spoken()), 0
    if done.objects:
        code = keep(to, [(f"{root} {collection}", done.bundle())], told, "stix", False, lang)
    if done.objects and done.position:
        moved(to, root, collection, done.position)
    print("\n".join(_lines(done, root, after, say)))
    return code


def _lines(done: Polled, root: str, after: str, say: Tongue) -> Iterator[str]:
    from sakimori.response.hostile import for_terminal

    url = for_terminal(root)
    if not done.objects:
        yield say("{url} holds nothing new.", url=url)
    else:
        n, pages = f"{len(done.objects):,}", f"{done.pages:,}"
        yield say("{url} gave {n} objects in {pages} pages.", url=url, n=n, pages=pages)
    if done.short and done.position == after:
        yield say(
            "There is more, and too much of it was added at one moment: ask again with a larger --pages."
        )
    elif done.short:
        yield say("There is more: run the same command again.")
    elif done.objects and done.position == after:
        yield say("The server does not say when it added them, so the next poll asks for the same again.")


def _secrets(file: Path | None) -> dict[str, str]:
    """User, password and token, each empty where it is not given."""
    if file is None:
        return {name: os.environ.get(_ENVIRONMENT + name.upper(), "") for name in _SECRETS}
    said = _private(file)
    wrong = next((n for n, text in said.items() if n not in _SECRETS or not isinstance(text, str)), None)
    if wrong is not None or not said:
        raise UsageError(f'{file}: write user = "…" and password = "…", or token = "…", and nothing else.')
    return {name: str(said.get(name, "")) for name in _SECRETS}


def _private(file: Path) -> Mapping[str, Any]:
    try:
        with file.open("rb") as data:
            if os.fstat(data.fileno()).st_mode & 0o077:
                raise UsageError(f"{file}: others can read it. Close it with: chmod 600 {file}")
            return tomllib.load(data)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
    except ValueError:
        # The parser's own words could quote a secret.
        raise UsageError(f"{file}: no TOML.") from None
