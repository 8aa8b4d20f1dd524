"""A collection of a TAXII 2.1 server, page by page, as one STIX bundle; bounded in pages, bytes and seconds.

https://docs.oasis-open.org/cti/taxii/v2.1/os/taxii-v2.1-os.html: 3.5 pagination, 3.7 envelope, 5.4 objects.
"""

from __future__ import annotations

import ipaddress
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import orjson

from sakimori.errors import UsageError

MEDIA = "application/taxii+json"
ACCEPT = f"{MEDIA};version=2.1"
SILENCE, SECONDS = 30.0, 900.0
"""Seconds without a byte, and seconds for one poll."""
PAGE_BYTES, ALL_BYTES = 64 << 20, 512 << 20
_CHUNK, _TOKEN = 1 << 16, 4096
_MEANING: Mapping[int, str] = {
    401: "it wants credentials, or others: see SAKIMORI_TAXII_USER, SAKIMORI_TAXII_TOKEN and --credentials",
    403: "these credentials may not read this collection",
    404: "there is no such collection, or it may not be seen with these credentials",
    406: "it does not speak TAXII 2.1",
    429: "it was asked too often; try later",
    503: "it is busy; try later",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to one request."""

    type: str
    first: str
    last: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One envelope: its objects, whether there are more, how to ask for them, and when these were added."""

    objects: tuple[dict[str, Any], ...]
    more: bool
    next: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """All that was read; `position` is the next poll's `added_after`, empty where none is safe.

    `short` where the bound on pages ended it before the server did.
    """

    objects: tuple[dict[str, Any], ...]
    pages: int
    position: str
    short: bool

    def bundle(self) -> bytes:
        """The objects as a STIX bundle, the same bytes for the same objects."""
        inner = orjson.dumps(self.objects, option=orjson.OPT_SORT_KEYS)
        name = uuid.uuid5(uuid.NAMESPACE_OID, inner.decode())
        return b'{"type":"bundle","id":"bundle--%s","objects":%s}' % (str(name).encode(), inner)


def api_root(url: str) -> str:
    """The URL with its final slash; UsageError where it is not https (http only to this machine)."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"{url}: no URL ({error}).") from error
    if parts.username is not None or parts.password is not None:
        raise UsageError("The URL holds credentials; give them by the environment or --credentials.")
    if not host or parts.query or parts.fragment or any(sign <= " " for sign in url):
        raise UsageError(f"{url}: give the API root, like https://taxii.example.com/api1/.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise UsageError(f"{url}: only https is asked; http only on this machine (127.0.0.1).")
    return url.rstrip("/") + "/"


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def authorization(user: str, password: str, token: str) -> str:
    """The header for a token, else for a name and its password, else empty. No error tells a secret."""
    if token and user:
        raise UsageError("Both a token and a user are given for TAXII; keep one of them.")
    if token:
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise UsageError("The TAXII token holds signs that no token has, perhaps the end of a line.")
        return f"Bearer {token}"
    if password and not user:
        raise UsageError("A TAXII password is given without its user.")
    if ":" in user:
        raise UsageError("A user's name for TAXII cannot hold a colon.")
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode() if user else ""


def polled(
    fetch: Callable[[str], Answer], root: str, collection: str, *, since: str, limit: int, pages: int
) -> Polled:
    """What was added to the collection after `since` (all, where it is empty), in at most `pages` pages.

    Raises UsageError for an answer that is no TAXII 2.1, and for a server that goes in a circle.
    """
    query = {"limit": str(limit), **({"added_after": since} if since else {})}
    asked: set[tuple[tuple[str, str], ...]] = set()
    read: list[Page] = []
    while not read or (read[-1].more and len(read) < pages):
        if read:
            query = _following(query, read[-1])
        if (key := tuple(sorted(query.items()))) in asked:
            raise UsageError(
                f"{root}: the server leads in a circle after {len(read)} pages; nothing was kept."
            )
        asked.add(key)
        read.append(page(fetch(objects_url(root, collection, query)), root))
    short = read[-1].more
    return Polled(
        objects=tuple(one for each in read for one in each.objects), pages=len(read), short=short,
        position=_position(read, since, short),
    )  # fmt: skip


def objects_url(root: str, collection: str, query: Mapping[str, str]) -> str:
    """Where the objects of a collection are asked for."""
    return f"{root}collections/{quote(collection, safe='')}/objects/?{urlencode(query)}"


def _following(query: Mapping[str, str], last: Page) -> dict[str, str]:
    kept = {key: value for key, value in query.items() if key != "next"}
    if last.next:
        return {**kept, "next": last.next}
    # 3.5: without `next` the client goes on after the moment the header names.
    return {**kept, "added_after": last.last} if last.last else dict(query)


def page(answer: Answer, where: str) -> Page:
    """The envelope in an answer; UsageError where it is none."""
    _typed(answer.type, where)
    try:
        said = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{where}: the answer is no JSON ({error}).") from error
    objects = said.get("objects", []) if isinstance(said, dict) else None
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise UsageError(f"{where}: the answer is no TAXII envelope of objects.")
    more, following = said.get("more", False), said.get("next") or ""
    if not isinstance(more, bool) or not isinstance(following, str) or len(following) > _TOKEN:
        raise UsageError(f"{where}: `more` or `next` of the answer is not as TAXII 2.1 has it.")
    for text in (answer.first, answer.last):
        if text:
            moment(text, f"{where}: X-TAXII-Date-Added")
    return Page(objects=tuple(objects), more=more, next=following, first=answer.first, last=answer.last)


def _typed(type_: str, where: str) -> None:
    told = Message()
    told["Content-Type"] = type_ or "none/none"
    if told.get_content_type() != MEDIA or str(told.get_param("version", "2.1")) != "2.1":
        raise UsageError(
            f"{where}: answers with {type_[:80] or 'no type'}, not {ACCEPT}. Is it the API root?"
        )


def moment(text: str, where: str) -> datetime:
    """The moment of a timestamp; UsageError where it is none. One without a zone is in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{where} {text[:40]}: not a date. It is written like 2026-03-01T00:00:00Z."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _position(read: Iterable[Page], since: str, short: bool) -> str:
    """The last moment of which all is read.

    Things added at one moment may be on both sides of a page's end, and `added_after` leaves that moment out:
    so a poll that was cut short goes back to the moment before its last.
    """
    by_moment = {moment(text, ""): text for one in read for text in (one.first, one.last) if text}
    if since:
        by_moment.setdefault(moment(since, ""), since)
    known = sorted(by_moment)
    if short and len(known) < 2:
        return since
    return by_moment[known[-2 if short else -1]] if known else ""


class _SameHost(HTTPRedirectHandler):
    """Follows only where credentials may go: the same scheme, host and port."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if _origin(old) != _origin(new):
            raise UsageError(f"{old.hostname}: sends on to {_origin(new)}, which was not asked for; refused.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin(parts: SplitResult) -> str:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{parts.hostname}:{port}"


@dataclass(slots=True)
class Server:
    """Asks one server; certificates are always verified, since urllib's own context does.

    `left` bytes and the seconds until `end` hold for all requests together.
    """

    root: str
    authorization: str = field(default="", repr=False)
    page_bytes: int = PAGE_BYTES
    left: int = ALL_BYTES
    end: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    silence: float = SILENCE

    def __call__(self, url: str) -> Answer:
        """The answer; UsageError where there is none, it is a refusal, or it is too large or too slow."""
        headers = {"Accept": ACCEPT, "User-Agent": "sakimori"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        try:
            with self._open(Request(url, headers=headers)) as answer:
                return self._answer(answer)
        except HTTPError as error:
            error.close()
            meaning = _MEANING.get(error.code, "it cannot be polled now")
            raise UsageError(f"{self.root}: the server answers {error.code}: {meaning}.") from error
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise UsageError(f"{self.root}: cannot be asked ({reason}).") from error

    def _open(self, request: Request) -> Any:
        # A proxy of the environment is no way to this machine itself.
        direct = [ProxyHandler({})] if _loopback(urlsplit(self.root).hostname or "") else []
        return build_opener(_SameHost, *direct).open(request, timeout=self.silence)

    def _answer(self, answer: HTTPResponse) -> Answer:
        said = answer.headers
        if said.get("Content-Encoding", "identity").lower() != "identity":
            raise UsageError(f"{self.root}: the answer is compressed, which was not asked for.")
        return Answer(
            said.get("Content-Type", ""), said.get("X-TAXII-Date-Added-First", ""),
            said.get("X-TAXII-Date-Added-Last", ""), self._body(answer),
        )  # fmt: skip

    def _body(self, answer: HTTPResponse) -> bytes:
        most = min(self.page_bytes, self.left)
        parts, size = [], 0
        # read1 comes back with what is there, so that a server that drips meets the end too.
        while part := answer.read1(_CHUNK):
            size += len(part)
            parts.append(part)
            if size > most:
                raise UsageError(f"{self.root}: sends more than {most:,} bytes; ask for fewer with --limit "
                                 "or --pages.")  # fmt: skip
            if time.monotonic() > self.end:
                raise UsageError(f"{self.root}: is too slow; ask for fewer with --limit or --pages.")
        if answer.length:
            raise UsageError(f"{self.root}: the answer broke off {answer.length:,} bytes before its end.")
        self.left -= size
        return b"".join(parts)
