"""The bot's messages to groups and channels that are under way at this moment.

The watching account may read such a message before we know its number; in a channel only the number
tells that it is the bot's own, and no post.
"""

import asyncio
import contextlib

from storage.channels import chat_ids

LONGEST = 20.0
"""Seconds: a message whose number is not known after that stands in nobody's way."""


class Speaking:
    """Messages under way, by marked chat id and row of the outbox."""

    def __init__(self) -> None:
        self.chats: set[int] = set()
        self._open: dict[int, dict[int, tuple[float, asyncio.Event]]] = {}

    def begin(self, chat_id: int, row: int) -> None:
        """A message is being sent; in private chats nobody else reads."""
        if not chat_ids.is_channel(chat_id):
            return
        self.chats.add(chat_id)
        until = asyncio.get_running_loop().time() + LONGEST
        self._open.setdefault(chat_id, {})[row] = (until, asyncio.Event())

    def end(self, chat_id: int, row: int) -> None:
        """What became of it is written down."""
        rows = self._open.get(chat_id, {})
        if row in rows:
            rows.pop(row)[1].set()
        if not rows:
            self._open.pop(chat_id, None)

    async def settled(self, chat_id: int) -> None:
        """Wait until what is under way in a chat by now is written down, or takes too long."""
        loop = asyncio.get_running_loop()
        for until, over in list(self._open.get(chat_id, {}).values()):
            if (left := until - loop.time()) > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await over.wait()
