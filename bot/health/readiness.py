"""Decides by what was seen whether the service does all its work. Pure.

Numbers named ``now`` and ``…_at`` are seconds of a monotonic clock.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

from msgspec import Struct, field

from handlers.operators.troubles import Reason
from storage.records import Channel
from storage.verifying.health import Waiting

WRITE_SECONDS = 50.0
"""A minute, less the time that noticing takes; likewise for the others."""
READ_SECONDS = 50.0
ANSWER_SECONDS = 30.0
"""A broken connection is made again in less."""
SCAN_INTERVALS = 3
DUE = timedelta(minutes=5)
GRACE = timedelta(seconds=45)
"""The time that a message which was due before the start has left."""
MANY_CHATS = 100
"""If at least this many chats wait while messages are being sent, the overall rate limit explains
it."""
MOVING = timedelta(seconds=30)
MOST_FINISHED = 10_000

_NEVER = datetime.min.replace(tzinfo=UTC)

REASONS: tuple[Reason, ...] = get_args(Reason)

TEXTS: Mapping[Reason, str] = {
    "write": "nothing could be written for a minute",
    "user": "the watching account is not connected",
    "bot": "the bot is not connected",
    "channels": "a channel was not scanned for three intervals",
    "outbox": "a message has been due for five minutes",
    "database": "the database cannot be read",
    "backup": "no backup could be made",
}


class Seen(Struct, frozen=True, kw_only=True):
    """What was seen of the service: when the database was last written and read (None: it is not
    open yet), whether it is sound, and whether its server is waited for; when each account in use
    last got an answer (None: its login has ended, or it never connected); the channels (row ids)
    whose scan, and the chats whose message, is overdue."""

    wrote_at: float | None = None
    read_at: float | None = None
    is_sound: bool = True
    is_away: bool = False
    answered_at: Mapping[Reason, float | None] = field(default_factory=dict)
    unscanned: Collection[int] = ()
    stuck: Collection[int] = ()


def verdict(seen: Seen, now: float) -> tuple[Reason, ...]:
    """Why the service is not ready; empty if it is."""
    found: set[Reason] = {
        account for account, at in seen.answered_at.items() if _is_past(at, ANSWER_SECONDS, now)
    }
    if seen.wrote_at is not None and _is_past(seen.wrote_at, WRITE_SECONDS, now):
        found.add("write")
    if seen.is_away or not seen.is_sound:
        found.add("database")
    if seen.read_at is not None and _is_past(seen.read_at, READ_SECONDS, now):
        found.add("database")
    if seen.unscanned:
        found.add("channels")
    if seen.stuck:
        found.add("outbox")
    return in_order(found)


def in_order(reasons: Collection[Reason]) -> tuple[Reason, ...]:
    """Each of these reasons once, in the order in which they are always reported."""
    return tuple(reason for reason in REASONS if reason in reasons)


def _is_past(at: float | None, seconds: float, now: float) -> bool:
    return at is None or now - at > seconds


class Scans:
    """Finds the channels whose scan is overdue. A channel that cannot be read is never overdue."""

    def __init__(self) -> None:
        self._readable_since: dict[int, datetime] = {}

    def observe(
        self, channels: Iterable[Channel], *, interval: float, is_out: bool, now: datetime
    ) -> tuple[int, ...]:
        """The row ids of channels that were not scanned for three intervals (``interval`` in
        seconds), though they could be read all that time. ``is_out``: nothing can be read or stored
        now."""
        if is_out:
            self._readable_since.clear()
        readable = {channel.id: channel for channel in channels if channel.error is None}
        self._readable_since = {row: self._readable_since.get(row, now) for row in readable}
        longest = timedelta(seconds=SCAN_INTERVALS * interval)
        return tuple(
            row
            for row, channel in readable.items()
            if now - max(self._readable_since[row], channel.last_scan_at or _NEVER) > longest
        )


class Queue:
    """Finds the chats that wait too long for a message that is due."""

    def __init__(self) -> None:
        self._since: dict[tuple[int, bool], datetime] = {}
        self._finished: dict[int, datetime] = {}
        self._finished_at = _NEVER

    def finished(self, chat_id: int, at: datetime) -> None:
        """Note that a message to a chat was sent or given up, so its queue moves."""
        self._finished_at = max(self._finished_at, at)
        self._finished.pop(chat_id, None)  # the last that moved is the last to be forgotten
        self._finished[chat_id] = at
        if len(self._finished) > MOST_FINISHED:
            del self._finished[next(iter(self._finished))]

    def observe(
        self, waiting: Iterable[Waiting], *, explains: Callable[[Waiting], bool], now: datetime
    ) -> tuple[int, ...]:
        """The chats whose queue has stood still for too long. ``explains``: whether a rate limit,
        or a wait that Telegram asked for, explains now why a row waits."""
        rows = list(waiting)
        is_many = len({row.chat_id for row in rows}) >= MANY_CHATS
        is_moving = is_many and now - self._finished_at < MOVING
        self._since = {
            (row.chat_id, row.is_edit): now
            if is_moving or explains(row)
            else self._waits_since(row, now)
            for row in rows
        }
        return tuple(chat_id for (chat_id, _), at in self._since.items() if now - at > DUE)

    def _waits_since(self, row: Waiting, now: datetime) -> datetime:
        # What is seen for the first time, after a start above all, is let go first.
        first = min(now, max(row.due_at, now - DUE + GRACE))
        since = self._since.get((row.chat_id, row.is_edit), first)
        return max(since, self._finished.get(row.chat_id, since))
