"""What a Zeek sensor on the core switch writes: conn, dns, http, ssl and files as TSV, a folder a day.

https://docs.zeek.org/en/v7.0.0/log-formats.html; the last column, `synthetic`, is our mark.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from sakimori.scenario.data import toml
from sakimori.scenario.journal import DayFile, Journal, Witness
from sakimori.scenario.world import MARK, Flow

_LOGS = {log: [field.split(":") for field in fields.split()] for log, fields in toml("zeek.toml").items()}
_HISTORIES = {"SF": "ShADadFf", "RSTO": "ShADadR", "RSTR": "ShADadr", "S1": "ShADad", "S0": "S", "REJ": "Sr"}
_ENDS = ["RSTO"] * 50 + ["RSTR"] * 35 + ["S1"] * 15
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzKz"


class Zeek:
    """The sensor: `flow` for a connection and what is spoken in it, `query` for a name asked."""

    def __init__(self, root: Path, witness: Witness, seed: int) -> None:
        self._rng = Random(f"zeek/{seed}")
        self.files = {
            log: DayFile(
                root, f"zeek/{{day}}/{log}.log", witness, head=_header(log), foot="#close\t{day}-23-59-59\n"
            )
            for log in _LOGS
        }
        self.journals = {log: Journal(file) for log, file in self.files.items()}

    def flow(self, t: int, source: str, port: int, flow: Flow, tag: int) -> int:
        """Write the connection and its http or ssl line; the number of lines written."""
        uid = self._uid("C")
        ts = f"{t // 1_000_000}.{t % 1_000_000:06d}"
        ends = f"{ts}\t{uid}\t{source}\t{port}\t{flow.address}\t{flow.port}"
        state, history = self._end(flow)
        sent, received = 2 + flow.sent // 1200, 2 + flow.received // 1380
        inside = "T" if flow.address.startswith("10.") else "F"
        self._put(
            "conn", t, tag,
            f"{ends}\t{flow.protocol}\t{flow.service or '-'}\t{flow.seconds:.6f}\t{flow.sent}\t"
            f""
            f"{flow.received}\t{state}\tT\t{inside}\t0\t{history}\t{sent}\t{flow.sent + 40 * sent}\t"
            f"{received}\t"
            f"{flow.received + 40 * received}\t-",
        )  # fmt: skip
        if flow.service == "ssl":
            self._ssl(t + 21_000, ts, ends, flow, tag)
            return 2
        return 1 + (self._http(t + 24_000, ends, flow, tag) if flow.web else 0)

    def _end(self, flow: Flow) -> tuple[str, str]:
        """How the connection ended; a few of all are cut short."""
        if flow.protocol == "udp":
            return "SF", "Dd"
        if flow.state:
            return flow.state, _HISTORIES[flow.state]
        state = _ENDS[int(self._rng.random() * 100)] if self._rng.random() < 0.08 else "SF"
        return state, _HISTORIES[state]

    def _ssl(self, t: int, ts: str, ends: str, flow: Flow, tag: int) -> None:
        line = ends.replace(ts, f"{t // 1_000_000}.{t % 1_000_000:06d}", 1)
        self._put(
            "ssl", t, tag,
            f"{line}\tTLSv13\tTLS_AES_128_GCM_SHA256\tx25519\t{flow.name or '-'}\tF\t-\th2\tT\tCsiI",
        )  # fmt: skip

    def _http(self, t: int, ends: str, flow: Flow, tag: int) -> int:
        web, fuid = flow.web, self._uid("F")
        assert web is not None
        _, rest = ends.split("\t", 1)
        ts = f"{t // 1_000_000}.{t % 1_000_000:06d}"
        body = flow.sent if web.method == "POST" else 0
        self._put(
            "http", t, tag,
            f"{ts}\t{rest}\t1\t{web.method}\t{flow.name}\t{web.uri}\t-\t1.1\t{web.agent}\t-\t{body}\t"
            f"{flow.received}\t{web.status}\tOK\t(empty)\t{fuid}\t{web.mime}",
        )  # fmt: skip
        self._put(
            "files", t + 3_000, tag,
            f"{ts}\t{fuid}\t{rest}\tHTTP\t0\t(empty)\t{web.mime}\t-\t{flow.seconds:.6f}\tF\tF\t"
            f"{flow.received}\t{flow.received}\t0\t0\tF",
        )  # fmt: skip
        return 2

    def query(
        self, t: int, source: str, port: int, resolver: str, name: str, answers: tuple[str, ...], tag: int
    ) -> None:
        """Write a name asked and answered (NXDOMAIN where there is no answer)."""
        rtt, uid, ts = (
            0.0004 + self._rng.random() * 0.03,
            self._uid("C"),
            f"{t // 1_000_000}.{t % 1_000_000:06d}",
        )
        asked, said_bytes = len(name) + 18, len(name) + 18 + 16 * len(answers)
        self._put(
            "conn", t, tag,
            f"{ts}\t{uid}\t{source}\t{port}\t{resolver}\t53\tudp\tdns\t{rtt:.6f}\t{asked}\t{said_bytes}\tSF\tT\tT\t0\tDd\t"
            f"1\t{asked + 28}\t1\t{said_bytes + 28}\t-",
        )  # fmt: skip
        code, said = ("0\tNOERROR", ",".join(answers)) if answers else ("3\tNXDOMAIN", "-")
        ttl = ",".join("300.000000" for _ in answers) or "-"
        self._put(
            "dns", t, tag,
            f"{ts}\t{uid}\t{source}\t{port}\t{resolver}\t53\tudp\t"
            f"{int(self._rng.random() * 65535)}\t{rtt:.6f}\t{name}\t1\tC_INTERNET\t1\tA\t{code}\t"
            f"F\tF\tT\tT\t0\t{said}\t{ttl}\tF",
        )  # fmt: skip

    def _put(self, log: str, t: int, tag: int, text: str) -> None:
        self.journals[log].add(t, 0, tag, f"{text}\t{MARK}\n")

    def _uid(self, first: str) -> str:
        draw, letters = self._rng.getrandbits(102), _LETTERS
        return first + "".join([letters[draw >> shift & 63] for shift in range(0, 102, 6)])


def _header(log: str) -> str:
    names = "\t".join(name for name, _ in _LOGS[log])
    types = "\t".join(kind for _, kind in _LOGS[log])
    return (
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        f"#path\t{log}\n#open\t{{day}}-00-00-00\n#fields\t{names}\tsynthetic\n#types\t{types}\tstring\n"
    )
