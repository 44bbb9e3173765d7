"""What chats were told of events: which of their messages, and which take in more posts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents
from storage.outbox import outbox, queueing, updates
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, EventMessage, NewDelivery
from storage.stories import event_told, events
from storage.stories.event_told import MOST_VERSIONS, TAKES_FOR, Ringing
from storage.stories.events import EventPost

MakeDocument = Callable[..., Document]
POSTS = ("tg:77/1", "tg:77/2", "tg:77/3", "tg:77/4")


@pytest.fixture
async def posts(database: Database, make_document: MakeDocument, now: datetime) -> None:
    """Four posts: two of event 7, one of event 8, one of none."""
    made = [
        make_document(message_id=number, content_hash=f"{number:016x}") for number in (1, 2, 3, 4)
    ]
    async with database.transaction() as tx:
        stored = await documents.store_documents(tx, made, stored_at=now, live=True)
        ids = {one.document.doc_id: one.id for one in stored}
        rows = [
            EventPost(id=number, document_id=ids[post], event=event, russian=False)
            for number, (post, event) in enumerate(zip(POSTS, (7, 7, 8), strict=False), 1)
        ]
        await events.add_posts(tx, rows)


async def ring(
    tx: Connection, now: datetime, chat_id: int, post: str, *alerts: int, **payload: Any
) -> str:
    """Queue an alert as an event's; its key."""
    row = NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=f"{chat_id}:{post}",
        payload=AlertPayload(doc_id=post, **payload),
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        story=post,
    )
    await queueing.add_deliveries(tx, [row])
    await event_told.note(tx, [Ringing(chat_id, post, post, alerts)])
    return row.key


async def test_posts_have_the_events_that_they_tell_of(posts: None, database: Database) -> None:
    async with database.reader() as conn:
        found = await event_told.list_events(conn, [*POSTS, "tg:77/9"])
    assert found == {"tg:77/1": 7, "tg:77/2": 7, "tg:77/3": 8}


async def test_each_chat_has_its_messages_with_the_alerts_that_rang(
    posts: None, database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await ring(tx, now, 1, "tg:77/1", 4, 5)
        await ring(tx, now, 1, "tg:77/2", 6, silent=True)
        await ring(tx, now, 2, "tg:77/2", 9)
        await ring(tx, now, 2, "tg:77/3", 9)
        await event_told.note(tx, [Ringing(3, "tg:77/3", "tg:77/3", [1])])  # has no message
        found = await event_told.list_messages(tx, [7], now=now)
        both = await event_told.list_messages(tx, [7, 8, 9], now=now)
    first = EventMessage(story="tg:77/1", post="tg:77/1", alerts=frozenset({4, 5}), at=now)
    second = EventMessage(
        story="tg:77/2", post="tg:77/2", alerts=frozenset({6}), at=now, silent=True
    )
    other = EventMessage(story="tg:77/2", post="tg:77/2", alerts=frozenset({9}), at=now)
    assert found == {(1, None, 7): [first, second], (2, None, 7): [other]}
    assert both.keys() == {(1, None, 7), (2, None, 7), (2, None, 8)}


async def test_what_was_given_up_or_deleted_told_nobody(
    posts: None, database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        keys = [await ring(tx, now, 1, post, 4) for post in POSTS[:2]]
        dead, gone = [await outbox.find_delivery(tx, key) for key in keys]
        assert dead is not None
        assert gone is not None
        await outbox.mark_dead(tx, dead.id, "refused")
        found = (await event_told.list_messages(tx, [7], now=now))[1, None, 7]
        assert [one.post for one in found] == ["tg:77/2"]
        await updates.close_target(tx, gone.id)
        assert not await event_told.list_messages(tx, [7], now=now)


@pytest.mark.parametrize(
    ("versions", "age", "takes"),
    [
        (0, timedelta(0), True),
        (MOST_VERSIONS - 1, TAKES_FOR - timedelta(seconds=1), True),
        (MOST_VERSIONS, timedelta(0), False),
        (0, TAKES_FOR, False),
    ],
)
async def test_a_message_takes_in_posts_while_it_can_be_edited(
    posts: None, database: Database, now: datetime, versions: int, age: timedelta, takes: bool
) -> None:
    async with database.transaction() as tx:
        await ring(tx, now, 1, "tg:77/1", 4)
        await tx.execute("UPDATE delivery SET versions = ?", (versions,))
        (found,) = (await event_told.list_messages(tx, [7], now=now + age))[1, None, 7]
    assert found.takes is takes


@pytest.mark.parametrize(
    ("state", "bundle", "takes"),
    [
        ("queued", None, True),
        ("sent", None, True),
        ("queued", "held:9", False),
        ("bundled", "late", False),
        ("bundled", None, False),
    ],
)
async def test_what_is_a_line_of_a_list_takes_in_no_posts(
    posts: None, database: Database, now: datetime, state: str, bundle: str | None, takes: bool
) -> None:
    async with database.transaction() as tx:
        await ring(tx, now, 1, "tg:77/1", 4)
        await tx.execute("UPDATE delivery SET state = ?, bundle = ?", (state, bundle))
        (found,) = (await event_told.list_messages(tx, [7], now=now))[1, None, 7]
    assert found.takes is takes


async def test_what_rang_in_one_topic_rang_in_no_other(
    posts: None, database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await ring(tx, now, 1, "tg:77/1")
        await tx.execute("UPDATE delivery SET topic = 12")
        for topic in (None, 11):
            await event_told.note(tx, [Ringing(1, "tg:77/1", "tg:77/1", [4], topic)])
            assert not await event_told.list_messages(tx, [7], now=now)
        await event_told.note(tx, [Ringing(1, "tg:77/1", "tg:77/1", [4], 12)])
        assert (await event_told.list_messages(tx, [7], now=now)).keys() == {(1, 12, 7)}
