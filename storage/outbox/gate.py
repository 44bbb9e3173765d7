"""The one gate for outgoing messages: queues them and wakes the sender."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import TypeAlias

from storage.connection import Connection
from storage.outbox import held, new_rows, notices, outbox, queueing, updates
from storage.outbox.new_rows import New
from storage.payloads import TextPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.structs import replace
from storage.subscribers import subscribers

Lost: TypeAlias = Callable[[Connection, "Outbox", int, datetime], Awaitable[None]]
"""What is done once a chat that was active cannot be written to any more."""


class Outbox:
    """Queues messages, each in the transaction that makes it necessary.

    ``news`` wakes the sender. It is set before the commit: the sender claims in a transaction of
    its own, which waits for this one; if this one is rolled back it finds nothing. A process that
    sends nothing needs no event. ``on_lost`` runs in the transaction that marks a chat as lost.
    """

    def __init__(self, news: asyncio.Event | None = None, *, on_lost: Lost | None = None) -> None:
        self.news = news or asyncio.Event()
        self._on_lost = on_lost

    def wake(self) -> None:
        """Have the sender look again: what is queued may be due by now."""
        self.news.set()

    async def queue_answer(
        self,
        tx: Connection,
        chat_id: int,
        key: str,
        payload: TextPayload,
        *,
        now: datetime,
        access_hash: int | None = None,
        topic: int | None = None,
    ) -> None:
        """Answer a chat, in a topic of a group; ``access_hash`` is for chats that are not
        stored."""
        to = replace(payload, access_hash=access_hash)
        await self._add(tx, [new_rows.answer(chat_id, key, to, now=now, topic=topic)])

    async def queue_alerts(self, tx: Connection, alerts: Sequence[New]) -> int:
        """Queue alerts made by ``new_rows``; gives how many are new."""
        return await self._add(tx, alerts)

    async def queue_updates(
        self, tx: Connection, stories: Collection[str], *, now: datetime
    ) -> None:
        """Queue edits of the messages about these stories."""
        if await updates.add_updates(tx, stories, now=now):
            self.wake()

    async def queue_updates_of(
        self, tx: Connection, ids: Collection[int], *, now: datetime
    ) -> None:
        """Queue edits of the messages of these alerts (row ids)."""
        if await updates.add_updates_of(tx, ids, now=now):
            self.wake()

    async def queue_digests(self, tx: Connection, digests: Sequence[NewDelivery]) -> int:
        """Queue digests made by ``new_rows.digest``; gives how many are new."""
        return await self._add(tx, digests)

    async def queue_notice(
        self,
        tx: Connection,
        chat_id: int,
        event: str,
        payload: TextPayload,
        *,
        now: datetime,
        due_at: datetime | None = None,
        priority: int = PRIORITY_ALERT,
        topic: int | None = None,
    ) -> None:
        """Queue a notice of an event, once; ``event`` identifies it, for instance by channel and
        time."""
        row = new_rows.notice(
            chat_id, event, payload, now=now, due_at=due_at, priority=priority, topic=topic
        )
        await self._add(tx, [row])

    async def _add(self, tx: Connection, new: Sequence[New]) -> int:
        added = await queueing.add_deliveries(tx, new) if new else 0
        if added:
            self.wake()
        return added

    async def chat_left(self, tx: Connection, chat_id: int, *, reason: str, now: datetime) -> None:
        """Note that a chat cannot be written to any more (``reason`` in Telegram's words): nothing
        more is sent; notices wait for the chat."""
        await outbox.mark_gone(tx, chat_id)
        await notices.hold_notices(tx, chat_id, reason=reason)
        if await subscribers.lose(tx, chat_id) and self._on_lost is not None:
            await self._on_lost(tx, self, chat_id, now)

    async def chat_found(self, tx: Connection, chat_id: int, *, now: datetime) -> None:
        """Note that a chat can be written to again: what waited for it is sent, and what was given
        up for it lately."""
        await notices.release_notices(tx, chat_id, now=now)
        await notices.return_gone(tx, chat_id, now=now)
        self.wake()

    async def chat_stopped(self, tx: Connection, chat_id: int, *, now: datetime) -> None:
        """Note that a chat wants nothing but answers."""
        await held.drop_all(tx, chat_id, now=now)
        await notices.drop_gone(tx, chat_id)
        await subscribers.deactivate(tx, chat_id)
