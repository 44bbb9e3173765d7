"""What of a file is new in a chat, what is there already, and what cannot be taken. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from handlers.chats.quiet import parse_quiet
from handlers.plans.managing import MOST_CHANNELS, NAME_LENGTH
from handlers.queries import narrowing
from handlers.render.alerts.alert_page import LIMITS, PERIODS
from handlers.render.answers.plans import MOST
from handlers.render.answers.settings import BURSTS
from handlers.render.text.names import can_be_seen
from handlers.sources import holding
from handlers.subscriptions import form
from handlers.subscriptions.form import (
    AlertEntry,
    DigestEntry,
    Entry,
    Named,
    Part,
    Record,
    Setting,
    Spoiled,
    SurgeEntry,
)
from handlers.subscriptions.present import Present, quiet_text
from handlers.times import zones
from handlers.times.plan_times import TimesError, parse_times, write_times
from storage.errors import QueryError
from storage.languages.catalogue import spoken
from storage.query.reading import syntax
from storage.query.tree import Query
from storage.records import Channel, Plan

_HIGHEST = 999_999_999_999

Verdict = Literal["new", "known", "refused"]
Reason = Literal[
    "spoiled",
    "query",
    "dates",
    "no_words",
    "times",
    "value",
    "unwatched",
    "no_channels",
    "too_many",
    "twice",
]
"""Why an entry cannot be taken: it can't be read (``Spoiled``); its query can't; that ends before a
date; asks for no words; its times can't be read; a value that nothing has (its field); a channel
that is not watched here; none of its channels is known; as many are here as may be; it stands there
before."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An entry with its query, None where it has none, and what is wrong with that."""

    entry: Entry
    query: Query | None = None
    error: QueryError | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file, read as far as that takes nothing but the file; ``left``: entries not looked at."""

    rows: tuple[Parsed, ...]
    spoiled: tuple[Spoiled, ...]
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """An entry, and what becomes of it. ``record`` is it as it is to be set up, of one that can't
    be read as it is written, None where nothing is; ``rows``: the channels it names that are known
    here; ``strangers``: those that are not watched here; ``before``: a setting as it is; ``field``
    and ``error`` say more of a reason."""

    verdict: Verdict
    part: str
    number: int
    record: Record | None = None
    query: Query | None = None
    rows: tuple[Channel, ...] = ()
    strangers: tuple[str, ...] = ()
    before: Setting | None = None
    reason: Reason | None = None
    field: str = ""
    error: QueryError | None = None
    spoiled: Spoiled | None = None


@dataclass(frozen=True, slots=True)
class Weighing:
    """All of a file, weighed; ``left``: entries not looked at."""

    weighed: tuple[Weighed, ...]
    left: int

    def of(self, verdict: Verdict) -> list[Weighed]:
        """Those of one verdict."""
        return [one for one in self.weighed if one.verdict == verdict]


def read_file(data: bytes) -> File:
    """A file with its queries. Raises FormError."""
    contained = form.read(data)
    rows = tuple(map(_parse, contained.entries))
    return File(rows, contained.spoiled, contained.left)


def _parse(entry: Entry) -> Parsed:
    written = getattr(entry.record, "query", "")
    if not written and not isinstance(entry.record, AlertEntry | SurgeEntry):
        return Parsed(entry)
    try:
        return Parsed(entry, syntax.parse(written))
    except QueryError as error:
        return Parsed(entry, error=error)


def weigh(file: File, present: Present, *, most: int) -> Weighing:
    """What of a file a chat could take that has ``present``; ``most`` is how many alerts, plans
    and signals each one may have."""
    scales = _Scales(present, most)
    weighed = [scales.weigh(row) for row in file.rows]
    weighed += [
        Weighed(
            verdict="refused",
            part=one.part,
            number=one.number,
            reason="spoiled",
            spoiled=one,
        )
        for one in file.spoiled
    ]
    return Weighing(tuple(weighed), file.left)


class _Refused(Exception):
    """An entry that cannot be taken."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.field = field


