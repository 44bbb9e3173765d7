"""Which messages are known to be out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from database_steps import mark_sent

from storage.connection import Connection
from storage.outbox import outbox, sent_before

SECOND = timedelta(seconds=1)
PEOPLE = range(0, 100)


async def sent(
    tx: Connection, queue: Callable[..., Any], key: str, chat_id: int, number: int | None,
    at: datetime,
) -> None:  # fmt: skip
    await queue(key, chat_id=chat_id)
    row = await outbox.find_delivery(tx, key)
    assert row is not None
    await mark_sent(tx, row.id, number, at)


async def test_the_latest_message_that_was_out_by_a_time_is_found(
    tx: Connection, queue: Callable[..., Any], now: datetime
) -> None:
    assert await sent_before.find_sent_before(tx, now, PEOPLE) is None
    for number in range(1, 4):
        await sent(tx, queue, f"a{number}", 5, number, now + number * SECOND)
    await sent(tx, queue, "unknown", 5, None, now)
    await sent(tx, queue, "below", -1, 70, now)
    await sent(tx, queue, "above", 100, 80, now)
    await queue("waits")
    assert await sent_before.find_sent_before(tx, now + SECOND, PEOPLE) is None
    assert await sent_before.find_sent_before(tx, now + 2 * SECOND, PEOPLE) == 1
    assert await sent_before.find_sent_before(tx, now + 9 * SECOND, PEOPLE) == 3
    assert await sent_before.find_sent_before(tx, now + SECOND, range(100, 101)) == 80
    assert await sent_before.find_sent_before(tx, now + SECOND, range(-1, 5)) == 70
    await sent(tx, queue, "edges", 0, 90, now)
    await sent(tx, queue, "edge", 99, 91, now)
    assert await sent_before.find_sent_before(tx, now + SECOND, PEOPLE) == 91


async def test_messages_that_are_rows_are_known_by_chat_and_number(
    tx: Connection, queue: Callable[..., Any], now: datetime
) -> None:
    await sent(tx, queue, "a", 5, 1, now)
    await sent(tx, queue, "b", 5, 2, now)
    await sent(tx, queue, "c", 6, 3, now)
    await sent(tx, queue, "d", 5, 4, now)
    await tx.execute("UPDATE delivery SET state = 'dead' WHERE message_id = 4")
    assert await sent_before.list_known(tx, 5, [1, 2, 3, 4, 9]) == {1, 2}
    assert await sent_before.list_known(tx, 5, [2]) == {2}
    assert await sent_before.list_known(tx, 6, [1, 2]) == frozenset()
