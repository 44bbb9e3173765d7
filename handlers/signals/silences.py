"""Telling of channels that fell silent, and of those that can't be read.

A pause is known up to the last reading that reached the channel's end, and no further. One whose
end came between two pages of what was missed is none: it must have been read twice with nothing
new.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from handlers.render.answers import silences as shown
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.signals.known_pauses import KnownPauses, Pause
from handlers.signals.recipients import Recipients
from handlers.texts.words import Words
from storage import times
from storage.channels import channels
from storage.connection import Connection, Database
from storage.records import Channel
from storage.subscribers import silences
from storage.subscribers.silences import Silence

UNREAD = timedelta(hours=6)
"""A channel that was not read for so long is said not to be readable."""
GRACE = timedelta(minutes=30)
"""So long after a channel is first looked at (after a start, or watched again) nothing is said of
that: it may be read in a moment."""

log = structlog.get_logger("signals")


@dataclass(slots=True)
class Silences:
    """Looks at the channels whose silence somebody wants to be told of."""

    database: Database
    recipients: Recipients
    clock: Callable[[], datetime]
    _pauses: KnownPauses = field(default_factory=KnownPauses)
    _read: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    _since: dict[int, datetime] = field(default_factory=dict)

    async def run(self) -> bool:
        """Tell what is to be told by now; whether there is more to know soon. Raises
        StorageError."""
        now, is_more = self.clock(), False
        async with self.database.reader() as conn:
            asked = await silences.list_asked(conn)
        by_channel: defaultdict[int, list[Silence]] = defaultdict(list)
        for one in asked:
            by_channel[one.channel].append(one)
        self._since = {row: self._since.get(row, now) for row in by_channel}
        for row, wanted in by_channel.items():
            is_more |= await self._look(row, wanted, now)
        return is_more

    async def _look(self, row: int, wanted: Sequence[Silence], now: datetime) -> bool:
        async with self.database.reader() as conn:
            channel = await channels.find_watched(conn, row)
            if channel is None:
                return False
            read_at = channel.last_scan_at or channel.added_at
            pause = None
            if channel.last_scan_at is not None:
                pause = await self._pauses.find(conn, channel, now=now)
        if now - read_at >= UNREAD:
            await self._tell_unread(channel, wanted, read_at, now)
            return False
        if pause is None or pause.at is None or read_at < pause.at:
            self._read.pop(row, None)
            return False
        new = [one for one in wanted if one.told_of != pause.last.at]
        if new and self._is_read_twice(row, pause, read_at):
            await self._tell_silent(channel, new, pause, read_at)
            return False
        return bool(new)

    def _is_read_twice(self, row: int, pause: Pause, read_at: datetime) -> bool:
        """Whether a channel that seems to be silent was read again since, with nothing new."""
        last, before = self._read.setdefault(row, (pause.last.at, read_at))
        if last != pause.last.at:
            self._read[row] = (pause.last.at, read_at)
            return False
        return read_at > before

    async def _tell_silent(
        self, channel: Channel, new: Sequence[Silence], pause: Pause, read_at: datetime
    ) -> None:
        last = pause.last

        def say(here: Here, words: Words) -> Message:
            return shown.silence_told(channel, last.at, last.message_id, pause.usual, here, words)

        event = f"silence:{channel.channel_id}:{times.to_epoch(last.at)}"
        async with self.database.transaction() as tx:
            told = await self._queue(tx, new, event, say, read_at)
            for one in told:
                await silences.note_told(tx, one, last.at)
        log.info("a channel is silent", channel=channel.channel_id, told=len(told))

    async def _tell_unread(
        self, channel: Channel, wanted: Sequence[Silence], read_at: datetime, now: datetime
    ) -> None:
        if now - self._since[channel.id] < GRACE:
            return
        new = [one for one in wanted if one.unread_of != read_at]

        def say(here: Here, words: Words) -> Message:
            return shown.not_read_told(channel, read_at, here, words)

        if new:
            named = channel.channel_id or channel.username or channel.reference
            event = f"unread:{named}:{times.to_epoch(read_at)}"
            async with self.database.transaction() as tx:
                told = await self._queue(tx, new, event, say, now)
                for one in told:
                    await silences.note_unread(tx, one, read_at)
            log.info("a channel is not read", channel=channel.channel_id, told=len(told))

    async def _queue(
        self,
        tx: Connection,
        wanted: Sequence[Silence],
        event: str,
        say: Callable[[Here, Words], Message],
        now: datetime,
    ) -> list[Silence]:
        """Tell those who ask still and are not stopped; gives these."""
        told = []
        for asked in wanted:
            one = await silences.find_present(tx, asked)
            if one is not None and await self.recipients.tell(
                tx, one.chat_id, event, say, now=now, topic=one.topic
            ):
                told.append(one)
        return told
