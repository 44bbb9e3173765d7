"""Edits of alerts whose stories went on: which messages they are for, and when they go."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents
from storage.outbox import outbox, queueing, updates
from storage.payloads import AlertPayload, EditPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.subscribers import subscribers

SECOND = timedelta(seconds=1)


@pytest.fixture
async def sent(database: Database, now: datetime) -> Any:
    """Queues an alert of a chat about a post of a story, and sends it as message ``number``."""

    async def send(
        tx: Connection,
        number: int | None,
        *,
        story: str = "a",
        chat_id: int = 1,
        at: datetime = now,
    ) -> int:
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        key = f"{chat_id}:{story}:{number}"
        row = NewDelivery(
            chat_id=chat_id,
            kind="alert",
            key=key,
            payload=AlertPayload(doc_id=key),
            priority=PRIORITY_ALERT,
            due_at=at,
            created_at=at,
            story=story,
        )
        await queueing.add_deliveries(tx, [row])
        queued = await outbox.find_delivery(tx, key)
        assert queued is not None
        if number != 0:
            await mark_sent(tx, queued.id, number, at)
        return queued.id

    return send


Send = Callable[..., Awaitable[int]]


async def targets(tx: Connection) -> list[int]:
    rows = await tx.fetch_all(
        "SELECT target FROM delivery WHERE kind = 'update' AND state = 'queued' ORDER BY id"
    )
    return [row["target"] for row in rows]


async def test_alerts_that_are_out_are_edited_once_at_a_time(
    database: Database, sent: Send, now: datetime
) -> None:
    async with database.transaction() as tx:
        first, other = await sent(tx, 7), await sent(tx, 8, story="b")
        await sent(tx, 0)  # is not out yet
        await sent(tx, None)  # its number is not known
        assert await updates.add_updates(tx, ["a"], now=now) == 1
        assert await updates.add_updates(tx, ["a"], now=now) == 0
        assert await updates.add_updates(tx, ["c"], now=now) == 0
        assert await updates.add_updates_of(tx, [first, other], now=now) == 1
        assert await targets(tx) == [first, other]


async def test_an_alert_under_way_is_edited_when_it_is_out(
    database: Database, sent: Send, now: datetime
) -> None:
    async with database.transaction() as tx:
        id = await sent(tx, 0)
        await outbox.claim_due(tx, now=now, limit=1, lease_until=now + SECOND)
        assert await updates.add_updates(tx, ["a"], now=now) == 1
        assert await targets(tx) == [id]


async def test_an_edit_under_way_may_be_followed_by_another(
    database: Database, sent: Send, now: datetime
) -> None:
    async with database.transaction() as tx:
        id = await sent(tx, 7)
        await updates.add_updates(tx, ["a"], now=now)
        later = now + updates.FIRST_DELAY
        (edit,) = await outbox.claim_due(tx, now=later, limit=9, lease_until=later + SECOND)
        assert (edit.kind, edit.target) == ("update", id)
        assert await updates.add_updates(tx, ["a"], now=later) == 1
        assert await targets(tx) == [id, id]


async def test_each_edit_of_a_message_waits_longer_than_the_one_before(
    database: Database, sent: Send, now: datetime
) -> None:
    delays = []
    async with database.transaction() as tx:
        id = await sent(tx, 7)
        while await updates.add_updates(tx, ["a"], now=now):
            row = await tx.fetch_one(
                "SELECT id, key FROM delivery WHERE kind = 'update' ORDER BY id DESC LIMIT 1"
            )
            assert row is not None
            edit = await outbox.find_delivery(tx, row["key"])
            assert edit is not None
            assert (edit.chat_id, edit.target, edit.payload) == (1, id, EditPayload())
            assert edit.expires_at == now + timedelta(hours=48)
            delays.append((edit.due_at - now).total_seconds())
            await mark_sent(tx, edit.id, None, now)
    assert delays == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900]


@pytest.mark.parametrize(("age", "count"), [(timedelta(hours=48) - SECOND, 1),
                                            (timedelta(hours=48), 0)])  # fmt: skip
async def test_what_is_two_days_old_is_edited_no_more(
    database: Database, sent: Send, now: datetime, age: timedelta, count: int
) -> None:
    async with database.transaction() as tx:
        id = await sent(tx, 7, at=now - age)
        assert await updates.add_updates(tx, ["a"], now=now) == count
        assert await updates.add_updates_of(tx, [id], now=now) == 0
        assert await targets(tx) == [id] * count


async def test_who_is_away_or_has_deleted_the_message_gets_no_edit(
    database: Database, sent: Send, now: datetime
) -> None:
    async with database.transaction() as tx:
        deleted, away, left = [await sent(tx, 7, chat_id=number) for number in (1, 2, 3)]
        await updates.add_updates(tx, ["a"], now=now)
        await updates.close_target(tx, deleted)
        assert await targets(tx) == [away, left]
        assert (await outbox.count_by_state(tx)) == {"sent": 3, "dropped": 1, "queued": 2}
        await updates.close_target(tx, away)
        await subscribers.deactivate(tx, 3)
        assert await updates.add_updates_of(tx, [deleted, away, left], now=now) == 0


async def test_the_stories_of_messages_are_those_of_their_posts(
    database: Database, now: datetime, make_document: Callable[..., Document]
) -> None:
    async with database.transaction() as tx:
        posts = [make_document(f"Post {number}", message_id=number) for number in (1, 2)]
        await documents.store_documents(tx, posts, stored_at=now, live=True)
        found = await updates.list_stories_of(tx, channel_id=77, message_ids=[1, 2, 3])
        assert found == {"tg:77/1", "tg:77/2"}
        assert await updates.list_stories_of(tx, channel_id=78, message_ids=[1]) == set()
