"""Who goes first, who waits behind whom, and what ends a message's turn."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from storage.connection import Connection
from storage.outbox import outbox
from storage.payloads import AlertPayload, TextPayload
from storage.records import Delivery
from storage.structs import replace

MINUTE = timedelta(minutes=1)
KEYS = ("a", "b", "c", "sent")
Queue = Callable[..., Any]


async def claim(tx: Connection, now: datetime, limit: int = 10) -> list[Delivery]:
    return await outbox.claim_due(tx, now=now, limit=limit, lease_until=now + MINUTE)


async def test_answers_go_first_though_older_messages_fill_the_claim(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("digest", priority=2, due_at=now - 9 * MINUTE)
    await queue("alert1", "alert2", due_at=now - 5 * MINUTE)
    await queue("answer", priority=0)
    claimed = [row.key for _ in range(4) for row in await claim(tx, now, limit=1)]
    assert claimed == ["answer", "alert1", "alert2", "digest"]


@pytest.mark.parametrize("ended", ["dead", "dropped", "never sent", "expired", "sent", "gone"])
async def test_what_ended_holds_nobody_up_though_it_was_put_back_before(
    tx: Connection, queue: Queue, now: datetime, ended: str
) -> None:
    await queue("former", expires_at=now + 2 * MINUTE)
    (former,) = await claim(tx, now)
    await outbox.postpone(tx, former, now + 3 * MINUTE, "INTERNAL")
    later = now + 2 * MINUTE
    match ended:
        case "dead":
            await outbox.mark_dead(tx, former.id, "INTERNAL")
        case "dropped":
            await outbox.mark_dropped(tx, former.id, "nothing to tell")
        case "never sent":
            assert await outbox.drop(tx, former.id, now=later)
        case "expired":
            assert await outbox.expire(tx, now=later) == [former.id]
        case "sent":
            await outbox.mark_all_sent(tx, [(former.id, 41, later)])
            # As a row may look that was put back by what came too late.
            await tx.execute("UPDATE delivery SET last_error = 'late' WHERE id = ?", (former.id,))
        case "gone":
            assert await outbox.mark_gone(tx, 5) == 1
    await queue("second")
    await queue("digest", priority=2)
    assert [row.key for row in await claim(tx, later)] == ["second", "digest"]


async def test_what_was_put_back_holds_up_nothing_that_came_before_it(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("first", due_at=now + MINUTE)
    await queue("second")
    (second,) = await claim(tx, now)
    await outbox.postpone(tx, second, now + 5 * MINUTE, "FLOOD_WAIT", attempted=False)
    assert [row.key for row in await claim(tx, now + MINUTE)] == ["first"]


async def test_an_edit_that_waits_holds_up_no_alert_and_no_alert_an_edit(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("out")
    (out,) = await claim(tx, now)
    await mark_sent(tx, out.id, 41, now)
    await queue("edit", kind="update", target=out.id)
    (edit,) = await claim(tx, now)
    await outbox.postpone(tx, edit, now + 5 * MINUTE, "FLOOD_WAIT", attempted=False)
    await queue("alert")
    (alert,) = await claim(tx, now + MINUTE)
    assert alert.key == "alert"
    await outbox.postpone(tx, alert, now + 9 * MINUTE, "INTERNAL", attempted=False)
    await queue("another edit", kind="update", target=out.id)
    await queue("another alert")
    found = await claim(tx, now + 5 * MINUTE)
    assert [row.key for row in found] == ["another edit", "edit"]


async def test_what_is_dropped_is_never_sent_and_says_why(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b")
    a, b = await claim(tx, now)
    await outbox.mark_dropped(tx, a.id, "the post was deleted")
    found = await outbox.find_delivery(tx, "a")
    assert found is not None
    assert (found.state, found.last_error) == ("dropped", "the post was deleted")
    assert await outbox.list_leased(tx) == [(5, b.id)]
    assert [row.key for row in await claim(tx, now + 2 * MINUTE)] == ["b"]
    await mark_sent(tx, b.id, 41, now)
    await outbox.mark_dropped(tx, b.id, "too late")
    assert await outbox.count_by_state(tx) == {"dropped": 1, "sent": 1}


async def test_a_copy_in_place_of_a_dead_message_leaves_the_living_alone(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("dead", "living")
    dead, living = await claim(tx, now)
    await outbox.mark_dead(tx, dead.id, "INTERNAL")
    for row in (dead, living):
        await outbox.mark_replaced(tx, row.id)
    assert await outbox.count_by_state(tx) == {"dropped": 1, "queued": 1}
    assert await outbox.revive(tx, now=now) == 0


async def test_a_lease_is_an_attempt_as_a_claim_is(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a")
    row = await outbox.find_delivery(tx, "a")
    assert row is not None
    (leased,) = await outbox.lease(tx, [row], now=now, lease_until=now + MINUTE)
    assert (leased.key, leased.attempts) == ("a", 1)
    stored = await outbox.find_delivery(tx, "a")
    assert stored is not None
    assert (stored.attempts, stored.tried_at) == (1, now)
    assert await outbox.list_leased(tx) == [(5, row.id)]
    assert await claim(tx, now) == []
    (again,) = await claim(tx, now + MINUTE)
    assert (again.attempts, again.tried_at) == (2, now)


async def test_a_delivery_comes_back_with_all_that_is_known_of_it(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("out")
    (out,) = await claim(tx, now)
    ends = now + 9 * MINUTE
    given = {"bundle": "digest", "story": "tg:7/1", "target": out.id, "expires_at": ends}
    await queue("alert:5:ab:7/1", due_at=now - MINUTE, **given)
    (row,) = await claim(tx, now)
    assert (row.bundle, row.story, row.target, row.expires_at) == ("digest", "tg:7/1", out.id, ends)
    assert (row.due_at, row.created_at, row.priority) == (now - MINUTE, now, 1)
    await outbox.postpone(tx, row, now + MINUTE, "no reply", may_be_out=True)
    (again,) = await outbox.list_deliveries(tx, [row.id])
    tried = {"due_at": now + MINUTE, "last_error": "no reply", "tried_at": now, "attempts": 1}
    assert again == replace(row, **tried)
    await mark_sent(tx, row.id, 41, now + MINUTE)
    sent = {"state": "sent", "message_id": 41, "finished_at": now + MINUTE, "last_error": None}
    assert await outbox.find_delivery(tx, row.key) == replace(again, **sent)


@pytest.mark.parametrize(
    ("limit", "claimed"), [(1, "a"), (2, "aa"), (3, "aab"), (4, "aabc"), (9, "aabcd")]
)
async def test_a_claim_takes_no_more_than_it_may_though_a_chat_has_its_share(
    tx: Connection, queue: Queue, now: datetime, limit: int, claimed: str
) -> None:
    await queue(*(f"a{number}" for number in range(5)), chat_id=1, due_at=now - MINUTE)
    for chat_id, key in enumerate("bcd", 2):
        await queue(key, chat_id=chat_id)
    found = await outbox.claim_due(tx, now=now, limit=limit, lease_until=now + MINUTE, per_chat=2)
    assert "".join(row.key[0] for row in found) == claimed
    assert len(await outbox.list_leased(tx)) == len(claimed)


@pytest.mark.parametrize(
    ("limit", "claimed"), [(4, ["x1", "x2", "first", "second"]), (9, ["x1", "x2", "first"])]
)
async def test_what_was_put_back_goes_first_though_another_chat_has_its_share(
    tx: Connection, queue: Queue, now: datetime, limit: int, claimed: list[str]
) -> None:
    await queue("first")
    (first,) = await claim(tx, now)
    await outbox.postpone(tx, first, now + MINUTE, "FLOOD_WAIT")
    await queue("second")
    await queue("x1", "x2", "x3", chat_id=6)
    later = now + MINUTE
    found = await outbox.claim_due(
        tx, now=later, limit=limit, lease_until=later + MINUTE, per_chat=2
    )
    assert [row.key for row in found] == claimed


async def test_what_was_put_back_goes_first_when_its_lease_runs_out_too(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("first")
    (first,) = await claim(tx, now)
    await outbox.postpone(tx, first, now + MINUTE, "FLOOD_WAIT")
    assert [row.key for row in await claim(tx, now + MINUTE)] == ["first"]
    await queue("second")
    assert [row.key for row in await claim(tx, now + 2 * MINUTE)] == ["first"]


async def test_a_notice_that_is_tried_again_holds_up_notices_alone(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    told = {"kind": "notice", "payload": TextPayload(text="The disk is full.")}
    await queue("notice", **told)
    (notice,) = await claim(tx, now)
    await outbox.postpone(tx, notice, now + MINUTE, "PEER_ID_INVALID")
    await queue("another", **told)
    await queue("alert")
    assert [row.key for row in await claim(tx, now)] == ["alert"]
    assert await outbox.mark_gone(tx, 5) == 1
    found = await claim(tx, now + MINUTE)
    assert [row.key for row in found] == ["notice"]


async def test_what_is_under_way_is_not_given_up_before_its_lease_ends(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b", expires_at=now + MINUTE)
    await queue("late", expires_at=now)
    until = now + 2 * MINUTE
    a, b = await outbox.claim_due(tx, now=now, limit=9, lease_until=until)
    assert (a.key, b.key) == ("a", "b")
    assert await outbox.expire(tx, now=now) == [b.id + 1]
    assert await outbox.expire(tx, now=until - timedelta(microseconds=1)) == []
    assert sorted(await outbox.expire(tx, now=until)) == [a.id, b.id]
    given_up = await outbox.find_delivery(tx, "a")
    assert given_up is not None
    assert (given_up.state, given_up.finished_at) == ("expired", until)
    assert await outbox.next_due(tx) is None


async def test_what_no_claim_took_is_neither_leased_nor_released(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b", "c", "sent")
    await mark_sent(tx, 4, 41, now)
    (a,) = await claim(tx, now, limit=1)
    assert await outbox.list_leased(tx) == [(5, a.id)]
    for release_all in (False, True):
        if release_all:
            assert await outbox.release_all(tx) == 1
        else:
            await outbox.release(tx, [a.id, a.id + 1])
            await outbox.release(tx, [a.id])
        found = await outbox.list_deliveries(tx, [4, 3, 2, 1, 99])
        assert [(row.key, row.attempts) for row in found] == [(key, 0) for key in KEYS]
        assert await outbox.list_leased(tx) == []
        assert len(await claim(tx, now, limit=1)) == 1


async def test_one_message_may_be_given_something_else_to_say(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    plain, alert = TextPayload(text="Done."), AlertPayload(doc_id="tg:7/1", alerts=((1, "oil"),))
    await queue("a1", "a2", kind="answer", payload=plain)
    await queue("b1", "b2", payload=alert)
    for id, payload in ((1, replace(plain, text="No.")), (3, replace(alert, urgent=True))):
        await outbox.set_payload(tx, id, payload)
        said = [row.payload for row in await outbox.list_deliveries(tx, [id, id + 1])]
        assert said == [payload, plain if id == 1 else alert]


async def test_who_is_tried_once_more_is_as_if_it_was_never_tried(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b", "living", expires_at=now + MINUTE)
    for row in (await claim(tx, now))[:2]:
        await outbox.mark_dead(tx, row.id, "INTERNAL")
    later = now + 9 * MINUTE
    assert [row.key for row in await outbox.list_dead(tx, limit=1)] == ["b"]
    assert await outbox.revive(tx, now=later, id=3) == 0
    assert await outbox.revive(tx, now=later, id=2) == 1
    assert await outbox.revive(tx, now=later, id=2) == 0
    found = await outbox.find_delivery(tx, "b")
    assert found is not None
    assert (found.state, found.due_at, found.expires_at, found.attempts) == (
        "queued",
        later,
        None,
        0,
    )
    assert await outbox.count_by_state(tx) == {"queued": 2, "dead": 1}
