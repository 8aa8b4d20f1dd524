"""A collection is read page by page and only once; what a server does wrong is refused, and nothing is lost.

The server here answers as https://docs.oasis-open.org/cti/taxii/v2.1/os/taxii-v2.1-os.html has it (5.4).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sakimori.cli import run
from sakimori.detection.indicators.keeping import read
from sakimori.detection.indicators.positions import position, positions_of
from sakimori.detection.indicators.taxii import (
    ACCEPT,
    Answer,
    Server,
    api_root,
    authorization,
    objects_url,
    page,
    polled,
)
from sakimori.errors import UsageError

COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
OBJECTS = f"/api1/collections/{COLLECTION}/objects/"
FIRST = datetime.fromisoformat("2026-03-01T00:00:00+00:00")


def added(minute: int) -> str:
    return (FIRST + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def indicator(number: int) -> dict[str, Any]:
    return {
        "type": "indicator", "spec_version": "2.1", "pattern_type": "stix", "valid_from": added(0),
        "id": f"indicator--00000000-0000-4000-8000-{number:012d}",
        "pattern": f"[file:hashes.'SHA-256' = '{number:064x}']",
    }  # fmt: skip


@dataclass
class Feed:
    """What the server holds, by when it was added, and how it misbehaves."""

    held: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    authorization: str = ""
    type: str = ACCEPT
    tokens: bool = True
    dated: bool = True
    circle: bool = False
    endless: bool = False
    padding: int = 0
    location: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    root: str = ""

    def hold(self, *numbers: int, minute: int | None = None) -> None:
        self.held += [(added(n if minute is None else minute), indicator(n)) for n in numbers]

    def envelope(self, query: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        left = [one for one in self.held if one[0] > query.get("added_after", "")]
        start = int(query.get("next", 0))
        some = left[start : start + int(query["limit"])]
        said: dict[str, Any] = {"objects": [one for _, one in some]} if some else {}
        if start + len(some) < len(left) or self.circle or self.endless:
            said["more"] = True
            if self.tokens:
                said["next"] = "0" if self.circle else str(start + max(len(some), 1))
        dates = (
            {"X-TAXII-Date-Added-First": some[0][0], "X-TAXII-Date-Added-Last": some[-1][0]} if some else {}
        )
        return said, dates if self.dated else {}


def handler(feed: Feed) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            feed.asked.append({key: values[0] for key, values in parse_qs(parts.query).items()})
            feed.accepted.append(self.headers["Accept"])
            if feed.location:
                self.say(302, {"Location": feed.location}, b"")
            elif feed.authorization and self.headers["Authorization"] != feed.authorization:
                self.say(401, {"WWW-Authenticate": "Basic"}, b"{}")
            elif parts.path != OBJECTS:
                self.say(404, {}, b"{}")
            else:
                said, dates = feed.envelope(feed.asked[-1])
                self.say(200, {"Content-Type": feed.type, **dates}, json.dumps(said).encode())

        def say(self, code: int, headers: dict[str, str], body: bytes) -> None:
            body += b" " * feed.padding
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:  # who asked had enough
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def feed() -> Iterator[Feed]:
    made = Feed()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(made)) as server:
        made.root = f"http://127.0.0.1:{server.server_port}/api1/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join(5)


@pytest.fixture
def poll(feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs `sakimori intel poll` in a folder of its own, without credentials of the machine."""
    monkeypatch.chdir(tmp_path)
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"SAKIMORI_TAXII_{name}", raising=False)
    words = ("intel", "poll", feed.root, "--collection", COLLECTION, "--lang", "en")
    return lambda *more: run([*words, *map(str, more)])


def kept(folder: Path) -> list[int]:
    file = folder / "indicators.jsonl"
    return sorted(int(one.value, 16) for one in read(file)) if file.is_file() else []


def remembered(feed: Feed, folder: Path) -> str:
    return position(folder / "indicators.jsonl", feed.root, COLLECTION)


