"""A resolver on the loopback answers NXDOMAIN for a listed name, and no longer once it is withdrawn."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sakimori.response.feeds.published import Published
from sakimori.response.feeds.rpz import rpz
from tests.response.feeds.entries import STAMP, program, published, written
from tests.response.feeds.packets import question

NXDOMAIN = 3
CONFIGURATION = """options {{ directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  pid-file none; session-keyfile "{folder}/session.key";
  recursion yes; allow-query {{ 127.0.0.1; }};
  dnssec-validation no; response-policy {{ zone "rpz.block"; }} qname-wait-recurse no; }};
controls {{ }};
zone "rpz.block" {{ type primary; file "rpz-block.zone"; allow-query {{ none; }}; }};
zone "example.net" {{ type primary; file "example.net.zone"; }};
"""
ZONE = "$TTL 60\n@ IN SOA localhost. root.localhost. (1 60 60 60 60)\n@ IN NS localhost.\n* IN A 192.0.2.1\n"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def resolver(folder: Path, entries: list[Published]) -> Iterator[int]:
    named, port = program("named"), free_port()
    written(dict(rpz(entries, STAMP)), folder)
    (folder / "example.net.zone").write_text(ZONE)
    (folder / "named.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
    with (folder / "named.log").open("wb") as log:
        running = subprocess.Popen([named, "-g", "-4", "-c", str(folder / "named.conf")], stderr=log)
        try:
            yield port
        finally:
            running.terminate()
            running.wait(20)


def answer(name: str, port: int) -> int:
    """The response code for a name; asked again, at most for ten seconds, until somebody answers."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.2)
            try:
                asking.connect(("127.0.0.1", port))
                asking.send(question(name))
                return asking.recv(512)[3] & 15
            except OSError:
                time.sleep(0.1)
    raise AssertionError("the resolver never answered")


def test_bind_answers_nxdomain_for_a_listed_name_and_those_below(tmp_path: Path) -> None:
    with resolver(tmp_path, [published("domain", "c2.example.net")]) as port:
        codes = [answer(name, port) for name in ("c2.example.net", "a.c2.example.net", "other.example.net")]
    assert codes == [NXDOMAIN, NXDOMAIN, 0]


def test_bind_answers_again_once_the_list_is_empty(tmp_path: Path) -> None:
    with resolver(tmp_path, []) as port:
        assert answer("c2.example.net", port) == 0
