"""The gate: what is queued through it is said, and who has left or stopped gets nothing more."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from database_steps import mark_sent

from storage.connection import Connection
from storage.outbox import new_rows, outbox
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload, TextPayload
from storage.subscribers import subscribers

CHAT = 5
SAID = TextPayload(text="said")
POST = AlertPayload(doc_id="a")
Queue = Callable[[Outbox, Connection, datetime], Awaitable[object]]

KINDS: dict[str, Queue] = {
    "answer": lambda gate, tx, now: gate.queue_answer(tx, CHAT, "a", SAID, now=now),
    "alert": lambda gate, tx, now: gate.queue_alerts(
        tx, [new_rows.alert(CHAT, "b", AlertPayload(doc_id="a"), now=now)]
    ),
    "digest": lambda gate, tx, now: gate.queue_digests(
        tx, [new_rows.digest(CHAT, key, SAID, now=now) for key in ("d1", "d2")]
    ),
    "notice": lambda gate, tx, now: gate.queue_notice(tx, CHAT, "over", SAID, now=now),
}


async def states(tx: Connection) -> dict[str, str]:
    rows = await tx.fetch_all("SELECT kind, state FROM delivery ORDER BY id")
    return {row["kind"]: row["state"] for row in rows}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_queued_is_news_once(tx: Connection, now: datetime, kind: str) -> None:
    gate = Outbox()
    await KINDS[kind](gate, tx, now)
    assert gate.news.is_set()
    assert set(await states(tx)) == {kind}
    gate.news.clear()
    await KINDS[kind](gate, tx, now)
    assert not gate.news.is_set()


async def test_answers_go_first_then_alerts_and_notices_then_digests(
    tx: Connection, now: datetime
) -> None:
    gate = Outbox()
    for kind in reversed(KINDS):
        await KINDS[kind](gate, tx, now)
    until = now + timedelta(minutes=1)
    claimed = await outbox.claim_due(tx, now=now, limit=10, lease_until=until)
    assert [row.kind for row in claimed] == ["answer", "notice", "alert", "digest", "digest"]


async def test_who_has_left_gets_nothing_more_but_what_waits_for_them(
    tx: Connection, now: datetime
) -> None:
    gate = Outbox()
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    for queue in KINDS.values():
        await queue(gate, tx, now)
    await gate.chat_left(tx, CHAT, reason="USER_IS_BLOCKED", now=now)
    assert await states(tx) == {
        "answer": "gone", "alert": "gone", "digest": "gone", "notice": "queued",
    }  # fmt: skip
    assert not (await subscribers.get_subscriber(tx, CHAT)).active
    until = now + timedelta(minutes=1)
    assert await outbox.claim_due(tx, now=now, limit=10, lease_until=until) == []


async def test_who_can_be_written_to_again_gets_what_was_given_up_and_is_not_too_old(
    tx: Connection, now: datetime
) -> None:
    gate = Outbox()
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    for queue in KINDS.values():
        await queue(gate, tx, now)
    await gate.chat_left(tx, CHAT, reason="CHAT_WRITE_FORBIDDEN", now=now)
    gate.news.clear()
    await gate.chat_found(tx, CHAT, now=now + timedelta(days=6))
    assert gate.news.is_set()
    assert await states(tx) == {
        "answer": "gone", "alert": "queued", "digest": "queued", "notice": "queued",
    }  # fmt: skip
    later = now + timedelta(days=6)
    until = later + timedelta(minutes=1)
    claimed = await outbox.claim_due(tx, now=later, limit=10, lease_until=until)
    assert sorted(row.kind for row in claimed) == ["alert", "digest", "digest", "notice"]
    await gate.chat_left(tx, CHAT, reason="CHAT_WRITE_FORBIDDEN", now=later)
    await gate.chat_found(tx, CHAT, now=now + timedelta(days=7))
    assert (await states(tx))["alert"] == "gone"


async def test_who_stops_still_gets_the_answer_to_that(tx: Connection, now: datetime) -> None:
    gate = Outbox()
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    for queue in KINDS.values():
        await queue(gate, tx, now)
    await gate.chat_stopped(tx, CHAT, now=now)
    assert await states(tx) == {
        "answer": "queued", "alert": "dropped", "digest": "dropped", "notice": "queued",
    }  # fmt: skip
    assert not (await subscribers.get_subscriber(tx, CHAT)).active


@pytest.mark.parametrize(("access_hash", "topic"), [(None, None), (None, 7), (9, None), (9, 7)])
async def test_an_answer_goes_to_the_topic_that_was_asked_in(
    tx: Connection, now: datetime, access_hash: int | None, topic: int | None
) -> None:
    to = {"access_hash": access_hash, "topic": topic}
    await Outbox().queue_answer(tx, CHAT, "a", SAID, now=now, **to)
    (row,) = await outbox.list_deliveries(tx, [1])
    assert row.payload == TextPayload(text="said", access_hash=access_hash)
    assert row.topic == topic


async def test_an_update_is_news_where_a_message_is_to_be_edited(
    tx: Connection, now: datetime
) -> None:
    rows = [
        new_rows.alert(CHAT, name, AlertPayload(doc_id=name), now=now, story=name)
        for name in ("tg:7/1", "tg:7/2")
    ]
    gate = Outbox()
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    await gate.queue_alerts(tx, rows)
    ids = [
        row["id"]
        for row in await tx.fetch_all("SELECT id FROM delivery WHERE kind = 'alert' ORDER BY id")
    ]
    for number, id in enumerate(ids, 1):
        await mark_sent(tx, id, number, now)
    gate.news.clear()
    await gate.queue_updates(tx, ["tg:7/9"], now=now)
    await gate.queue_updates_of(tx, [max(ids) + 1], now=now)
    assert not gate.news.is_set()
    await gate.queue_updates(tx, ["tg:7/1"], now=now)
    assert gate.news.is_set()
    gate.news.clear()
    await gate.queue_updates_of(tx, ids[1:], now=now)
    assert gate.news.is_set()
    found = await tx.fetch_all("SELECT target FROM delivery WHERE kind = 'update' ORDER BY id")
    assert [row["target"] for row in found] == ids
