"""The one gate for what goes out: what is to be sent is queued here, and the sender is woken."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from storage.connection import Connection
from storage.outbox import held, new_rows, notices, outbox, queueing, updates
from storage.payloads import TextPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.subscribers import subscribers

Lost: TypeAlias = Callable[[Connection, "Outbox", int, datetime], Awaitable[None]]
"""What is done once a chat that was active cannot be written to any more."""


class Outbox:
    """Queues messages, each in the transaction that makes it necessary.

    ``news`` is set with them: whoever sends waits for it. It is set before the commit, for the
    sender looks in a transaction of its own, which has its turn after this one; where this one is
    rolled back it finds nothing. A process that sends nothing needs no event.
    ``on_lost`` is done in the transaction that notes a chat as lost.
    """

    def __init__(self, news: asyncio.Event | None = None, *, on_lost: Lost | None = None) -> None:
        self.news = news or asyncio.Event()
        self._on_lost = on_lost

    def wake(self) -> None:
        """What is queued may be due by now: look again."""
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
        """Answer a chat, in a topic of a group; ``access_hash`` is for those who are not stored."""
        to = replace(payload, access_hash=access_hash)
        await self._add(tx, [new_rows.answer(chat_id, key, to, now=now, topic=topic)])

    async def queue_alerts(self, tx: Connection, alerts: Sequence[NewDelivery]) -> int:
        """Tell of posts, as ``new_rows.alert`` makes them; gives how many are new."""
        return await self._add(tx, alerts)

    async def queue_updates(
        self, tx: Connection, stories: Collection[str], *, now: datetime
    ) -> None:
        """Have the messages edited that tell of these stories."""
        if await updates.add_updates(tx, stories, now=now):
            self.wake()

    async def queue_updates_of(
        self, tx: Connection, ids: Collection[int], *, now: datetime
    ) -> None:
        """Have the messages of these alerts (row ids) edited."""
        if await updates.add_updates_of(tx, ids, now=now):
            self.wake()

    async def queue_digests(self, tx: Connection, digests: Sequence[NewDelivery]) -> int:
        """Send what plans tell, as ``new_rows.digest`` makes it; gives how many are new."""
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
        """Tell somebody what happened, once; ``event`` names it, by channel and time, say."""
        row = new_rows.notice(
            chat_id, event, payload, now=now, due_at=due_at, priority=priority, topic=topic
        )
        await self._add(tx, [row])

    async def _add(self, tx: Connection, new: Sequence[NewDelivery]) -> int:
        added = await queueing.add_deliveries(tx, new) if new else 0
        if added:
            self.wake()
        return added

    async def chat_left(self, tx: Connection, chat_id: int, *, reason: str, now: datetime) -> None:
        """Somebody cannot be written to any more (``reason``, as Telegram says it): nothing more is
        tried; notices wait for them."""
        await outbox.mark_gone(tx, chat_id)
        await notices.hold_notices(tx, chat_id, reason=reason)
        if await subscribers.deactivate(tx, chat_id) and self._on_lost is not None:
            await self._on_lost(tx, self, chat_id, now)

    async def chat_stopped(self, tx: Connection, chat_id: int, *, now: datetime) -> None:
        """Somebody wants nothing more but answers."""
        await held.drop_all(tx, chat_id, now=now)
        await subscribers.deactivate(tx, chat_id)