@pytest.mark.parametrize("tokens", [True, False])
def test_all_pages_are_read_by_token_or_by_date(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, tokens: bool
) -> None:
    feed.tokens = tokens
    feed.hold(1, 2, 3, 4, 5)
    assert poll("--limit", 2) == 0
    assert kept(tmp_path) == [1, 2, 3, 4, 5]
    following = (
        [{"next": "2"}, {"next": "4"}] if tokens else [{"added_after": added(2)}, {"added_after": added(4)}]
    )
    assert feed.asked == [{"limit": "2", **more} for more in ({}, *following)]
    assert set(feed.accepted) == {"application/taxii+json;version=2.1"}


def test_the_next_poll_asks_only_for_what_is_new(
    feed: Feed, poll: Callable[..., int], tmp_path: Path
) -> None:
    feed.hold(1, 2)
    assert poll() == 0
    feed.hold(3)
    assert poll() == 0
    assert feed.asked[-1] == {"limit": "1000", "added_after": added(2)}
    assert (kept(tmp_path), remembered(feed, tmp_path)) == ([1, 2, 3], added(3))


def test_nothing_new_is_said_and_moves_nothing(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.hold(1)
    poll()
    capsys.readouterr()
    assert poll("--since", "2030-01-01T00:00:00Z") == 0
    assert capsys.readouterr().out == f"{feed.root} holds nothing new.\n"
    assert remembered(feed, tmp_path) == added(1)


def test_the_server_is_the_source_of_what_names_none(
    feed: Feed, poll: Callable[..., int], tmp_path: Path
) -> None:
    feed.hold(1)
    poll()
    (one,) = read(tmp_path / "indicators.jsonl")
    assert [(source.name, source.url) for source in one.sources] == [("127.0.0.1", feed.root)]


def test_without_the_indicators_the_position_counts_for_nothing(
    feed: Feed, poll: Callable[..., int], tmp_path: Path
) -> None:
    feed.hold(1)
    poll()
    (tmp_path / "indicators.jsonl").unlink()
    assert poll() == 0
    assert kept(tmp_path) == [1]


def test_the_position_stays_where_the_indicators_cannot_be_written(
    feed: Feed, poll: Callable[..., int], tmp_path: Path
) -> None:
    feed.hold(1)
    (tmp_path / "indicators.jsonl").write_text("no indicator\n")
    assert poll() == 2
    assert not positions_of(tmp_path / "indicators.jsonl").exists()


def test_endless_pages_end_and_the_next_poll_goes_on(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.endless = True
    feed.hold(*range(1, 10))
    assert poll("--limit", 2, "--pages", 2) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "There is more: run the same command again."
    assert (len(feed.asked), kept(tmp_path)) == (2, [1, 2, 3, 4])
    assert poll("--limit", 9, "--pages", 1) == 0
    assert kept(tmp_path) == [*range(1, 10)]


def test_a_poll_cut_within_one_moment_loses_none_of_it(
    feed: Feed, poll: Callable[..., int], tmp_path: Path
) -> None:
    feed.hold(1)
    feed.hold(2, 3, 4, minute=2)
    assert poll("--limit", 2, "--pages", 1) == 0
    assert remembered(feed, tmp_path) == added(1)
    assert poll() == 0
    assert kept(tmp_path) == [1, 2, 3, 4]


def test_a_cut_with_all_at_one_moment_asks_for_more_pages(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.hold(1, 2, 3, minute=1)
    assert poll("--limit", 2, "--pages", 1) == 0
    assert "larger --pages" in capsys.readouterr().out
    assert remembered(feed, tmp_path) == ""


def test_a_server_without_dates_is_asked_for_all_again(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.dated = False
    feed.hold(1)
    assert poll() == 0
    assert "does not say when" in capsys.readouterr().out
    assert (kept(tmp_path), remembered(feed, tmp_path)) == ([1], "")


@pytest.mark.parametrize("tokens", [True, False])
def test_a_circle_is_left(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], tokens: bool
) -> None:
    feed.circle, feed.tokens, feed.dated = True, tokens, False
    feed.hold(1)
    assert poll() == 2
    assert "leads in a circle" in capsys.readouterr().err
    assert (kept(tmp_path), len(feed.asked) <= 2) == ([], True)


def test_credentials_come_from_the_environment_or_a_closed_file(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    feed.hold(1)
    feed.authorization = authorization("mei", "synthetic", "")
    assert poll() == 2
    assert "401: it wants credentials" in capsys.readouterr().err
    monkeypatch.setenv("SAKIMORI_TAXII_USER", "mei")
    monkeypatch.setenv("SAKIMORI_TAXII_PASSWORD", "synthetic")
    assert poll() == 0
    feed.authorization = "Bearer synthetic-token"
    file = tmp_path / "taxii.toml"
    file.write_text('token = "synthetic-token"\n')
    file.chmod(0o644)
    assert poll("--credentials", file) == 2
    assert "chmod 600" in capsys.readouterr().err
    file.chmod(0o600)
    assert poll("--credentials", file) == 0


def test_no_error_tells_a_secret(
    poll: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "taxii.toml"
    for text in ('token = "hidden\n', 'token = "hid den"\n', 'secret = "hidden"\n'):
        file.write_text(text)
        file.chmod(0o600)
        assert poll("--credentials", file) == 2
    assert "hid" not in capsys.readouterr().err
    assert "hidden" not in repr(Server("https://example.com/", "Bearer hidden"))


@pytest.mark.parametrize(
    "type_", ["text/html", "application/taxii+json;version=2.0", "application/vnd.oasis.stix+json"]
)
def test_another_content_type_is_refused(
    feed: Feed, poll: Callable[..., int], tmp_path: Path, type_: str
) -> None:
    feed.hold(1)
    feed.type = type_
    assert poll() == 2
    assert kept(tmp_path) == []


@pytest.mark.parametrize(("page_bytes", "left"), [(9999, 1 << 30), (1 << 30, 9999)])
def test_a_huge_body_is_refused(feed: Feed, page_bytes: int, left: int) -> None:
    feed.padding = 10_000
    server = Server(feed.root, page_bytes=page_bytes, left=left)
    with pytest.raises(UsageError, match="sends more than 9,999 bytes"):
        server(objects_url(feed.root, COLLECTION, {"limit": "1"}))


def test_a_poll_past_its_end_is_refused(feed: Feed) -> None:
    with pytest.raises(UsageError, match="too slow"):
        Server(feed.root, end=0)(objects_url(feed.root, COLLECTION, {"limit": "1"}))


def test_no_other_host_is_followed(
    feed: Feed, poll: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    feed.location = "https://taxii.example.com/api1/"
    assert poll() == 2
    assert "sends on to https://taxii.example.com:443" in capsys.readouterr().err


def test_a_server_that_is_not_there_is_named(
    poll: Callable[..., int], feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["intel", "poll", "http://127.0.0.1:1/", "--collection", COLLECTION]) == 2
    assert capsys.readouterr().err.startswith("sakimori: http://127.0.0.1:1/: cannot be asked (")


@pytest.mark.parametrize(
    "url",
    ["http://taxii.example.com/", "ftp://127.0.0.1/", "https://a:b@example.com/", "https:///api1/", "https://[::1",
     "https://example.com/?a=b", "https://example.com/a b", "https://example.com:99999/"],
)  # fmt: skip
def test_only_a_safe_api_root_is_asked(url: str) -> None:
    with pytest.raises(UsageError):
        api_root(url)


def test_an_api_root_ends_in_one_slash() -> None:
    assert [api_root(u) for u in ("https://example.com/a", "http://[::1]:80//")] == [
        "https://example.com/a/", "http://[::1]:80/",
    ]  # fmt: skip


def test_a_collections_name_stays_one_part_of_the_path() -> None:
    assert (
        objects_url("https://example.com/", "../a?b", {})
        == "https://example.com/collections/..%2Fa%3Fb/objects/?"
    )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"objects":[1]}', b'{"objects":{}}', b'{"more":1}', b'{"next":[1]}']
)
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(UsageError):
        page(Answer(ACCEPT, "", "", body), "there")


def test_an_empty_envelope_is_an_answer() -> None:
    done = polled(lambda _: Answer(ACCEPT, "", "", b"{}"), "there/", "c", since=added(1), limit=1, pages=9)
    assert (done.objects, done.pages, done.position, done.short) == ((), 1, added(1), False)


def test_damaged_positions_are_told(feed: Feed, poll: Callable[..., int], tmp_path: Path) -> None:
    feed.hold(1)
    poll()
    for text in ("[", "[1]", '{"a": {"b": 1}}'):
        positions_of(tmp_path / "indicators.jsonl").write_text(text)
        assert poll() == 2
