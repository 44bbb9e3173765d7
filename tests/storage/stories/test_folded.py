"""What each reader got of a story, and what came to their messages without one of their own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from storage.connection import Connection, Database
from storage.documents import documents
from storage.outbox import bursts, outbox, queueing, updates
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.stories import folded
from storage.stories.folded import Fold
from storage.structs import replace
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
    return [one.post for one in found.get((chat_id, None, "a"), [])]


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


async def test_what_repeats_what_was_added_is_counted_with_it(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        host = row(1, "tg:1/1", now)
        await queueing.add_deliveries(tx, [host])
        folds = [
            Fold(chat_id=1, story="a", onto="tg:1/1", post="tg:2/1", fresh=((2, 5),)),
            Fold(chat_id=1, story="a", onto="tg:2/1", post="tg:3/1"),
        ]
        await folded.add_folds(tx, folds, now=now)
        delivery = await outbox.find_delivery(tx, host.key)
        assert delivery is not None
        assert await folded.list_posts(tx, delivery.id) == ["tg:2/1", "tg:3/1"]


async def test_what_came_for_its_event_is_counted_apart_and_is_no_copy(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        host = row(1, "tg:1/1", now)
        await queueing.add_deliveries(tx, [host])
        event = Fold(chat_id=1, story="a", onto="tg:1/1", post="tg:2/1", is_event=True)
        copy = Fold(chat_id=1, story="a", onto="tg:1/1", post="tg:3/1")
        await folded.add_folds(tx, [event, copy], now=now)
        delivery = await outbox.find_delivery(tx, host.key)
        assert delivery is not None
        assert await folded.list_of_event(tx, delivery.id) == ["tg:2/1"]
        assert await folded.count_of_event(tx, [delivery.id, 77]) == {delivery.id: 1}
        later = [row(1, "tg:5/1", now), row(2, "tg:1/1", now)]
        await queueing.add_deliveries(tx, [replace(one, story="b") for one in later])
        assert await folded.list_hosts(tx, [event, copy]) == [delivery.id]
        assert await folded.list_hosts(tx, [event._replace(onto="tg:6/1"), copy]) == []
        assert await folded.list_posts(tx, delivery.id) == ["tg:2/1", "tg:3/1"]
        assert await told(tx) == ["tg:1/1"]  # what came later is of another story


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
        (open_one, _) = (await folded.list_told(tx, ["a"]))[1, None, "a"]
        assert (open_one.follows, open_one.added, open_one.is_open) == (True, 1, True)


async def test_a_message_is_answered_only_where_it_is_out(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now)])
        assert await folded.find_message(tx, 1, ["a"], "tg:1/1") is None
        delivery = await outbox.find_delivery(tx, "1:tg:1/1")
        assert delivery is not None
        await mark_sent(tx, delivery.id, 77, now)
        assert await folded.find_message(tx, 1, ["a"], "tg:1/1") == 77


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


async def find(tx: Connection, post: str, chat_id: int = 1) -> int:
    delivery = await outbox.find_delivery(tx, f"{chat_id}:{post}")
    assert delivery is not None
    return delivery.id


def fold(post: str, *, fresh: folded.Ranges | None = None, onto: str = "tg:1/1") -> Fold:
    return Fold(chat_id=1, story="a", onto=onto, post=post, fresh=fresh)


async def test_what_came_to_a_message_is_listed_in_order(database: Database, now: datetime) -> None:
    later = now + timedelta(seconds=1)
    async with database.transaction() as tx:
        hosts = [row(1, "tg:1/1", now, follows="tg:1/0", fresh=()), row(1, "tg:1/2", now)]
        await queueing.add_deliveries(tx, [*hosts, row(2, "tg:1/1", now)])
        await folded.add_folds(tx, [fold("tg:9/1", fresh=((2, 5), (7, 9)))], now=later)
        first = [fold("tg:8/1"), fold("tg:5/1", fresh=((0, 1),)), fold("tg:7/1")]
        await folded.add_folds(tx, first, now=now)
        await folded.add_folds(tx, [fold("tg:6/1", onto="tg:1/2"), fold("x", onto="y")], now=now)
        host = await find(tx, "tg:1/1")
        assert await folded.list_posts(tx, host) == ["tg:5/1", "tg:7/1", "tg:8/1", "tg:9/1"]
        assert await folded.list_added(tx, host) == [
            ("tg:5/1", ((0, 1),)),
            ("tg:9/1", ((2, 5), (7, 9))),
        ]
        assert await folded.list_posts(tx, await find(tx, "tg:1/2")) == ["tg:6/1"]
        assert await folded.list_posts(tx, await find(tx, "tg:1/1", 2)) == []
        got = (await folded.list_told(tx, ["a", "a"]))[1, None, "a"]
        assert [(one.post, one.at, one.follows, one.added, one.is_open) for one in got[:2]] == [
            ("tg:1/1", now, True, 2, True),
            ("tg:1/2", now, False, 0, True),
        ]
        assert {(one.post, one.at) for one in got[2:]} == {("tg:5/1", now), ("tg:9/1", later)}
        assert await folded.list_told(tx, ["b"]) == {}


async def test_what_came_for_its_event_is_listed_in_order(
    database: Database, now: datetime
) -> None:
    later = now + timedelta(seconds=1)
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now), row(2, "tg:1/1", now)])
        for at, posts in ((later, ("tg:2/1",)), (now, ("tg:8/1", "tg:5/1", "tg:7/1"))):
            folds = [fold(post)._replace(is_event=True) for post in posts]
            await folded.add_folds(tx, folds, now=at)
        await folded.add_folds(tx, [fold("tg:4/1")], now=now)
        expected = ["tg:5/1", "tg:7/1", "tg:8/1", "tg:2/1"]
        assert await folded.list_of_event(tx, await find(tx, "tg:1/1")) == expected
        assert await folded.list_of_event(tx, await find(tx, "tg:1/1", 2)) == []


async def test_a_post_comes_to_the_latest_message_about_another(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        again = replace(row(1, "tg:1/1", now), key="1:again")
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now), again])
        await folded.add_folds(tx, [fold("tg:2/1")], now=now)
        latest = await outbox.find_delivery(tx, "1:again")
        assert latest is not None
        assert await folded.list_posts(tx, await find(tx, "tg:1/1")) == []
        assert await folded.list_posts(tx, latest.id) == ["tg:2/1"]


async def test_a_post_comes_to_the_message_about_another_rather_than_to_what_took_that_in(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now), row(1, "tg:1/2", now)])
        await folded.add_folds(tx, [fold("tg:1/1", onto="tg:1/2")], now=now)
        await folded.add_folds(tx, [fold("tg:3/1", onto="tg:1/1")], now=now)
        assert await folded.list_posts(tx, await find(tx, "tg:1/1")) == ["tg:3/1"]
        assert await folded.list_posts(tx, await find(tx, "tg:1/2")) == ["tg:1/1"]


async def test_a_message_that_was_edited_often_takes_no_more(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=now)
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now)])
        host = await find(tx, "tg:1/1")
        await mark_sent(tx, host, 77, now)
        for edits in range(folded.MOST_VERSIONS + 1):
            (told_of,) = (await folded.list_told(tx, ["a"]))[1, None, "a"]
            assert told_of.is_open is (edits < folded.MOST_VERSIONS)
            assert await updates.add_updates(tx, ["a"], now=now) == 1
            for waiting in await tx.fetch_all("SELECT id FROM delivery WHERE kind = 'update'"):
                await mark_sent(tx, waiting["id"], None, now)
    assert folded.MOST_VERSIONS == 6


async def test_edits_of_messages_to_which_something_was_added_are_hastened(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=now)
        posts = [f"tg:1/{number}" for number in (1, 2, 3)]
        await queueing.add_deliveries(tx, [row(1, post, now) for post in posts])
        hosts = [await find(tx, post) for post in posts]
        for number, host in enumerate(hosts):
            await mark_sent(tx, host, 77 + number, now)
        await updates.add_updates(tx, ["a"], now=now)
        folds = [fold("tg:2/1", fresh=((0, 1),)), fold("tg:2/1", onto="tg:1/2")]
        due = "SELECT target, due_at FROM delivery WHERE kind = 'update' ORDER BY target"
        before = [one["due_at"] for one in await tx.fetch_all(due)]
        await folded.hasten(tx, folds, now=now)
        after = {one["target"]: one["due_at"] for one in await tx.fetch_all(due)}
        assert after == {
            hosts[0]: before[0] - 2_000_000,
            hosts[1]: before[1],
            hosts[2]: before[2],
        }
        await folded.hasten(tx, folds, now=now + timedelta(hours=1))
        assert {one["target"]: one["due_at"] for one in await tx.fetch_all(due)} == after
        for waiting in await tx.fetch_all("SELECT id FROM delivery WHERE kind = 'update'"):
            await mark_sent(tx, waiting["id"], None, now)
        await folded.hasten(tx, folds, now=now - timedelta(hours=1))
        assert {one["target"]: one["due_at"] for one in await tx.fetch_all(due)} == after


async def test_the_first_copy_that_is_not_deleted_stands(
    database: Database, now: datetime, make_document: Any
) -> None:
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row(1, "tg:1/1", now)])
        host = await find(tx, "tg:1/1")
        assert await folded.find_standing(tx, host) is None
        posts = [make_document(f"Post {number}", message_id=number) for number in (2, 3, 4)]
        await documents.store_documents(tx, posts, stored_at=now, live=True)
        names = [post.doc_id for post in posts]
        folds = [fold("tg:9/9"), fold(names[0]), fold(names[1]), fold(names[2], fresh=((0, 1),))]
        await folded.add_folds(tx, folds, now=now)
        for standing in (*names[:2], None):
            found = await folded.find_standing(tx, host)
            assert (found and found.doc_id) == standing
            if found is not None:
                gone = [found.message_id or 0]
                await documents.mark_deleted(tx, channel_id=77, message_ids=gone, noticed_at=now)


async def test_the_last_message_that_is_out_about_a_post_is_answered(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        again = replace(row(1, "tg:1/1", now), key="1:again")
        rows = [row(1, "tg:1/1", now), again, row(1, "tg:1/2", now), row(2, "tg:1/1", now)]
        await queueing.add_deliveries(tx, rows)
        for number, one in enumerate(rows):
            delivery = await outbox.find_delivery(tx, one.key)
            assert delivery is not None
            await mark_sent(tx, delivery.id, 70 + number, now)
        assert await folded.find_message(tx, 1, "a", "tg:1/1") == 71
        assert await folded.find_message(tx, 1, "a", "tg:1/2") == 72
        assert await folded.find_message(tx, 2, "a", "tg:1/1") == 73
        assert await folded.find_message(tx, 1, "b", "tg:1/1") is None
        latest = await outbox.find_delivery(tx, "1:again")
        assert latest is not None
        await updates.close_target(tx, latest.id)
        assert await folded.find_message(tx, 1, "a", "tg:1/1") == 70


@pytest.mark.parametrize("is_refused", [False, True])
async def test_who_has_a_list_is_answered_by_it(
    database: Database, now: datetime, is_refused: bool
) -> None:
    """Of five alerts at once three are lines of a list, which is a message of its own."""
    async with database.transaction() as tx:
        reader = await subscribers.add_subscriber(tx, chat_id=1, now=now)
        posts = [f"tg:1/{number}" for number in range(1, 6)]
        await queueing.add_deliveries(tx, [row(1, post, now) for post in posts])
        until = now + timedelta(minutes=1)
        rows = await outbox.claim_due(tx, now=now, limit=9, lease_until=until, per_chat=9)
        sent = await bursts.gather(
            tx, rows, {1: reader}, burst_after=2, is_quiet=lambda *_: False, now=now,
            lease_until=until,
        )  # fmt: skip
        (listed,) = [one for one in sent if one.kind == "bundle"]
        is_open = {
            one.post: one.is_open for one in (await folded.list_told(tx, ["a"]))[1, None, "a"]
        }
        assert is_open == dict(zip(posts, [True, True, False, False, False], strict=True))
        assert await folded.find_message(tx, 1, "a", posts[4]) is None
        if is_refused:
            await outbox.mark_dead(tx, listed.id, "refused")
        else:
            await mark_sent(tx, listed.id, 90, now)
        assert await told(tx) == (posts[:2] if is_refused else posts)
        answered = await folded.find_message(tx, 1, "a", posts[4])
        assert answered == (None if is_refused else 90)
