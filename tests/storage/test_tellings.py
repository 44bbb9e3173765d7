"""One alert of a story for each chat."""

from dataclasses import replace
from datetime import datetime

from storage import outbox, subscribers, tellings
from storage.database import Database
from storage.records import PRIORITY_ALERT, NewDelivery


def row(chat_id: int, story: str, number: int, now: datetime) -> NewDelivery:
    return NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=f"{chat_id}:{number}",
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        story=story,
    )


async def test_a_story_is_news_once_to_each_chat(database: Database, now: datetime) -> None:
    first, other_story, other_chat = row(1, "a", 1, now), row(1, "b", 2, now), row(2, "a", 1, now)
    repost = row(1, "a", 3, now)
    async with database.transaction() as tx:
        await outbox.add_deliveries(tx, [first])
        told = await tellings.list_told(tx, [repost, other_story, other_chat])
    assert told == {(1, "a")}
    assert tellings.leave_told([repost, other_story, other_chat], told) == [other_story, other_chat]
    assert tellings.leave_told([first, repost, other_chat], set()) == [first, other_chat]


def test_alerts_without_a_story_are_each_their_own(now: datetime) -> None:
    rows = [replace(row(1, "a", number, now), story=None) for number in (1, 2)]
    assert tellings.leave_told(rows, set()) == rows


async def test_who_comes_back_after_being_forgotten_is_another_reader(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        again = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        await outbox.add_deliveries(tx, [row(1, "a", 1, now)])
        await subscribers.remove_subscriber(tx, 1)
        assert await tellings.list_told(tx, [row(1, "a", 2, now)]) == set()
        anew = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        assert await subscribers.list_incarnations(tx, [1, 2]) == {1: anew.incarnation}
    assert first.incarnation == again.incarnation != anew.incarnation
    assert len(anew.incarnation) == 16
