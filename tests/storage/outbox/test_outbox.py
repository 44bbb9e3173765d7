from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from database_steps import mark_sent

from storage.connection import Connection
from storage.outbox import outbox, sent_before
from storage.payloads import AlertPayload
from storage.records import Delivery
from storage.structs import replace

MINUTE = timedelta(minutes=1)
Queue = Callable[..., Any]


async def claim(tx: Connection, now: datetime, limit: int = 10) -> list[Delivery]:
    return await outbox.claim_due(tx, now=now, limit=limit, lease_until=now + MINUTE)


async def test_a_key_is_queued_once_for_ever(tx: Connection, queue: Queue, now: datetime) -> None:
    assert await queue("a", "b") == 2
    assert await queue("b", "c") == 1
    for delivery in await claim(tx, now):
        await mark_sent(tx, delivery.id, 1, now)
    assert await queue("a") == 0
    assert await outbox.count_by_state(tx) == {"sent": 3}


async def test_a_claim_may_be_of_what_is_urgent_alone(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("alert")
    await queue("answer", priority=0)
    until = now + MINUTE
    found = await outbox.claim_due(tx, now=now, limit=9, lease_until=until, at_least=0)
    assert [one.key for one in found] == ["answer"]
    assert [one.key for one in await claim(tx, now)] == ["alert"]


async def test_a_delivery_comes_back_as_it_was_queued(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a")
    (claimed,) = await claim(tx, now)
    assert claimed.payload == AlertPayload(doc_id="a", alerts=((1, "ё\ud800"),))
    assert (claimed.chat_id, claimed.kind, claimed.state, claimed.attempts) == (
        5,
        "alert",
        "queued",
        1,
    )
    assert (claimed.due_at, claimed.created_at) == (now, now)
    leased = replace(claimed, tried_at=now)
    assert await outbox.find_delivery(tx, "a") == leased
    assert await outbox.list_deliveries(tx, [claimed.id, 99]) == [leased]


async def test_what_may_be_out_is_known_since_its_first_claim_until_it_is_surely_not(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a")
    (first,) = await claim(tx, now)
    assert first.tried_at is None
    await outbox.postpone(tx, first, now, "refused before it was taken")
    (second,) = await claim(tx, now + MINUTE)
    assert second.tried_at is None
    await outbox.postpone(tx, second, now, "no reply", may_be_out=True)
    (third,) = await claim(tx, now + 2 * MINUTE)
    assert third.tried_at == now + MINUTE
    await outbox.postpone(tx, third, now, "it must wait")
    await claim(tx, now + 3 * MINUTE)
    await outbox.release_all(tx)
    (fourth,) = await claim(tx, now + 4 * MINUTE)
    assert fourth.tried_at == now + MINUTE


async def test_a_message_that_was_out_by_a_time(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b", "c")
    group = -1_000_000_000_007
    await queue("g", chat_id=group)
    rows = {row.key: row for row in await claim(tx, now)}
    for number, key in enumerate("abcg"):
        await mark_sent(tx, rows[key].id, 40 + number, now + number * MINUTE)
    private = range(-999_999_999_999, 10**12)
    later = now + 2 * MINUTE
    assert await sent_before.find_sent_before(tx, now, private) is None
    assert await sent_before.find_sent_before(tx, later, private) == 41
    assert await sent_before.find_sent_before(tx, later, range(group, group + 1)) is None
    assert await sent_before.find_sent_before(tx, later + 2 * MINUTE, range(group, group + 1)) == 43
    assert await sent_before.list_known(tx, 5, [39, 40, 41, 43]) == {40, 41}


async def test_random_ids_differ_and_fit_64_bits(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue(*map(str, range(300)))
    found = [delivery.random_id for delivery in await claim(tx, now, 300)]
    assert len(set(found)) == 300
    assert all(-(2**63) <= number < 2**63 and number != 0 for number in found)
    assert any(number < 0 for number in found)


async def test_ids_of_messages_outlive_the_rows(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b")
    before = {delivery.key: delivery.random_id for delivery in await claim(tx, now)}
    await tx.execute("DELETE FROM delivery")
    await queue("c", "b", "a")
    after = {delivery.key: delivery.random_id for delivery in await claim(tx, now)}
    assert {key: after[key] for key in before} == before


async def test_a_spare_key_is_taken_where_the_first_was_ever_used(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    assert await queue("a", spare_key="spare 1") == 1
    assert await queue("a", "b", spare_key="spare 2") == 2
    assert await queue("a", spare_key="spare 2") == 0
    assert await queue("a", "c") == 1
    assert await queue("d", "d", spare_key="spare 3") == 2
    keys = [delivery.key for delivery in await claim(tx, now)]
    assert sorted(keys) == ["a", "b", "c", "d", "spare 2", "spare 3"]


async def test_answers_go_before_alerts_before_digests_oldest_first(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("digest", priority=2, due_at=now - 9 * MINUTE)
    await queue("alert2", priority=1)
    await queue("alert1", priority=1, due_at=now - MINUTE)
    await queue("answer", priority=0)
    await queue("later", priority=0, due_at=now + MINUTE)
    claimed = await claim(tx, now)
    assert [delivery.key for delivery in claimed] == ["answer", "alert1", "alert2", "digest"]


async def test_what_is_claimed_is_not_claimed_again_before_its_lease_ends(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b")
    (first,) = await claim(tx, now, 1)
    (second,) = await claim(tx, now)
    assert {first.key, second.key} == {"a", "b"}
    assert await claim(tx, now) == []
    again = await claim(tx, now + MINUTE)
    assert [delivery.attempts for delivery in again] == [2, 2]
    assert {delivery.random_id for delivery in again} == {first.random_id, second.random_id}


async def test_outcomes(tx: Connection, queue: Queue, now: datetime) -> None:
    await queue("sent", "dead", "late")
    await queue("back", chat_id=6)
    by_key = {delivery.key: delivery for delivery in await claim(tx, now)}
    await mark_sent(tx, by_key["sent"].id, 42, now)
    await outbox.mark_dead(tx, by_key["dead"].id, "refused")
    await outbox.postpone(tx, by_key["late"], now + MINUTE, "FLOOD_WAIT", attempted=False)
    await outbox.release(tx, [by_key["back"].id])
    sent, dead, late, back = [
        await outbox.find_delivery(tx, key) for key in ("sent", "dead", "late", "back")
    ]
    assert sent is not None and dead is not None and late is not None and back is not None
    assert (sent.state, sent.message_id) == ("sent", 42)
    assert (dead.state, dead.last_error) == ("dead", "refused")
    assert (late.state, late.due_at, late.attempts) == ("queued", now + MINUTE, 0)
    assert (back.state, back.attempts) == ("queued", 0)
    assert [delivery.key for delivery in await claim(tx, now)] == ["back"]
    assert await outbox.count_by_state(tx) == {"sent": 1, "dead": 1, "queued": 2}


async def test_to_put_a_message_off_twice_changes_nothing(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a")
    for count in (0, 1):
        (row,) = await outbox.claim_due(tx, now=now, limit=9, lease_until=now + MINUTE)
        assert row.attempts == count + 1
        for _ in range(2):  # the first may have come true although its answer was lost
            await outbox.postpone(tx, row, now, "FLOOD_WAIT", attempted=count == 0)
    (row,) = await outbox.claim_due(tx, now=now, limit=9, lease_until=now + MINUTE)
    assert row.attempts == 2


async def test_leases_that_are_not_held_end_but_for_those_of_other_shares(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    for chat_id in (1, 2, 3):
        await queue(f"{chat_id}", chat_id=chat_id)
    rows = await outbox.claim_due(tx, now=now, limit=9, lease_until=now + MINUTE)
    held = {row.id for row in rows if row.chat_id == 1}
    assert await outbox.release_others(tx, held, shares={1, 2}) == 1
    (row,) = await outbox.claim_due(tx, now=now, limit=9, lease_until=now + MINUTE)
    assert (row.chat_id, row.attempts) == (2, 1)
    assert await outbox.release_others(tx, held) == 2


async def test_a_sent_message_stays_sent(tx: Connection, queue: Queue, now: datetime) -> None:
    await queue("a")
    (claimed,) = await claim(tx, now)
    await mark_sent(tx, claimed.id, 1, now)
    await outbox.postpone(tx, claimed, now, "late reply")
    await outbox.mark_dead(tx, claimed.id, "late reply")
    await outbox.release(tx, [claimed.id])
    assert await outbox.mark_gone(tx, 5) == 0
    found = await outbox.find_delivery(tx, "a")
    assert found is not None
    assert (found.state, found.attempts, found.last_error) == ("sent", 1, None)


async def test_a_chat_that_left_gets_nothing_more(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b")
    await queue("c", chat_id=6)
    assert await outbox.mark_gone(tx, 5) == 2
    assert [delivery.key for delivery in await claim(tx, now)] == ["c"]


async def test_a_crashed_process_leaves_no_lease_and_no_attempt(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a")
    await claim(tx, now)
    assert await outbox.release_all(tx) == 1
    (again,) = await claim(tx, now)
    assert again.attempts == 1


async def test_when_the_next_is_due(tx: Connection, queue: Queue, now: datetime) -> None:
    assert await outbox.next_due(tx) is None
    await queue("later", due_at=now + 5 * MINUTE)
    assert await outbox.next_due(tx) == now + 5 * MINUTE
    await queue("now")
    assert await outbox.next_due(tx) == now
    await claim(tx, now)
    assert await outbox.next_due(tx) == now + MINUTE


async def test_one_chat_with_a_long_queue_stands_in_nobodys_way(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue(*(f"busy{number}" for number in range(50)), chat_id=1, due_at=now - MINUTE)
    await queue("a", chat_id=2)
    await queue("b", chat_id=3)
    found = await outbox.claim_due(
        tx, now=now, limit=8, lease_until=now + MINUTE, held={3: 2}, per_chat=3
    )
    assert [row.chat_id for row in found] == [1, 1, 1, 2, 3]
    assert (
        await outbox.claim_due(
            tx, now=now, limit=8, lease_until=now + MINUTE, held={1: 3}, per_chat=3
        )
        == []
    )


async def test_a_message_whose_time_has_passed_is_not_sent(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("old", expires_at=now)
    await queue("fresh", expires_at=now + MINUTE)
    old = await outbox.find_delivery(tx, "old")
    assert old is not None
    assert await outbox.expire(tx, now=now) == [old.id]
    assert [row.key for row in await claim(tx, now)] == ["fresh"]
    assert await outbox.expire(tx, now=now + MINUTE / 2) == []
    assert await outbox.count_by_state(tx) == {"expired": 1, "queued": 1}


async def test_the_dead_are_listed_revived_and_dropped(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("a", "b", "c")
    ids = [row.id for row in await claim(tx, now)]
    for number in ids:
        await outbox.mark_dead(tx, number, "MESSAGE_EMPTY")
    dead = await outbox.list_dead(tx, limit=2)
    assert [(row.key, row.last_error) for row in dead] == [
        ("c", "MESSAGE_EMPTY"),
        ("b", "MESSAGE_EMPTY"),
    ]
    assert await outbox.drop(tx, ids[0], now=now)
    assert not await outbox.drop(tx, ids[0], now=now)
    assert await outbox.revive(tx, now=now, id=ids[1]) == 1
    assert await outbox.revive(tx, now=now) == 1
    again = await claim(tx, now)
    assert [(row.key, row.attempts) for row in again] == [("b", 1), ("c", 1)]
    assert not await outbox.drop(tx, ids[1], now=now), "it is under way"
    ends = now + MINUTE
    assert not await outbox.drop(tx, ids[1], now=ends - timedelta(microseconds=1))
    assert await outbox.drop(tx, ids[1], now=ends)


async def test_what_was_put_back_goes_before_what_came_after_it(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("first", "second")
    for delivery in await claim(tx, now):
        await outbox.postpone(tx, delivery, now + MINUTE, "FLOOD_WAIT")
    await queue("third")
    await queue("elsewhere", chat_id=6)
    await queue("answer", priority=0)
    others = await claim(tx, now)
    assert [row.key for row in others] == ["answer", "elsewhere"]
    for delivery in others:
        await mark_sent(tx, delivery.id, 1, now)
    later = now + MINUTE
    assert [row.key for row in await claim(tx, later, limit=1)] == ["first"]
    assert [row.key for row in await claim(tx, later, limit=1)] == ["second"]
    assert [row.key for row in await claim(tx, later)] == ["third"]


async def test_behind_an_alert_at_fault_its_chat_waits_but_answers_and_updates_do_not(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("bad", "second")
    await queue("answer", priority=0)
    await queue("digest", priority=2)
    await queue("elsewhere", chat_id=6)
    bad, second = (await claim(tx, now))[1:3]
    assert (bad.key, second.key) == ("bad", "second")
    await outbox.postpone(tx, bad, now + MINUTE, "INTERNAL", attempted=False)
    await outbox.postpone(tx, second, now, "INTERNAL", attempted=False)
    await outbox.release_all(tx)
    assert [row.key for row in await claim(tx, now)] == ["answer", "elsewhere"]
    await outbox.mark_dead(tx, bad.id, "INTERNAL")
    assert [row.key for row in await claim(tx, now)] == ["second"]
    assert [row.key for row in await claim(tx, now)] == ["digest"]


async def test_an_answer_at_fault_holds_nobody_up(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("bad answer", priority=0)
    (bad,) = await claim(tx, now)
    await outbox.postpone(tx, bad, now + MINUTE, "INTERNAL")
    await queue("answer", priority=0)
    await queue("alert")
    assert [row.key for row in await claim(tx, now)] == ["answer", "alert"]


async def test_an_edit_that_waits_holds_nobody_up_and_waits_for_nobody(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("out")
    (out,) = await claim(tx, now)
    await mark_sent(tx, out.id, 7, now)
    await queue("edit", kind="update", target=out.id)
    (edit,) = await claim(tx, now)
    await outbox.postpone(tx, edit, now + MINUTE, "FLOOD_WAIT")
    await queue("later")
    (later,) = await claim(tx, now)
    assert later.key == "later"
    # Nor does it wait behind an alert that was put back.
    await outbox.postpone(tx, later, now + 2 * MINUTE, "FLOOD_WAIT")
    await queue("after")
    assert [row.key for row in await claim(tx, now)] == []
    assert [row.key for row in await claim(tx, now + MINUTE)] == ["edit"]
