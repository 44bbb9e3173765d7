"""What was folded onto a message that never goes out, or was lost, is told of anew."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from storage.connection import Connection, Database
from storage.document import Channel
from storage.documents import documents
from storage.outbox import handed_on, held, outbox, queueing, updates
from storage.outbox.handed_on import Unwanted
from storage.outbox.new_rows import ALERT_KEPT_FOR
from storage.payloads import AlertPayload, EditPayload
from storage.records import PRIORITY_ALERT, PRIORITY_UPDATE, Delivery, NewDelivery
from storage.stories import folded
from storage.stories.folded import Fold
from storage.structs import replace

OIL, GAS = (1, "oil"), (2, "gas")
HOUR = timedelta(hours=1)


def row(post: str, now: datetime, *, held_until: datetime | None = None) -> NewDelivery:
    return NewDelivery(
        chat_id=1,
        kind="alert",
        key=f"1:{post}",
        payload=AlertPayload(doc_id=post, alerts=(OIL,)),
        priority=PRIORITY_ALERT,
        due_at=held_until or now,
        created_at=now,
        bundle=held.bundle_name(held_until) if held_until else None,
        story="a",
    )


def fold(
    post: str, alert: Sequence[object] = OIL, *, is_added: bool = False, is_event: bool = False
) -> Fold:
    return Fold(
        chat_id=1,
        story="a",
        onto="tg:1/1",
        post=post,
        fresh=((0, 5),) if is_added else None,
        key=f"1:{post}",
        alerts=[alert],
        is_event=is_event,
    )


async def queue(
    tx: Connection, now: datetime, *folds: Fold, held_until: datetime | None = None
) -> Delivery:
    await queueing.add_deliveries(tx, [row("tg:1/1", now, held_until=held_until)])
    await folded.add_folds(tx, folds, now=now)
    found = await outbox.find_delivery(tx, "1:tg:1/1")
    assert found is not None
    return found


async def waiting(tx: Connection) -> list[tuple[str, object]]:
    rows = await tx.fetch_all(
        "SELECT post, payload FROM whole_delivery"
        " WHERE state = 'queued' AND kind = 'alert' ORDER BY id"
    )
    return [(one["post"], json.loads(one["payload"])["alerts"][0][0]) for one in rows]


async def test_a_copy_takes_the_place_of_a_message_that_is_given_up(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        folds = [fold("tg:2/1"), fold("tg:3/1"), fold("tg:4/1", is_added=True)]
        first = await queue(tx, now, *folds)
        await outbox.mark_dead(tx, first.id, "refused")
        assert await handed_on.hand_on(tx, [first.id], now=now) == 2
        assert await waiting(tx) == [("tg:2/1", 1), ("tg:4/1", 1)]
        second = await outbox.find_delivery(tx, "1:tg:2/1")
        assert second is not None
        assert await folded.list_posts(tx, second.id) == ["tg:3/1"]
        # And so does the next, should that be given up as well.
        await outbox.mark_dead(tx, second.id, "refused")
        await handed_on.hand_on(tx, [second.id], now=now)
        assert ("tg:3/1", 1) in await waiting(tx)


async def test_what_a_copy_was_told_for_is_not_tried_again(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:2/1"))
        await outbox.mark_dead(tx, first.id, "refused")
        await handed_on.hand_on(tx, [first.id], now=now)
        assert await outbox.revive(tx, now=now) == 0
        assert await waiting(tx) == [("tg:2/1", 1)]


async def test_what_was_only_added_to_leaves_its_message_to_be_tried_again(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:4/1", is_added=True))
        await outbox.mark_dead(tx, first.id, "refused")
        await handed_on.hand_on(tx, [first.id], now=now)
        assert await outbox.revive(tx, now=now) == 1
        assert await waiting(tx) == [("tg:1/1", 1), ("tg:4/1", 1)]


async def test_a_copy_outlives_a_message_that_has_grown_too_old(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:2/1"))
        later = now + ALERT_KEPT_FOR
        await folded.add_folds(tx, [fold("tg:3/1")], now=later - HOUR)
        await tx.execute("UPDATE delivery SET state = 'expired'")
        assert await handed_on.hand_on_expired(tx, [first.id], now=later) == 1
        assert await waiting(tx) == [("tg:3/1", 1)]


async def test_what_lies_on_a_line_of_a_list_that_is_given_up_is_told(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        line = await queue(tx, now, fold("tg:2/1"))
        await queueing.add_deliveries(tx, [row("tg:9/9", now)])
        listed = await outbox.find_delivery(tx, "1:tg:9/9")
        assert listed is not None
        await tx.execute(
            "UPDATE delivery SET state = 'bundled', target = ? WHERE id = ?", (listed.id, line.id)
        )
        await outbox.mark_dead(tx, listed.id, "refused")
        assert (await folded.list_told(tx, ["a"])).get((1, None, "a"), []) == []
        await handed_on.hand_on(tx, [listed.id], now=now)
        assert await waiting(tx) == [("tg:2/1", 1)]


@pytest.mark.parametrize(("silenced", "left"), [([1], [("tg:2/1", 2)]), ([1, 2], [])])
async def test_a_copy_that_another_alert_asked_for_outlives_the_one_that_waits(
    database: Database, now: datetime, silenced: list[int], left: list[tuple[str, int]]
) -> None:
    async with database.transaction() as tx:
        until = now + HOUR
        await queue(tx, now, fold("tg:2/1", GAS), fold("tg:3/1"), held_until=until)
        assert len(await held.drop_held(tx, 1, silenced, now=now)) == 1
        assert await waiting(tx) == left
        found = await outbox.find_delivery(tx, "1:tg:2/1")
        if left:
            assert found is not None
            # It waits as long as the other one did.
            assert (found.due_at, found.bundle) == (until, held.bundle_name(until))


@pytest.mark.parametrize(
    ("muted", "left"),
    [
        ("78", [("tg:3/1", 1), ("tg:5/1", 1)]),
        ("@quay", [("tg:2/1", 1), ("tg:5/1", 1)]),
        ("79", [("tg:2/1", 1), ("tg:5/1", 1)]),
    ],
)
async def test_a_copy_of_a_channel_that_is_muted_takes_no_place(
    database: Database, now: datetime, make_document: Any, muted: str, left: list[tuple[str, int]]
) -> None:
    of = {2: Channel(id=78), 3: Channel(username="quay"), 5: Channel(id=77, username="harbour")}
    async with database.transaction() as tx:
        posts = [
            make_document(doc_id=f"tg:{n}/1", channel=channel, message_id=None)
            for n, channel in of.items()
        ]
        await documents.store_documents(tx, posts, stored_at=now, live=True)
        folds = [fold("tg:2/1"), fold("tg:3/1"), fold("tg:5/1", is_added=True)]
        first = await queue(tx, now, *folds)
        await outbox.mark_dead(tx, first.id, "refused")
        unwanted = Unwanted(alerts=[1], channel=muted)
        assert await handed_on.hand_on(tx, [first.id], now=now, unwanted=unwanted) == 2
        assert await waiting(tx) == left


async def test_what_no_edit_has_shown_is_told_when_its_message_is_lost(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:2/1", is_added=True), fold("tg:5/1"))
        await mark_sent(tx, first.id, 7, now)
        edit = NewDelivery(
            chat_id=1,
            kind="update",
            key="edit",
            payload=EditPayload(),
            priority=PRIORITY_UPDATE,
            due_at=now,
            created_at=now,
            target=first.id,
        )
        await queueing.add_deliveries(tx, [edit])
        at = now + timedelta(minutes=2)
        (claimed,) = await outbox.claim_due(tx, now=at, limit=1, lease_until=at)
        # Its transaction began before the edit was claimed, and was committed after.
        begun_at = at - timedelta(seconds=50)
        await folded.add_folds(tx, [fold("tg:4/1", is_added=True)], now=begun_at)
        await mark_sent(tx, claimed.id, None, at)
        await folded.add_folds(tx, [fold("tg:3/1", is_added=True)], now=at + timedelta(seconds=1))
        assert await handed_on.hand_on_unshown(tx, first.id, now=at) == 2
        await updates.close_target(tx, first.id)
        assert sorted(await waiting(tx)) == [("tg:3/1", 1), ("tg:4/1", 1)]


async def test_of_several_copies_the_one_that_came_first_takes_the_place(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:9/1"))
        await folded.add_folds(tx, [fold("tg:2/1"), fold("tg:3/1")], now=now + HOUR)
        await outbox.mark_dead(tx, first.id, "refused")
        assert await handed_on.hand_on(tx, [first.id], now=now) == 1
        assert await waiting(tx) == [("tg:9/1", 1)]
        second = await outbox.find_delivery(tx, "1:tg:9/1")
        assert second is not None
        assert sorted(await folded.list_posts(tx, second.id)) == ["tg:2/1", "tg:3/1"]


async def test_what_was_counted_of_an_event_is_no_copy_of_its_message(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:2/1", is_event=True), fold("tg:3/1"))
        await outbox.mark_dead(tx, first.id, "refused")
        assert await handed_on.hand_on(tx, [first.id], now=now) == 2
        assert await waiting(tx) == [("tg:3/1", 1), ("tg:2/1", 1)]
        counted, copy = [
            await outbox.find_delivery(tx, f"1:{post}") for post in ("tg:2/1", "tg:3/1")
        ]
    assert counted is not None and copy is not None
    assert (counted.alert.once, counted.story) == (True, "tg:2/1")
    assert (copy.alert.once, copy.story) == (False, "a")


@pytest.mark.parametrize("is_counted", [False, True])
async def test_what_follows_the_first_moves_to_its_message_and_all_else_stays(
    database: Database, now: datetime, is_counted: bool
) -> None:
    folds = [fold(f"tg:{n}/1", is_event=is_counted) for n in (2, 3, 4)]
    other = fold("tg:5/1", is_event=not is_counted, is_added=not is_counted)
    async with database.transaction() as tx:
        first = await queue(tx, now, *folds, other)
        of_others = replace(row("tg:1/1", now), chat_id=2, key="2:tg:1/1")
        await queueing.add_deliveries(tx, [of_others])
        of_both = [one._replace(chat_id=2, key=f"2:{one.post}") for one in folds]
        await folded.add_folds(tx, of_both, now=now)
        if is_counted:
            await mark_sent(tx, first.id, 7, now)
            assert await handed_on.hand_on_unshown(tx, first.id, now=now) == 1
        else:
            await outbox.mark_dead(tx, first.id, "refused")
            assert await handed_on.hand_on(tx, [first.id], now=now) == 2
        found = [await outbox.find_delivery(tx, key) for key in ("1:tg:2/1", "2:tg:1/1")]
        second, others = [one.id for one in found if one is not None]
        assert await folded.list_posts(tx, second) == ["tg:3/1", "tg:4/1"]
        assert await folded.list_posts(tx, first.id) == ["tg:5/1"]
        assert await folded.list_posts(tx, others) == ["tg:2/1", "tg:3/1", "tg:4/1"]


@pytest.mark.parametrize(
    ("hours", "bundle", "held_for"),
    [(2, True, 2), (-1, True, None), (0, True, None), (2, False, None)],
)
async def test_what_is_handed_on_is_held_for_as_long_as_its_message_was(
    database: Database, now: datetime, hours: int, bundle: bool, held_for: int | None
) -> None:
    until = now + hours * HOUR
    async with database.transaction() as tx:
        first = await queue(tx, now, fold("tg:2/1"), held_until=until)
        await tx.execute(
            "UPDATE delivery SET topic = 5, bundle = CASE WHEN ? THEN bundle END", (bundle,)
        )
        await outbox.mark_dead(tx, first.id, "refused")
        await handed_on.hand_on(tx, [first.id], now=now)
        told = await outbox.find_delivery(tx, "1:tg:2/1")
    assert told is not None
    assert told.due_at == (now if held_for is None else until)
    assert told.bundle == (None if held_for is None else held.bundle_name(until))
    assert told.topic == 5


@pytest.mark.parametrize("silent", [False, True])
async def test_what_would_not_have_rung_does_not_ring_when_it_is_handed_on(
    database: Database, now: datetime, silent: bool
) -> None:
    told = AlertPayload(doc_id="tg:1/1", alerts=(OIL,), silent=silent)
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [replace(row("tg:1/1", now), payload=told)])
        first = await queue(tx, now, fold("tg:2/1"))
        await outbox.mark_dead(tx, first.id, "refused")
        await handed_on.hand_on(tx, [first.id], now=now)
        copy = await outbox.find_delivery(tx, "1:tg:2/1")
    assert copy is not None
    assert copy.is_silent is silent
