"""Which stream of the catalogue a Windows event belongs to, by channel, provider and event id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sakimori.records.catalogue import Log
from sakimori.records.plan import Plan, Stream

OTHER = "windows_other"


@dataclass(frozen=True, slots=True)
class _Known:
    """One log of the catalogue as this module compares it; an empty set asks for nothing."""

    log: Log
    channels: Mapping[str, str]  # lower case -> as the catalogue writes it
    providers: frozenset[str]
    event_ids: frozenset[str]

    def fits(self, provider: str, event_id: str) -> bool:
        return (not self.providers or provider in self.providers) and (
            not self.event_ids or event_id in self.event_ids
        )

    @property
    def weight(self) -> tuple[int, int]:
        return bool(self.providers), bool(self.event_ids)


class WindowsStreams:
    """The streams of one plan for Windows events, memoised.

    The most specific log of the catalogue wins: provider and event id, then provider, then event id, then the
    channel's own. An unknown or missing channel, and an event id that is no number, cannot name a stream of
    their own (evidence is hostile: a made-up id per line would make a stream per line).
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._memo: dict[tuple[str | None, str | None, str | None], Stream] = {}
        self._by_channel: dict[str, list[_Known]] = {}
        for log in plan.catalogue.logs.values():
            if log.match.get("channel"):
                self._learn(_known(log))

    def stream(self, channel: str | None, provider: str | None, event_id: str | None) -> Stream:
        """The stream for events of this channel, provider and event id."""
        key = (channel, provider, event_id)
        found = self._memo.get(key)
        if found is None:
            found = self._find((channel or "").lower(), (provider or "").lower(), _plain(event_id))
            if len(self._memo) < 65_536:
                self._memo[key] = found
        return found

    def by_provider(self, channel: str) -> bool:
        """Whether the provider decides between logs of this channel."""
        return any(known.providers for known in self._by_channel.get(channel.lower(), ()))

    def _learn(self, known: _Known) -> None:
        for channel in known.channels:
            logs = self._by_channel.setdefault(channel, [])
            logs.append(known)
            logs.sort(key=lambda k: (k.weight, k.log.name), reverse=True)

    def _find(self, channel: str, provider: str, event_id: str | None) -> Stream:
        for known in self._by_channel.get(channel, ()):
            if known.fits(provider, event_id or ""):
                constants = {"Channel": known.channels[channel]}
                if event_id is not None:
                    constants["EventID"] = event_id
                return self._plan.stream(known.log.name, constants)
        return self._plan.stream(OTHER)


def _known(log: Log) -> _Known:
    channels = {text.lower(): text for text in _texts(log.match.get("channel"))}
    providers = frozenset(text.lower() for text in _texts(log.match.get("provider")))
    return _Known(log, channels, providers, frozenset(_texts(log.match.get("event_id"))))


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(entry) for entry in value]
    return [str(value)]


def _plain(event_id: str | None) -> str | None:
    # Event ids are 16 bit numbers: https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype
    if event_id is None or not (event_id.isascii() and event_id.isdigit() and len(event_id) <= 5):
        return None
    return event_id