@dataclass(slots=True)
class _Scales:
    """What is there, and what was found in the file so far."""

    present: Present
    most: int
    _there: dict[str, set[object]] = field(default_factory=dict)
    _seen: set[tuple[str, object]] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)
    _held: frozenset[int] = frozenset()
    _names: frozenset[str] = frozenset()
    _by_number: Mapping[int, Channel] = field(default_factory=dict)
    _by_name: Mapping[str, Channel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        present = self.present
        rows = [row for plan in present.plans for row in plan.channels]
        self._held = frozenset((*rows, *(one.channel for one in present.silences)))
        known = [one for one in present.channels if one.watched or one.id in self._held]
        self._names = holding.names_of(one for one in known if one.watched)
        self._by_number = {one.channel_id: one for one in known if one.channel_id is not None}
        self._by_name = {one.username.lower(): one for one in known if one.username}
        plans = present.plans
        self._there = {
            "alerts": {_key(one.query) for one in present.alerts},
            "digests": {_key_of(plan) for plan in plans},
            "silences": {one.channel for one in present.silences},
            "surges": {_key(one.query) for one in present.surges},
            "settings": set(),
        }
        signals = len(present.silences) + len(present.surges)
        counts = {"alerts": len(present.alerts), "digests": len(plans), "signals": signals}
        self._counts = counts

    def weigh(self, row: Parsed) -> Weighed:
        entry = row.entry
        plain = Weighed(
            verdict="refused",
            part=entry.part,
            number=entry.number,
            record=entry.record,
            query=row.query,
        )
        if row.error is not None:
            return replace(plain, reason="query", error=row.error)
        try:
            found, key = _READERS[entry.part](self, plain)
        except _Refused as refused:
            return replace(plain, reason=refused.reason, field=refused.field)
        return self._judge(found, key)

    def _judge(self, found: Weighed, key: object) -> Weighed:
        if found.verdict == "known" or key in self._there[found.part]:
            return replace(found, verdict="known")
        if (found.part, key) in self._seen:
            return replace(found, verdict="refused", reason="twice")
        counted = {"silences": "signals", "surges": "signals"}.get(found.part, found.part)
        if counted in self._counts:
            if self._counts[counted] >= self.most:
                return replace(found, verdict="refused", reason="too_many")
            self._counts[counted] += 1
        self._seen.add((found.part, key))
        return replace(found, verdict="new")

    def read_setting(self, plain: Weighed) -> tuple[Weighed, object]:
        setting = plain.record
        assert isinstance(setting, Setting)  # noqa: S101  (narrows the type)
        value = _setting_value(setting)
        chat = self.present.chat
        now: Mapping[str, str | int] = {
            "language": chat.language or "",
            "timezone": self.present.timezone,
            "quiet": quiet_text(chat),
            "alerts_a_minute": self.present.burst_after,
        }
        before, after = Setting(setting.name, now[setting.name]), Setting(setting.name, value)
        verdict: Verdict = "known" if before == after else "new"
        return replace(plain, verdict=verdict, record=after, before=before), setting.name

    def read_alert(self, plain: Weighed) -> tuple[Weighed, object]:
        alert, query = plain.record, _query(plain)
        assert isinstance(alert, AlertEntry)  # noqa: S101  (narrows the type)
        _choose(alert.hourly_limit, LIMITS, "hourly_limit")
        _choose(alert.every_minutes, PERIODS, "every_minutes")
        if not all(map(_is_named, alert.left_out)):
            raise _Refused("value", "left_out")
        return replace(plain, strangers=self._not_watched(query)), query.text

    def _not_watched(self, query: Query) -> tuple[str, ...]:
        """The channels that a query is held to and that are not watched."""
        return holding.read_held(query).beside(self._names)

    def read_digest(self, plain: Weighed) -> tuple[Weighed, object]:
        digest = plain.record
        assert isinstance(digest, DigestEntry)  # noqa: S101  (narrows the type)
        query = _query(plain) if digest.query else None
        try:
            times = write_times(parse_times(digest.times))
        except TimesError:
            raise _Refused("times") from None
        _choose(digest.most, MOST, "most")
        if digest.name and not can_be_seen(digest.name):
            raise _Refused("value", "name")
        found = [(named, self.find(named)) for named in digest.channels]
        rows = tuple(dict.fromkeys(one for _, one in found if one is not None))
        if found and not rows:
            raise _Refused("no_channels")
        if len(rows) > MOST_CHANNELS:
            raise _Refused("value", "channels")
        strangers = [spell(named) for named, one in found if one is None or not one.watched]
        digest = replace(
            digest,
            times=times,
            name=" ".join(digest.name.split())[:NAME_LENGTH],
            query=query.written if query else "",
        )
        key = _plan_key(digest.kind, times, query.text if query else "", [row.id for row in rows])
        weighed = replace(plain, record=digest, rows=rows, strangers=tuple(strangers))
        return weighed, key

    def read_silence(self, plain: Weighed) -> tuple[Weighed, object]:
        named = plain.record
        assert isinstance(named, Named)  # noqa: S101  (narrows the type)
        channel = self.find(named)
        if channel is None or not (channel.watched or channel.id in self._there["silences"]):
            raise _Refused("unwatched")
        return replace(plain, rows=(channel,)), channel.id

    def read_surge(self, plain: Weighed) -> tuple[Weighed, object]:
        query = _query(plain)
        if query.after is not None:
            raise _Refused("dates")
        if query.root is None:
            raise _Refused("no_words")
        return replace(plain, strangers=self._not_watched(query)), query.text

    def find(self, named: Named) -> Channel | None:
        """The channel that is meant, of those that are watched or that the chat has something of:
        by its number, and by its name where it has no number, or its own is not known yet."""
        if named.id is not None and named.id in self._by_number:
            return self._by_number[named.id]
        found = self._by_name.get(named.name.lower().removeprefix("@"))
        is_other = found is not None and None not in (named.id, found.channel_id)
        return None if is_other else found


_Reader = Callable[[_Scales, Weighed], tuple[Weighed, object]]
_READERS: Mapping[Part, _Reader] = {
    "settings": _Scales.read_setting,
    "alerts": _Scales.read_alert,
    "digests": _Scales.read_digest,
    "silences": _Scales.read_silence,
    "surges": _Scales.read_surge,
}


def spell(named: Named) -> str:
    """A channel of a file, as people know it."""
    name = named.name.removeprefix("@")
    return (f"@{name}" if name else "") or named.title or str(named.id or "?")


def _is_named(named: Named) -> bool:
    """Whether it says by a number or a name that a channel may have which one it is."""
    if named.id is not None:
        return 0 < named.id <= _HIGHEST
    return narrowing.NAME.fullmatch(named.name.removeprefix("@")) is not None


def _query(plain: Weighed) -> Query:
    query = plain.query
    if query is None:
        raise _Refused("value", "query")
    if query.before is not None:
        raise _Refused("dates")
    return query


def _choose(value: object, choices: Sequence[object], name: str) -> None:
    if value not in choices or type(value) not in {type(one) for one in choices}:
        raise _Refused("value", name)


def _setting_value(setting: Setting) -> str | int:
    """A setting's value as it is kept. Raises _Refused for one that it cannot have."""
    value = setting.value
    match setting.name:
        case "language" if value in spoken():
            return value
        case "timezone" if isinstance(value, str) and (zone := zones.find_zone(value)):
            return zone
        case "quiet" if isinstance(value, str):
            span = parse_quiet(value[: form.LONGEST])
            if span is not None and span[0] != span[1]:
                return f"{span[0]:%H:%M}-{span[1]:%H:%M}{' urgent' if span[2] else ''}"
        case "alerts_a_minute" if value in (0, *BURSTS):
            return value
    raise _Refused("value", setting.name)


def _key(written: str) -> str:
    """What queries that ask the same have in common."""
    try:
        return syntax.parse(written).text if written else ""
    except QueryError:  # Only an older version read it.
        return written


def _key_of(plan: Plan) -> object:
    times = write_times(parse_times(plan.times))
    return _plan_key(plan.kind, times, _key(plan.query), plan.channels)


def _plan_key(kind: str, times: str, query: str, rows: Sequence[int]) -> object:
    return (kind, times, query, frozenset(rows))
