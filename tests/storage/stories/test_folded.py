"""What each reader got of a story, and what came to their messages without one of their own."""

from datetime import datetime, timedelta
from typing import Any

from storage.connection import Connection, Database
from storage.outbox import outbox, queueing, updates
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.stories import folded
from storage.stories.folded import Fold
from storage.subscribers import subscribers


def row(chat_id: int, post: str, now: datetime, **payload: Any) -> NewDelivery:
    return NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=f"{chat_id}:{post}",
        payload=AlertPayload(doc_id=post, **payload),
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        story="a",
    )


async def told(tx: Connection, chat_id: int = 1) -> list[str]:
    found = await folded.list_told(tx, ["a", "b"])
    return [one.post for one in found.get((chat_id, "a"), [])]


async def test_each_reader_has_got_what_was_queued_for_them(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now), row(2, "tg:1/2", now)])
        assert await told(tx) == ["tg:1/1"]
        assert await told(tx, 2) == ["tg:1/2"]
        assert await told(tx, 3) == []


async def test_what_was_given_up_or_deleted_by_its_reader_was_not_got(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        rows = [row(1, f"tg:1/{number}", now) for number in (1, 2, 3)]
        await queueing.add_deliveries(tx, rows)
        first, second, _ = [await outbox.find_delivery(tx, one.key) for one in rows]
        assert first is not None
        assert second is not None
        await outbox.mark_dead(tx, first.id, "refused")
        await updates.close_target(tx, second.id)
        assert await told(tx) == ["tg:1/3"]


async def test_what_was_added_is_shown_and_was_got(database: Database, now: datetime) -> None:
    async with database.transaction() as tx:
        host = row(1, "tg:1/1", now, follows="tg:1/0", fresh=())
        await queueing.add_deliveries(tx, [host])
        folds = [
            Fold(chat_id=1, story="a", onto="tg:1/1", post="tg:2/1"),
            Fold(chat_id=1, story="a", onto="tg:1/1", post="tg:3/1", fresh=((2, 5),)),
        ]
        await folded.add_folds(tx, folds, now=now)
        await folded.add_folds(tx, folds, now=now + timedelta(seconds=1))
        delivery = await outbox.find_delivery(tx, host.key)
        assert delivery is not None
        (kept,) = await tx.fetch_all("SELECT count(*) AS n FROM folded")
        assert kept["n"] == 2
        assert await folded.list_added(tx, delivery.id) == [("tg:3/1", ((2, 5),))]
        # What was added counts as got, for it said something.
        assert await told(tx) == ["tg:1/1", "tg:3/1"]
        (open_one, _) = (await folded.list_told(tx, ["a"]))[1, "a"]
        assert (open_one.follows, open_one.added, open_one.is_open) == (True, 1, True)


async def test_a_message_is_answered_only_where_it_is_out(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now)])
        assert await folded.find_message(tx, 1, "a", "tg:1/1") is None
        delivery = await outbox.find_delivery(tx, "1:tg:1/1")
        assert delivery is not None
        await outbox.mark_sent(tx, delivery.id, 77, now)
        assert await folded.find_message(tx, 1, "a", "tg:1/1") == 77


async def test_who_comes_back_after_being_forgotten_is_another_reader(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        again = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now)])
        await subscribers.remove_subscriber(tx, 1)
        assert await told(tx) == []
        anew = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        assert await subscribers.list_incarnations(tx, [1, 2]) == {1: anew.incarnation}
    assert first.incarnation == again.incarnation != anew.incarnation
    assert len(anew.incarnation) == 16
