"""The watched channels in the memory of the running process.

The database says which channels those are: any process changes the list there, and it is followed
here. Kept here is how far each is read, for the pushes and the scans.
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
    """How much of a channel has been seen, gaps or not: its newest message id, and Telegram's
    ``pts``."""

    message_id: int
    pts: int = 0


class Watchlist:
    """The watched channels that can be read somehow, by row id.

    ``on_dropped`` is called with the row id of each channel that is dropped. If several processes
    watch, ``is_ours`` says whether this process reads a channel (row id), and ``others`` finds
    those that others read, valid until the transaction ends: it is asked before anything of a
    channel is written.
    """

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
        """The watched channel with this row id, or None."""
        return self._channels.get(row)

    def list_all(self) -> list[Channel]:
        """All watched channels that can be read."""
        return list(self._channels.values())

    def put(self, channel: Channel) -> None:
        """Watch this channel, or update what is known of it, if this process is its reader."""
        if not self.is_ours(channel.id):
            return
        self._channels[channel.id] = channel
        if channel.channel_id is not None:
            self._rows[channel.channel_id] = channel.id
        if channel.last_scan_at is not None:
            self._reaches.setdefault(channel.id, Reach(channel.cursor))

    def drop(self, row: int) -> None:
        """Stop watching this channel."""
        channel = self._channels.pop(row, None)
        if channel is not None and channel.channel_id is not None:
            self._rows.pop(channel.channel_id, None)
        self._reaches.pop(row, None)
        self._states.pop(row, None)
        self.on_dropped(row)

    async def holds(self, tx: Connection, row: int) -> bool:
        """Whether this process reads a channel; valid until the transaction ends."""
        return not await self.others(tx, [row])

    async def insist(self, tx: Connection, row: int) -> None:
        """Raise ElsewhereError if another process reads a channel."""
        if not await self.holds(tx, row):
            raise ElsewhereError(frozenset([row]))

    def scanned(self, row: int, cursor: int, at: datetime, *, pts: int = 0) -> None:
        """Note that a scan has read everything up to ``cursor``."""
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
        """Note the newest message and ``pts`` that were seen: later pushes are compared with
        them."""
        reach = self._reaches.get(row)
        if reach is not None:
            reach.message_id = max(reach.message_id, message_id)
            reach.pts = max(reach.pts, pts)

    def is_stored(self, row: int, item: Item) -> bool:
        """Whether this version of the post is known to be stored; only the last ``KEPT_STATES``
        posts of a channel are remembered."""
        return self._states.get(row, {}).get(item.ids) == item.state

    def stored(self, row: int, items: list[Item] | tuple[Item, ...]) -> None:
        """Note that these versions of posts are stored. Posts that came in part are not noted, so
        that they are stored again."""
        states = self._states.setdefault(row, {})
        for item in items:
            states.pop(item.ids, None)
            if not lacks(item.messages):
                states[item.ids] = item.state
        while len(states) > KEPT_STATES:
            del states[next(iter(states))]

    def deleted(self, row: int, message_ids: Iterable[int]) -> None:
        """Note that these messages were deleted; if they appear again, they are stored again."""
        gone = {*message_ids}
        states = self._states.get(row, {})
        for ids in [ids for ids in states if not gone.isdisjoint(ids)]:
            del states[ids]
