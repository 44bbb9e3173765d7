"""The channels that are watched, as the running process knows them.

The database says which channels those are: the list is changed there, by whichever process, and
followed here. What is kept here is how far each is read, for the pushes and for the scans.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.intake.posts import ElsewhereError, Others
from bot.telegram.rich_messages import lacks
from bot.watching.history import Item
from storage.connection import Connection
from storage.records import Channel
from storage.structs import replace

KEPT_STATES = 400


async def _nobodys(_: Connection, __: Collection[int]) -> frozenset[int]:
    return frozenset()


@dataclass(slots=True)
class Reach:
    """How much of a channel has been seen, gaps or not: its newest id, and Telegram's ``pts``."""

    message_id: int
    pts: int = 0


class Watchlist:
    """The watched channels that can be read somehow, by their row.

    ``on_dropped`` is told the row of each that is watched no more. Where several watch, ``is_ours``
    says of a row whether this process reads that channel, and ``others`` gives those of rows that
    it does not, as it stands until a transaction ends: that one is asked before anything is written
    of a channel."""

    def __init__(self) -> None:
        self.is_ours: Callable[[int], bool] = lambda _: True
        self.others: Others = _nobodys
        self.on_dropped: Callable[[int], None] = lambda _: None
        self._channels: dict[int, Channel] = {}
        self._rows: dict[int, int] = {}
        self._reaches: dict[int, Reach] = {}
        self._states: dict[int, dict[tuple[int, ...], object]] = {}

    def __len__(self) -> int:
        return len(self._channels)

    def find(self, channel_id: int) -> Channel | None:
        """The watched channel with this bare id, or None."""
        return self._channels.get(self._rows.get(channel_id, 0))

    def get(self, row: int) -> Channel | None:
        """The watched channel of this row, or None."""
        return self._channels.get(row)

    def list_all(self) -> list[Channel]:
        """All watched channels that can be read."""
        return list(self._channels.values())

    def put(self, channel: Channel) -> None:
        """Watch this channel, or know it better, where it is ours."""
        if not self.is_ours(channel.id):
            return
        self._channels[channel.id] = channel
        if channel.channel_id is not None:
            self._rows[channel.channel_id] = channel.id
        if channel.last_scan_at is not None:
            self._reaches.setdefault(channel.id, Reach(channel.cursor))

    def drop(self, row: int) -> None:
        """Watch this channel no more."""
        channel = self._channels.pop(row, None)
        if channel is not None and channel.channel_id is not None:
            self._rows.pop(channel.channel_id, None)
        self._reaches.pop(row, None)
        self._states.pop(row, None)
        self.on_dropped(row)

    async def holds(self, tx: Connection, row: int) -> bool:
        """Whether this process reads a channel until the transaction has ended."""
        return not await self.others(tx, [row])

    async def insist(self, tx: Connection, row: int) -> None:
        """Raise ElsewhereError where another process reads a channel by now."""
        if not await self.holds(tx, row):
            raise ElsewhereError(frozenset([row]))

    def scanned(self, row: int, cursor: int, at: datetime, *, pts: int = 0) -> None:
        """A scan has read everything up to ``cursor``."""
        channel = self._channels.get(row)
        if channel is None:
            return
        floor = cursor if channel.last_scan_at is None else channel.floor
        self.put(replace(channel, cursor=max(cursor, channel.cursor), floor=floor, last_scan_at=at))
        self.reached(row, cursor, pts)

    def reach(self, row: int) -> Reach | None:
        """How much of a channel has been seen; None before its first scan."""
        return self._reaches.get(row)

    def reached(self, row: int, message_id: int, pts: int) -> None:
        """Note the newest that was seen of a channel: a push of it shows no gap then."""
        reach = self._reaches.get(row)
        if reach is not None:
            reach.message_id = max(reach.message_id, message_id)
            reach.pts = max(reach.pts, pts)

    def is_stored(self, row: int, item: Item) -> bool:
        """Whether the post was stored just as it is, as far as is remembered."""
        return self._states.get(row, {}).get(item.ids) == item.state

    def stored(self, row: int, items: list[Item] | tuple[Item, ...]) -> None:
        """Note that these posts are stored as they are; one that came in part is stored again."""
        states = self._states.setdefault(row, {})
        for item in items:
            states.pop(item.ids, None)
            if not lacks(item.messages):
                states[item.ids] = item.state
        while len(states) > KEPT_STATES:
            del states[next(iter(states))]

    def deleted(self, row: int, message_ids: Iterable[int]) -> None:
        """These messages were deleted; should they appear again, they are to be stored again."""
        gone = {*message_ids}
        states = self._states.get(row, {})
        for ids in [ids for ids in states if not gone.isdisjoint(ids)]:
            del states[ids]
