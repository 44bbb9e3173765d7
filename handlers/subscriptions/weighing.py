"""What of a file is new in a chat, what is there already, and what cannot be taken. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from handlers.plans.managing import MOST_CHANNELS, NAME_LENGTH
from handlers.render.alerts.alert_page import LIMITS, PERIODS
from handlers.render.answers.plans import MOST
from handlers.render.text.names import can_be_seen
from handlers.sources import holding
from handlers.subscriptions import form
from handlers.subscriptions.form import (
    AlertEntry,
    DigestEntry,
    Named,
    NumberedEntry,
    Part,
    Record,
    Setting,
    Spoiled,
    SurgeEntry,
)
from handlers.subscriptions.present import Present, name_channel, quiet_text
from handlers.subscriptions.values import (
    MOST_LEFT_OUT,
    Reason,
    Refused,
    choose,
    is_named,
    mute_name,
    setting_value,
    spell,
)
from handlers.times.plan_times import TimesError, parse_times, write_times
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.tree import Query
from storage.records import Alert, Channel, Mute, Plan
from storage.structs import replace

_OF_ALERTS = ("paused", "urgent", "silent", "once", "hourly_limit", "every_minutes")
_OF_PLANS = ("name", "most", "short", "says_nothing_new", "paused")

Verdict = Literal["new", "known", "refused"]


class Parsed(Struct, frozen=True):
    """An entry with its query, None where it has none, and what is wrong with that."""

    entry: NumberedEntry
    query: Query | None = None
    error: QueryError | None = None


class File(Struct, frozen=True):
    """A file, read as far as that takes nothing but the file; ``left``: entries not looked at."""

    rows: tuple[Parsed, ...]
    spoiled: tuple[Spoiled, ...]
    left: int


class Weighed(Struct, frozen=True, kw_only=True):
    """An entry, and what becomes of it. ``record`` is it as it is to be set up, of one that can't
    be read as it is written, None where nothing is; ``rows``: the channels it names that are known
    here; ``strangers``: those that are not watched here (those of a query: see ``Weighing``);
    ``before``: a setting as it is; ``differs``: it is here otherwise than the file has it;
    ``field`` and ``error`` say more of a reason."""

    verdict: Verdict
    part: str
    number: int
    record: Record | None = None
    query: Query | None = None
    rows: tuple[Channel, ...] = ()
    strangers: tuple[str, ...] = ()
    before: Setting | None = None
    differs: bool = False
    reason: Reason | None = None
    field: str = ""
    error: QueryError | None = None
    spoiled: Spoiled | None = None


class Weighing(Struct, frozen=True):
    """All of a file, weighed; ``left``: entries not looked at; ``watched``: the channels that
    are."""

    weighed: tuple[Weighed, ...]
    left: int
    watched: tuple[Channel, ...] = ()

    def of(self, verdict: Verdict) -> list[Weighed]:
        """Those of one verdict, settings first: what follows them is set up by those."""
        found = [one for one in self.weighed if one.verdict == verdict]
        return sorted(found, key=lambda one: one.part != "settings")

    def with_strangers(self, some: Sequence[Weighed]) -> list[Weighed]:
        """The same, with the channels that their queries are held to and that are not watched: to
        find those takes long, so it is for what is shown alone."""
        names = holding.names_of(self.watched)
        return [
            replace(one, strangers=holding.read_held(one.query).beside(names))
            if one.verdict == "new" and one.query and one.part in ("alerts", "surges")
            else one
            for one in some
        ]


def read_file(data: bytes) -> File:
    """A file with its queries. Raises FormError."""
    contained = form.read(data)
    rows = tuple(map(_parse, contained.entries))
    return File(rows, contained.spoiled, contained.left)


def _parse(entry: NumberedEntry) -> Parsed:
    written = getattr(entry.record, "query", "")
    if not written and not isinstance(entry.record, AlertEntry | SurgeEntry):
        return Parsed(entry)
    try:
        return Parsed(entry, syntax.parse(written))
    except QueryError as error:
        return Parsed(entry, error=error)


def read_keys(present: Present) -> Mapping[str, str]:
    """The queries of a chat, and what those that ask the same have in common: it takes long."""
    asked = [one.query for one in present.alerts]
    asked += [one.query for one in present.plans]
    asked += [one.query for one in present.surges]
    return {written: _key(written) for written in asked}


def weigh(
    file: File, present: Present, *, most: int, keys: Mapping[str, str] | None = None
) -> Weighing:
    """What of a file a chat could take that has ``present``; ``most`` is how many alerts, plans
    and signals each one may have; ``keys`` are its queries as ``read_keys`` gives them."""
    scales = _Scales(present, most, keys or {})
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
    watched = tuple(one for one in present.channels if one.watched)
    return Weighing(tuple(weighed), file.left, watched)


@dataclass(slots=True)
class _Scales:
    """What is there, and what was found in the file so far."""

    present: Present
    most: int
    keys: Mapping[str, str]
    _there: dict[str, dict[object, object]] = field(default_factory=dict)
    _seen: set[tuple[str, object]] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)
    _held: frozenset[int] = frozenset()
    _numbers: Mapping[str, int | None] = field(default_factory=dict)
    _by_number: Mapping[int, Channel] = field(default_factory=dict)
    _by_name: Mapping[str, Channel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        present = self.present
        rows = [row for plan in present.plans for row in plan.channels]
        self._held = frozenset((*rows, *(one.channel for one in present.silences)))
        known = [one for one in present.channels if one.watched or one.id in self._held]
        self._numbers = {
            one.username.lower(): one.channel_id for one in present.channels if one.username
        }
        self._by_number = {one.channel_id: one for one in known if one.channel_id is not None}
        self._by_name = {one.username.lower(): one for one in known if one.username}
        plans = present.plans
        self._there = {
            "alerts": {self._key(one.query): one for one in present.alerts},
            "digests": {self._key_of(plan): plan for plan in plans},
            "silences": {one.channel: one for one in present.silences},
            "surges": {self._key(one.query): one for one in present.surges},
            "settings": {},
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
        except Refused as refused:
            return replace(plain, reason=refused.reason, field=refused.field)
        return self._judge(found, key)

    def _judge(self, found: Weighed, key: object) -> Weighed:
        if found.verdict == "known" or key in self._there[found.part]:
            there = self._there[found.part].get(key)
            return replace(found, verdict="known", differs=self._differs(found.record, there))
        if (found.part, key) in self._seen:
            return replace(found, verdict="refused", reason="twice")
        counted = {"silences": "signals", "surges": "signals"}.get(found.part, found.part)
        if counted in self._counts:
            if self._counts[counted] >= self.most:
                return replace(found, verdict="refused", reason="too_many")
            self._counts[counted] += 1
        self._seen.add((found.part, key))
        return replace(found, verdict="new")

    def _key(self, written: str) -> str:
        known = self.keys.get(written)
        return _key(written) if known is None else known

    def _key_of(self, plan: Plan) -> object:
        times = write_times(parse_times(plan.times))
        return _plan_key(plan.kind, times, self._key(plan.query), plan.channels)

    def _differs(self, record: Record | None, there: object) -> bool:
        """Whether what is there is otherwise than an entry that asks the same."""
        fields: Sequence[str]
        match record, there:
            case AlertEntry(), Alert():
                muted = {self._mute(one) for one in self.present.left_out.get(there.id, ())}
                wanted = {mute_name(one, self._numbers) for one in record.left_out}
                fields = _OF_ALERTS
            case DigestEntry(), Plan():
                muted, wanted = set(), set()
                fields = _OF_PLANS
            case _:
                return False
        told = any(getattr(record, name) != getattr(there, name) for name in fields)
        return told or muted != wanted

    def _mute(self, mute: Mute) -> str:
        if not mute.channel.startswith("@"):
            return mute.channel
        return mute_name(Named(name=mute.channel), self._numbers)

    def read_setting(self, plain: Weighed) -> tuple[Weighed, object]:
        setting = plain.record
        assert isinstance(setting, Setting)  # noqa: S101  (narrows the type)
        value = setting_value(setting)
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
        choose(alert.hourly_limit, LIMITS, "hourly_limit")
        choose(alert.every_minutes, PERIODS, "every_minutes")
        if len(alert.left_out) > MOST_LEFT_OUT:
            raise Refused("channels", "left_out")
        if not all(map(is_named, alert.left_out)):
            raise Refused("value", "left_out")
        return plain, query.text

    def read_digest(self, plain: Weighed) -> tuple[Weighed, object]:
        digest = plain.record
        assert isinstance(digest, DigestEntry)  # noqa: S101  (narrows the type)
        query = _query(plain) if digest.query else None
        try:
            times = write_times(parse_times(digest.times))
        except TimesError:
            raise Refused("times") from None
        choose(digest.most, MOST, "most")
        if digest.name and not can_be_seen(digest.name):
            raise Refused("value", "name")
        if len(digest.channels) > MOST_CHANNELS:
            raise Refused("channels", "channels")
        found = [(named, self.find(named)) for named in digest.channels]
        rows = tuple(dict.fromkeys(one for _, one in found if one is not None))
        if found and not rows:
            raise Refused("no_channels")
        strangers = [
            spell((one and name_channel(one)) or named)
            for named, one in found
            if one is None or not one.watched
        ]
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
            raise Refused("unwatched")
        return replace(plain, rows=(channel,)), channel.id

    def read_surge(self, plain: Weighed) -> tuple[Weighed, object]:
        query = _query(plain)
        if query.after is not None:
            raise Refused("after")
        return plain, query.text

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


def _query(plain: Weighed) -> Query:
    query = plain.query
    if query is None:
        raise Refused("value", "query")
    if query.before is not None:
        raise Refused("dates")
    return query


def _key(written: str) -> str:
    """What queries that ask the same have in common."""
    try:
        return syntax.parse(written).text if written else ""
    except QueryError:  # Only an older version read it.
        return written


def _plan_key(kind: str, times: str, query: str, rows: Sequence[int]) -> object:
    return (kind, times, query, frozenset(rows))
