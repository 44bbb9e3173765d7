"""Rows that tell of changed and deleted posts: which there are, and when their list is due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from database_steps import mark_sent

from storage.connection import Connection
from storage.outbox import changes, outbox

MINUTE = timedelta(minutes=1)
Queue = Callable[..., Any]


async def test_a_list_is_due_with_the_first_of_it_that_waits(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    async def due(bundle: str = "gone:7", chat_id: int = 5) -> datetime | None:
        return await changes.find_list_due(tx, chat_id, bundle, now=now)

    assert await due() is None
    await queue("late", bundle="gone:7", due_at=now + 9 * MINUTE)
    await queue("soon", bundle="gone:7", due_at=now + 2 * MINUTE)
    await queue("other", bundle="gone:8", due_at=now + MINUTE)
    await queue("theirs", bundle="gone:7", due_at=now + MINUTE, chat_id=6)
    await queue("over", bundle="gone:7", due_at=now)
    assert await due() == now + 2 * MINUTE
    assert await due("gone:9") is None
    assert await due(chat_id=6) == now + MINUTE
    at = now + 3 * MINUTE
    claimed = await outbox.claim_due(tx, now=at, limit=9, lease_until=at + MINUTE)
    assert "soon" in [row.key for row in claimed]
    assert await due() == now + 9 * MINUTE
    await outbox.mark_gone(tx, 5)
    assert await due() is None


async def test_changes_are_found_by_how_their_keys_begin(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    old = now - 5 * MINUTE
    of = "change:5:ab:7|7"
    await queue(f"{of}/1:a", f"{of}/1:b", f"{of}/2:c", f"{of}0/1:c")
    await queue("change:5:cd:7|7/1:a", "alert:5:ab:7/1")
    await queue("change:6:ab:7|7/1:a", chat_id=6)
    await queue(f"{of}/1:old", created_at=old)
    await queue(f"{of}/1:dead")
    dead = await outbox.find_delivery(tx, f"{of}/1:dead")
    assert dead is not None
    await outbox.mark_dead(tx, dead.id, "refused")
    found = await changes.list_changes(tx, 5, f"{of}/1:", since=old)
    assert [one.key for one in found] == [f"{of}/1:a", f"{of}/1:b"]
    assert {(one.state, one.versions) for one in found} == {("queued", 0)}
    for number, one in enumerate(found):
        await mark_sent(tx, one.id, number, now)
    again = await changes.list_changes(tx, 5, f"{of}/1:", since=old - MINUTE)
    assert [(one.key[-1], one.state) for one in again] == [
        ("a", "sent"), ("b", "sent"), ("d", "queued")
    ]  # fmt: skip
    in_channel = await changes.list_changes(tx, 5, "change:5:ab:7|", since=old - MINUTE)
    assert [one.key[len(of) :] for one in in_channel] == ["/1:a", "/1:b", "/2:c", "0/1:c", "/1:old"]
