"""What subscribers set about their alerts, over a real database."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, time, timedelta

import pytest

from storage.connection import Connection, Database
from storage.document import Channel, Document
from storage.documents import documents
from storage.outbox import held, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, Alert, NewDelivery
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers

HOUR = timedelta(hours=1)


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Connection]:
    async with database.transaction() as connection:
        yield connection


@pytest.fixture
async def oil(tx: Connection, now: datetime) -> Alert:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    return await alerts.add_alert(tx, chat_id=1, query="oil", now=now)


async def test_quiet_hours_are_kept_to_the_minute(tx: Connection, now: datetime) -> None:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    for start, end, urgent in ((time(22, 5), time(7), True), (time(0), time(23, 59), False)):
        await subscribers.update_subscriber(
            tx, 1, quiet_from=start, quiet_until=end, quiet_but_urgent=urgent
        )
        found = await subscribers.get_subscriber(tx, 1)
        assert (found.quiet_from, found.quiet_until) == (start, end)
        assert found.quiet_but_urgent is urgent
    off = await subscribers.update_subscriber(tx, 1, quiet_from=None, quiet_until=None)
    assert (off.quiet_from, off.quiet_until) == (None, None)
    assert await subscribers.list_by_chat(tx, [1, 2]) == {1: off}


async def test_an_alert_keeps_how_it_is_told(tx: Connection, oil: Alert, now: datetime) -> None:
    assert await alerts.list_with_settings(tx, [oil.id]) == {}
    changed = await alerts.update_alert(
        tx, oil.id, 1, paused=True, snoozed_until=now, urgent=True, silent=True
    )
    assert changed is not None
    assert changed.paused and changed.urgent and changed.silent
    again = await alerts.update_alert(tx, oil.id, 1, hourly_limit=5, every_minutes=60)
    assert again == await alerts.find_alert(tx, oil.id)
    assert again is not None and (again.snoozed_until, again.hourly_limit) == (now, 5)
    assert await alerts.list_with_settings(tx, [oil.id, 99]) == {oil.id: again}
    assert await alerts.update_alert(tx, oil.id, 2, paused=False) is None
    with pytest.raises(TypeError, match="no field query"):
        await alerts.update_alert(tx, oil.id, 1, query="gas")


async def test_an_alert_of_a_chat_with_quiet_hours_is_considered(
    tx: Connection, oil: Alert
) -> None:
    await subscribers.update_subscriber(tx, 1, quiet_from=time(22), quiet_until=time(7))
    assert list(await alerts.list_with_settings(tx, [oil.id])) == [oil.id]


async def test_what_was_told_is_forgotten_after_a_while(
    tx: Connection, oil: Alert, now: datetime
) -> None:
    times = [now - 2 * HOUR, now - HOUR, now - HOUR / 2, now]
    await alerts.note_times_told(tx, [(oil.id, at) for at in times])
    told = await alerts.list_times_told(tx, [oil.id], since=now - HOUR)
    await alerts.forget_times_told(tx, [oil.id], until=now - HOUR)
    assert told == {oil.id: times[2:]}
    assert await alerts.list_times_told(tx, [oil.id], since=now - 9 * HOUR) == told


async def test_a_channel_is_muted_for_one_alert(tx: Connection, oil: Alert, now: datetime) -> None:
    gas = await alerts.add_alert(tx, chat_id=1, query="gas", now=now)
    await mutes.add_mutes(tx, [oil.id], "77", "Harbour")
    await mutes.add_mutes(tx, [oil.id], "77", "Harbour News")
    assert await mutes.list_muting(tx, "77", [oil.id, gas.id]) == {oil.id}
    assert await mutes.list_muting(tx, "78", [oil.id, gas.id]) == set()
    assert [mute.title for mute in await mutes.list_mutes(tx, oil.id)] == ["Harbour News"]
    assert await mutes.remove_mute(tx, oil.id, "77")
    assert not await mutes.remove_mute(tx, oil.id, "77")
    await mutes.add_mutes(tx, [oil.id], "77", "Harbour")
    await alerts.remove_alert(tx, oil.id, 1)
    assert await mutes.list_mutes(tx, oil.id) == []


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        (None, None),
        (Channel(title="A page"), None),
        (Channel(id=7, username="harbour"), "7"),
        (Channel(username="Harbour"), "@harbour"),
    ],
)
def test_what_a_channel_is_muted_as(channel: Channel | None, name: str | None) -> None:
    assert mutes.name_of(channel) == name


def row(story: str, alert_ids: list[int], due_at: datetime, now: datetime) -> NewDelivery:
    return NewDelivery(
        chat_id=1,
        kind="alert",
        key=f"alert:1:{story}",
        payload=AlertPayload(doc_id=story, alerts=tuple((id, "q") for id in alert_ids)),
        priority=PRIORITY_ALERT,
        due_at=due_at,
        created_at=now,
        bundle=held.bundle_name(due_at) if due_at > now else None,
    )


async def test_what_is_held_for_an_alert_alone_is_dropped_or_held_longer(
    tx: Connection, now: datetime
) -> None:
    due, later = now + HOUR, now + 2 * HOUR
    rows = [row("a", [1], due, now), row("b", [1, 2], due, now), row("c", [1], now, now)]
    await queueing.add_deliveries(tx, rows)
    assert await held.hold_until(tx, 1, [1], later, now=now) == 1
    moved = await outbox.find_delivery(tx, "alert:1:a")
    assert moved is not None
    assert (moved.due_at, moved.bundle) == (later, held.bundle_name(later))
    assert len(await held.drop_held(tx, 1, [1], now=now)) == 2
    assert len(await held.drop_held(tx, 2, [1, 2], now=now)) == 0
    assert len(await held.drop_held(tx, 1, [1, 2], now=now)) == 1
    assert await outbox.count_by_state(tx) == {"dropped": 2, "queued": 1}


async def held_for(tx: Connection, key: str) -> list[int] | None:
    """The alerts that a row which waits is held for; None where it waits no more."""
    found = await outbox.find_delivery(tx, key)
    assert found is not None
    return found.alert.alert_ids if found.state == "queued" else None


async def test_what_is_held_for_others_too_is_told_for_them_alone(
    tx: Connection, now: datetime
) -> None:
    due = now + HOUR
    await queueing.add_deliveries(tx, [row("a", [1, 2], due, now), row("b", [2], due, now)])
    assert len(await held.drop_held(tx, 1, [1], now=now)) == 1
    assert [await held_for(tx, f"alert:1:{name}") for name in "ab"] == [[2], [2]]


async def test_what_was_dropped_is_held_again(tx: Connection, now: datetime) -> None:
    due, later = now + HOUR, now + timedelta(seconds=1)
    names = "abcd"
    rows = [row("a", [1, 2], due, now), *(row(name, [1], due, now) for name in "bcd")]
    await queueing.add_deliveries(tx, rows)
    first = await held.drop_held(tx, 1, [2], now=now)
    await tx.execute("UPDATE delivery SET state = 'sent', finished_at = 5 WHERE id = 4")
    dropped = await held.drop_held(tx, 1, [1], now=later)
    assert (len(first), len(dropped)) == (1, 3)
    assert [await held_for(tx, f"alert:1:{name}") for name in names] == [None] * 4
    alert = Alert(id=1, chat_id=1, query="q", created_at=now)
    for chat_id, at in ((2, later), (1, now)):  # another's; and what was dropped at another time
        assert await held.put_back(tx, chat_id, dropped, alert, dropped_at=at) == 0
    assert await held.put_back(tx, 1, [*dropped, 4], alert, dropped_at=later) == 3
    assert [await held_for(tx, f"alert:1:{name}") for name in names] == [[1], [1], [1], None]
    other = Alert(id=2, chat_id=1, query="q2", created_at=now)
    for put in (1, 0):  # once
        assert await held.put_back(tx, 1, first, other, dropped_at=now) == put
    assert await held_for(tx, "alert:1:a") == [1, 2]


async def test_only_what_a_muted_channel_posted_is_dropped(
    tx: Connection, make_document: Callable[..., Document], now: datetime
) -> None:
    due = now + HOUR
    posts = [
        make_document(doc_id=f"tg:{id}/5", channel=Channel(id=id), message_id=5) for id in (77, 78)
    ]
    await documents.store_documents(tx, posts, stored_at=now, live=True)
    await queueing.add_deliveries(tx, [row(post.doc_id, [1], due, now) for post in posts])
    assert len(await held.drop_held(tx, 1, [1], channel="77", now=now)) == 1
    assert [await held_for(tx, f"alert:1:tg:{id}/5") for id in (77, 78)] == [None, [1]]


async def test_whoever_wants_nothing_more_gets_nothing_but_answers(
    tx: Connection, now: datetime
) -> None:
    answer = replace(row("x", [], now, now), kind="answer", key="answer:1:1:0")
    rows = [row("a", [1], now + HOUR, now), row("b", [1], now, now), answer]
    await queueing.add_deliveries(tx, rows)
    assert await held.drop_all(tx, 1, now=now) == 2
    assert await held.drop_all(tx, 1, now=now) == 0
    kept = await outbox.find_delivery(tx, answer.key)
    assert kept is not None
    assert kept.state == "queued"


@pytest.fixture
async def rows(tx: Connection, now: datetime) -> list[NewDelivery]:
    """One that is held, one due now, one of another chat, one of no bundle, one under way."""
    later = now + HOUR
    made = [
        row("a", [1], later, now),
        replace(row("b", [1], now, now), bundle="held:0"),
        replace(row("c", [1], later, now), chat_id=2),
        replace(row("d", [1], later, now), bundle=None),
        replace(row("e", [1], now - HOUR, now), bundle="held:1"),
    ]
    made = [replace(one, story=one.key[-1]) for one in made]
    await queueing.add_deliveries(tx, made)
    await outbox.claim_due(tx, now=now - HOUR, limit=1, lease_until=later)
    return made


async def dues(tx: Connection, rows: list[NewDelivery]) -> dict[str, datetime]:
    """When those that wait are due."""
    found = [await outbox.find_delivery(tx, one.key) for one in rows]
    return {one.key[-1]: one.due_at for one in found if one is not None and one.state == "queued"}


async def test_only_what_is_held_is_dropped(
    tx: Connection, rows: list[NewDelivery], now: datetime
) -> None:
    assert len(await held.drop_held(tx, 1, [1], now=now)) == 1
    assert set(await dues(tx, rows)) == set("bcde")


async def test_only_what_is_held_is_held_longer(
    tx: Connection, rows: list[NewDelivery], now: datetime
) -> None:
    before = await dues(tx, rows)
    assert await held.hold_until(tx, 1, [1, 2], now + 2 * HOUR, now=now) == 1
    assert await dues(tx, rows) == {**before, "a": now + 2 * HOUR}


async def test_only_what_is_held_until_a_time_is_moved(
    tx: Connection, rows: list[NewDelivery], now: datetime
) -> None:
    before = await dues(tx, rows)
    assert await held.move_held(tx, 1, now, now + 2 * HOUR, now=now) == 0
    assert await held.move_held(tx, 1, now + 2 * HOUR, now, now=now) == 0
    assert await held.move_held(tx, 1, now + HOUR, now + 2 * HOUR, now=now) == 1
    assert await dues(tx, rows) == {**before, "a": now + 2 * HOUR}
    moved = await outbox.find_delivery(tx, rows[0].key)
    assert moved is not None and moved.bundle == held.bundle_name(now + 2 * HOUR)


async def test_what_is_due_for_another_alert_takes_what_is_held_with_it(
    tx: Connection, rows: list[NewDelivery], now: datetime
) -> None:
    before = await dues(tx, rows)
    due = [
        replace(row(name, [7], now, now), story=name, chat_id=2 if name == "c" else 1)
        for name in "abcde"
    ]
    due[2] = replace(due[2], bundle="held:9")
    assert await held.bring_forward(tx, due, now=now) == 1
    assert await dues(tx, rows) == {**before, "a": now}
    told = await outbox.find_delivery(tx, rows[0].key)
    assert told is not None
    assert (told.bundle, told.alert.alert_ids) == (None, [7, 1])


async def test_all_that_waits_is_dropped_but_what_is_under_way(
    tx: Connection, rows: list[NewDelivery], now: datetime
) -> None:
    assert await held.drop_all(tx, 1, now=now) == 3
    assert set(await dues(tx, rows)) == {"c", "e"}
