"""The queue in front of Telethon's update loop.

The answer to each sent message carries updates about it, and the loop takes a few turns of the
event loop for each item: while many messages are sent, what people write would wait behind hundreds
of them.
"""

import asyncio
from collections import deque

from telethon.tl import types


class UpdatesQueue(asyncio.Queue[types.TypeUpdates]):
    """A queue that merges consecutive answers to our own calls into one item.

    They have no numbers as a whole (``seq`` 0, core.telegram.org/api/updates); their updates count
    by their own numbers, in one item as in many.
    """

    _queue: deque[types.TypeUpdates]

    def _put(self, item: types.TypeUpdates) -> None:
        last = self._queue[-1] if self._queue else None
        if last is None or not (_is_own(item) and _is_own(last)):
            self._queue.append(item)
            return
        last.updates += item.updates
        last.users += item.users
        last.chats += item.chats
        last.date = item.date


class DeafQueue(UpdatesQueue):
    """A queue for a client that handles no updates: it drops every item."""

    def _put(self, item: types.TypeUpdates) -> None:
        """Drop the item."""


def _is_own(item: types.TypeUpdates | None) -> bool:
    return (
        isinstance(item, types.Updates) and not item.seq and getattr(item, "_self_outgoing", False)
    )
