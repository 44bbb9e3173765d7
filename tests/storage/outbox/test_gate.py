"""The gate: what is queued through it is said, and who has left or stopped gets nothing more."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from database_steps import mark_sent

from storage.connection import Connection
from storage.document import Channel, Document
from storage.documents import documents
from storage.outbox import new_rows, outbox
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload, TextPayload
from storage.records import Alert
from storage.subscribers import alerts, mutes, removed_alerts, subscribers

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


@pytest.mark.parametrize("says_it", ["before", "after"])
async def test_who_says_stop_while_lost_gets_nothing_of_before(
    tx: Connection, now: datetime, says_it: str
) -> None:
    gate = Outbox()
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    for queue in KINDS.values():
        await queue(gate, tx, now)
    await gate.chat_left(tx, CHAT, reason="CHAT_WRITE_FORBIDDEN", now=now)
    if says_it == "after":
        await gate.chat_found(tx, CHAT, now=now)
    await gate.chat_stopped(tx, CHAT, now=now)
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    await gate.chat_found(tx, CHAT, now=now)
    assert await states(tx) == {
        "answer": "gone", "alert": "dropped", "digest": "dropped", "notice": "queued",
    }  # fmt: skip


async def add_rows(
    tx: Connection, make_document: Callable[..., Document], now: datetime
) -> tuple[Alert, Alert, dict[str, Alert]]:
    """Two alerts that stand, and by their queries others; what is queued for each of all these, and
    for each together with the second, by ``key``."""
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    post = make_document(doc_id="tg:7/1", channel=Channel(id=7), message_id=1)
    await documents.store_documents(tx, [post], stored_at=now, live=True)
    queries = ("alone", "beside", "removed", "paused", "muted")
    alone, beside, *others = [
        await alerts.add_alert(tx, chat_id=CHAT, query=query, now=now) for query in queries
    ]
    for one in (alone, beside, *others):
        pairs = [(one.id, one.query), (beside.id, beside.query)]
        for name, told in ((one.query, pairs[:1]), (f"{one.query}+", pairs)):
            payload = AlertPayload(doc_id="tg:7/1", alerts=tuple(told))
            await Outbox().queue_alerts(tx, [new_rows.alert(CHAT, name, payload, now=now)])
    return alone, beside, {one.query: one for one in others}


async def test_of_what_was_given_up_only_what_is_still_wanted_is_sent(
    tx: Connection, make_document: Callable[..., Document], now: datetime
) -> None:
    alone, beside, others = await add_rows(tx, make_document, now)
    gate = Outbox()
    await gate.chat_left(tx, CHAT, reason="CHAT_WRITE_FORBIDDEN", now=now)
    await removed_alerts.remove(tx, others["removed"], held=[], now=now)
    await alerts.update_alert(tx, others["paused"].id, CHAT, paused=True)
    await mutes.add_mutes(tx, [others["muted"].id], "7", "Wire")
    await mutes.add_mutes(tx, [alone.id], "8", "Another")
    await gate.chat_found(tx, CHAT, now=now)
    until = now + timedelta(minutes=1)
    claimed = await outbox.claim_due(tx, now=now, limit=99, lease_until=until)
    told = {row.key: row.alert.alert_ids for row in claimed}
    assert told == {
        "alone": [alone.id],
        "alone+": [alone.id, beside.id],
        "beside": [beside.id],
        "beside+": [beside.id, beside.id],
        **{f"{name}+": [beside.id] for name in others},
    }
    found = await tx.fetch_all("SELECT key FROM whole_delivery WHERE state = 'dropped'")
    assert {row["key"] for row in found} == set(others)


@pytest.mark.parametrize(("closed", "is_sent"), [(0, True), (1, False), (2, False)])
async def test_a_message_that_is_edited_no_more_is_not_edited_once_its_chat_is_back(
    tx: Connection, now: datetime, closed: int, *, is_sent: bool
) -> None:
    gate = Outbox()
    await subscribers.add_subscriber(tx, chat_id=CHAT, now=now)
    told = new_rows.alert(CHAT, "b", AlertPayload(doc_id="a"), now=now, story="a")
    await gate.queue_alerts(tx, [told])
    (row,) = await outbox.claim_due(tx, now=now, limit=9, lease_until=now)
    await mark_sent(tx, row.id, 5, now)
    await gate.queue_updates(tx, ["a"], now=now)
    await gate.chat_left(tx, CHAT, reason="CHAT_WRITE_FORBIDDEN", now=now)
    await tx.execute("UPDATE delivery SET closed = ? WHERE id = ?", (closed, row.id))
    await gate.chat_found(tx, CHAT, now=now)
    assert (await states(tx))["update"] == ("queued" if is_sent else "gone")


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
