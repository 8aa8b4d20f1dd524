"""What a hunt could see and what it was blind to: logs met, rules that could speak, rules that could not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSeen:
    """A log that was in the evidence. `rules` is how many loaded rules it lets speak."""

    log: str
    title: str
    records: int
    first_seen: int | None
    last_seen: int | None
    hosts: int
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A kind of log that was not in the evidence: how many loaded rules would speak if it were.

    `logsource` is Sigma's: `windows/process_creation`. `logs` are the titles of logs that would answer it.
    """

    logsource: str
    rules: int
    logs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What of a rule held: on `records` of its logs, by selection (None where nobody counted).

    `one_away` are selections that alone stood in the way, with on how many records, the most first; `empty`
    are fields the rule asks for that no record fills.
    """

    records: int
    selections: tuple[tuple[str, int | None], ...]
    one_away: tuple[tuple[str, int], ...]
    empty: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleState:
    """One rule: `spoke`, `silent` (could run, matched nothing), `blind` (no log for it), or `refused`."""

    detector: str
    title: str
    level: str
    state: str
    events: int
    reason: str
    techniques: tuple[str, ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The whole account; `able` rules had a log to look at, `spoke` of them matched.

    `blind` has the platforms of this evidence first, the costliest blindness before the cheaper.
    """

    rules: int
    able: int
    spoke: int
    refused: int
    logs: tuple[LogSeen, ...]
    blind: tuple[Blind, ...]
    states: tuple[RuleState, ...]
