"""Topics: where a message stands, and what goes to General when one takes nothing any more."""

from datetime import datetime

import pytest
from database_steps import mark_sent

from storage.channels import channels, wishes
from storage.connection import Connection, Database
from storage.outbox import new_rows, outbox, queueing, topics
from storage.payloads import TextPayload
from storage.subscribers import alerts, plans, silences, subscribers, surges

GROUP, OTHER = -1_000_000_000_042, -1_000_000_000_043
SAID = TextPayload(text="said")
TABLES = ("alert", "plan", "silence", "surge", "wish", "subscriber", "delivery")


async def set_up(tx: Connection, chat_id: int, topic: int | None, now: datetime) -> None:
    """One of everything that is told in a topic, and a message that waits."""
    await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    await subscribers.set_topic(tx, chat_id, topic)
    channel = await channels.add_channel(tx, channel_id=77, now=now)
    await alerts.add_alert(tx, chat_id=chat_id, query="oil", now=now, topic=topic)
    await plans.add_plan(
        tx, chat_id=chat_id, times="daily 08:00", timezone="UTC", due_at=now, now=now, topic=topic
    )
    await silences.add_silence(tx, chat_id, channel.id, now=now, topic=topic)
    await surges.add_surge(tx, chat_id, "oil", now=now, topic=topic)
    await wishes.add_wish(tx, chat_id, "@mill", now=now, topic=topic)
    new = [new_rows.answer(chat_id, f"{chat_id}:{topic}", SAID, now=now, topic=topic)]
    await queueing.add_deliveries(tx, new)


async def placed(tx: Connection, chat_id: int) -> list[int | None]:
    """The topic of the one row that each table has of a chat."""
    found = []
    for table in TABLES:
        sql = f"SELECT topic FROM {table} WHERE chat_id = ?"  # noqa: S608
        (row,) = await tx.fetch_all(sql, (chat_id,))
        found.append(row["topic"])
    return found


@pytest.mark.parametrize(("topic", "is_first"), [(12, True), (13, False)])
async def test_a_topic_is_left_by_all_that_was_told_there_and_by_nothing_else(
    database: Database, now: datetime, topic: int, is_first: bool
) -> None:
    async with database.transaction() as tx:
        await set_up(tx, GROUP, 12, now)
        await set_up(tx, OTHER, 12, now)
        assert await topics.leave_topic(tx, GROUP, topic) is is_first
        assert not await topics.leave_topic(tx, GROUP, topic)
        assert await placed(tx, GROUP) == [None if is_first else 12] * len(TABLES)
        assert await placed(tx, OTHER) == [12] * len(TABLES)


async def test_a_message_is_found_where_it_stands(database: Database, now: datetime) -> None:
    async with database.transaction() as tx:
        for number, topic in enumerate((12, None), 1):
            new = new_rows.answer(GROUP, f"k{number}", SAID, now=now, topic=topic)
            await queueing.add_deliveries(tx, [new])
            made = await outbox.find_delivery(tx, new.key)
            assert made is not None
            assert made.topic == topic
            await mark_sent(tx, made.id, 70 + number, now)
        found = [await topics.find_topic(tx, GROUP, id) for id in (71, 72, 73)]
        assert found == [12, None, None]
        assert await topics.find_topic(tx, OTHER, 71) is None
        await topics.leave_topic(tx, GROUP, 12)
        assert await topics.find_topic(tx, GROUP, 71) is None
