"""Channels, subscribers, alerts, digest plans and facts over a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from database_steps import list_active

from storage import facts
from storage.channels import backfills, channels
from storage.connection import Connection, Database
from storage.errors import NotFoundError, StorageError
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.subscribers import alerts, plans, subscribers


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Connection]:
    async with database.transaction() as connection:
        yield connection


async def test_a_channel_is_known_by_number_and_by_name(tx: Connection, now: datetime) -> None:
    added = await channels.add_channel(
        tx, channel_id=77, username="Harbour", title="H", access_hash=-5, now=now
    )
    assert (added.channel_id, added.access_hash, added.cursor, added.watched) == (77, -5, 0, True)
    assert added.added_at == now
    assert await channels.find_channel(tx, channel_id=77) == added
    assert await channels.find_channel(tx, username="@HARBOUR") == added
    assert await channels.find_channel(tx, username="mill") is None
    assert await channels.get_channel(tx, added.id) == added
    with pytest.raises(NotFoundError):
        await channels.get_channel(tx, 999)
    with pytest.raises(NotFoundError):
        await channels.add_channel(tx, now=now)


async def test_a_channel_added_by_name_gets_its_number_later(tx: Connection, now: datetime) -> None:
    first = await channels.add_channel(tx, username="harbour", now=now)
    second = await channels.add_channel(
        tx, channel_id=77, username="Harbour", title="H", now=now + timedelta(days=1)
    )
    assert (second.id, second.channel_id, second.title) == (first.id, 77, "H")
    assert second.added_at == now


async def test_two_rows_of_one_channel_become_one(tx: Connection, now: datetime) -> None:
    await channels.add_channel(tx, channel_id=77, watched=False, now=now)
    await channels.add_channel(tx, username="harbour", now=now)
    joined = await channels.add_channel(
        tx, channel_id=77, username="harbour", watched=False, now=now
    )
    assert joined.watched
    assert await channels.list_channels(tx, watched=None) == [joined]


async def test_a_user_name_moves_to_its_new_owner(tx: Connection, now: datetime) -> None:
    old = await channels.add_channel(tx, channel_id=1, username="name", now=now)
    new = await channels.add_channel(tx, channel_id=2, username="Name", now=now)
    assert (await channels.get_channel(tx, old.id)).username is None
    third = await channels.add_channel(tx, channel_id=3, username="other", now=now)
    await channels.update_channel(tx, third.id, username="NAME", title="T", error="closed")
    assert (await channels.get_channel(tx, new.id)).username is None
    found = await channels.find_channel(tx, username="name")
    assert found is not None
    assert (found.id, found.title, found.error) == (third.id, "T", "closed")


async def test_an_unknown_field_is_a_mistake(tx: Connection, now: datetime) -> None:
    channel = await channels.add_channel(tx, channel_id=1, now=now)
    with pytest.raises(TypeError, match="cursor"):
        await channels.update_channel(tx, channel.id, cursor=5)
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    with pytest.raises(TypeError, match="created_at"):
        await subscribers.update_subscriber(tx, 1, created_at=now)


async def test_the_cursor_never_goes_back(tx: Connection, now: datetime) -> None:
    channel = await channels.add_channel(tx, channel_id=77, now=now)
    await channels.advance_cursor(tx, channel.id, 10, now)
    await channels.advance_cursor(tx, channel.id, 7, now + timedelta(hours=1))
    found = await channels.get_channel(tx, channel.id)
    assert (found.cursor, found.last_scan_at) == (10, now + timedelta(hours=1))


async def test_a_removal_is_remembered_until_someone_adds_it_again(
    tx: Connection, now: datetime
) -> None:
    channel = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    assert await channels.remove_channel(tx, channel.id)
    assert not await channels.remove_channel(tx, channel.id)
    assert await channels.was_removed(tx, username="@Harbour")
    assert await channels.was_removed(tx, channel_id=77)
    assert not await channels.was_removed(tx, username="mill")
    assert not await channels.was_removed(tx)
    assert await channels.list_channels(tx) == []
    assert len(await channels.list_channels(tx, watched=False)) == 1
    await channels.add_channel(tx, channel_id=77, watched=False, now=now)
    assert await channels.was_removed(tx, channel_id=77)
    await channels.add_channel(tx, channel_id=77, now=now)
    assert not await channels.was_removed(tx, channel_id=77)


async def test_a_subscriber_comes_leaves_and_comes_back(tx: Connection, now: datetime) -> None:
    added = await subscribers.add_subscriber(
        tx, chat_id=-1005, access_hash=9, username="ann", name="Ann", language="ru", now=now
    )
    assert (added.active, added.admitted, added.created_at) == (True, False, now)
    assert await subscribers.lose(tx, -1005)
    assert not await subscribers.lose(tx, -1005)
    assert (await subscribers.get_subscriber(tx, -1005)).lost
    await subscribers.deactivate(tx, -1005)
    assert not await subscribers.lose(tx, -1005)
    assert not (await subscribers.get_subscriber(tx, -1005)).lost
    assert await subscribers.list_subscribers(tx) == []
    assert len(await subscribers.list_subscribers(tx, active=None)) == 1
    again = await subscribers.add_subscriber(tx, chat_id=-1005, language="en", now=now)
    assert (again.active, again.language, again.name, again.access_hash) == (True, "ru", "Ann", 9)
    assert await subscribers.list_subscribers(tx) == [again]


async def test_a_subscribers_settings(tx: Connection, now: datetime) -> None:
    await subscribers.add_subscriber(tx, chat_id=5, now=now)
    updated = await subscribers.update_subscriber(
        tx, 5, language="ru", timezone="Europe/Moscow", last_digest_at=now, active=False
    )
    assert (updated.language, updated.timezone) == ("ru", "Europe/Moscow")
    assert (updated.last_digest_at, updated.active) == (now, False)
    assert await subscribers.admit(tx, 5)
    assert not await subscribers.admit(tx, 5)
    for attempt in (subscribers.admit(tx, 6), subscribers.update_subscriber(tx, 6, name="x")):
        with pytest.raises(NotFoundError, match="chat 6"):
            await attempt


async def test_forgetting_takes_all_that_is_theirs(tx: Connection, now: datetime) -> None:
    for chat_id in (5, 6):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        await alerts.add_alert(tx, chat_id=chat_id, query="grain", now=now)
        await plans.add_plan(
            tx, chat_id=chat_id, times="daily 08:00", timezone="UTC", due_at=now, now=now
        )
        delivery = NewDelivery(
            chat_id=chat_id, kind="alert", key=str(chat_id), priority=PRIORITY_ALERT,
            payload=AlertPayload(doc_id="a"),
            due_at=now, created_at=now,
        )  # fmt: skip
        await queueing.add_deliveries(tx, [delivery])
    assert await subscribers.remove_subscriber(tx, 5)
    assert not await subscribers.remove_subscriber(tx, 5)
    assert await subscribers.find_subscriber(tx, 5) is None
    assert [alert.chat_id for alert in await list_active(tx)] == [6]
    due = await plans.list_due(tx, now=now, after=0, limit=9)
    assert [plan.chat_id for plan in due] == [6]
    assert await outbox.find_delivery(tx, "5") is None
    assert await outbox.find_delivery(tx, "6") is not None


async def test_alerts_are_saved_once_and_listed(tx: Connection, now: datetime) -> None:
    await subscribers.add_subscriber(tx, chat_id=5, now=now)
    await subscribers.add_subscriber(tx, chat_id=6, now=now)
    first = await alerts.add_alert(tx, chat_id=5, query="grain", now=now)
    assert await alerts.add_alert(tx, chat_id=5, query="grain", now=now) == first
    other = await alerts.add_alert(tx, chat_id=6, query="grain", now=now)
    assert sorted(await list_active(tx), key=lambda one: one.id) == [first, other]
    assert await alerts.list_alerts(tx, 5) == [first]
    assert (await alerts.count_alerts(tx, 5), await alerts.count_alerts(tx)) == (1, 2)
    assert await alerts.find_alert(tx, first.id) == first
    assert not await alerts.remove_alert(tx, first.id, 6)
    assert await alerts.remove_alert(tx, first.id, 5)
    assert await alerts.find_alert(tx, first.id) is None
    await subscribers.deactivate(tx, 6)
    assert await list_active(tx) == []
    assert await alerts.list_alerts(tx, 6) == [other]


async def test_an_alert_needs_its_subscriber(tx: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="what this belongs to is not there"):
        await alerts.add_alert(tx, chat_id=5, query="grain", now=now)


async def test_an_alerts_id_is_never_used_again(tx: Connection, now: datetime) -> None:
    await subscribers.add_subscriber(tx, chat_id=5, now=now)
    first = await alerts.add_alert(tx, chat_id=5, query="a", now=now)
    await alerts.remove_alert(tx, first.id, 5)
    assert (await alerts.add_alert(tx, chat_id=5, query="b", now=now)).id > first.id


async def test_facts(tx: Connection) -> None:
    assert await facts.find_value(tx, "server") is None
    await facts.set_value(tx, "server", "1")
    await facts.set_value(tx, "server", "2")
    assert await facts.find_value(tx, "server") == "2"
    assert await facts.remove_value(tx, "server")
    assert not await facts.remove_value(tx, "server")


async def test_a_time_without_zone_is_refused(tx: Connection, now: datetime) -> None:
    with pytest.raises(StorageError, match="without time zone"):
        await channels.add_channel(tx, channel_id=1, now=now.replace(tzinfo=None))


async def test_times_come_back_in_utc(tx: Connection) -> None:
    tokyo = datetime(2024, 5, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    channel = await channels.add_channel(tx, channel_id=1, now=tokyo)
    assert channel.added_at == tokyo
    assert channel.added_at.tzinfo is UTC


async def test_what_was_read_of_a_channel_known_by_name_is_kept_when_its_number_is_found(
    tx: Connection, now: datetime
) -> None:
    by_number = await channels.add_channel(tx, channel_id=77, now=now)
    by_name = await channels.add_channel(tx, username="harbour", title="Harbour", now=now)
    await channels.begin_watching(tx, by_name.id, 5, now)
    await channels.advance_cursor(tx, by_name.id, 9, now)
    one = await channels.number_channel(tx, by_name.id, 77)
    assert (one.id, one.channel_id, one.username, one.title) == (
        by_number.id,
        77,
        "harbour",
        "Harbour",
    )
    assert (one.cursor, one.floor, one.last_scan_at) == (9, 5, now)
    assert [channel.id for channel in await channels.list_channels(tx)] == [one.id]
    assert await channels.number_channel(tx, one.id, 77) == one


async def test_a_scan_that_ends_after_its_channel_was_taken_off_changes_nothing(
    tx: Connection, now: datetime
) -> None:
    channel = await channels.add_channel(tx, channel_id=77, now=now)
    await channels.begin_watching(tx, channel.id, 5, now)
    await channels.remove_channel(tx, channel.id)
    await channels.advance_cursor(tx, channel.id, 9, now)
    await channels.begin_watching(tx, channel.id, 9, now)
    assert await channels.find_watched(tx, channel.id) is None
    later = now + timedelta(days=1)
    again = await channels.add_channel(tx, channel_id=77, now=later)
    assert (again.cursor, again.last_scan_at, again.added_at) == (5, None, later)


async def test_recent_posts_are_wanted_of_a_channel_that_was_never_watched_before(
    tx: Connection, now: datetime
) -> None:
    channel = await channels.add_channel(tx, channel_id=77, now=now)
    await channels.begin_watching(tx, channel.id, 5, now)
    wanted = await backfills.find_backfill(tx, channel.id)
    assert wanted is not None
    assert (wanted.newest_first, wanted.last_id, wanted.asked_at) == (True, 5, now)
    await backfills.descend(tx, channel.id, from_id=5, last_id=2, posts=3)
    await backfills.descend(tx, channel.id, from_id=5, last_id=2, posts=3)
    found = await backfills.find_backfill(tx, channel.id)
    assert found is not None
    assert (found.last_id, found.posts) == (2, 3)
    await backfills.drop_recent(tx)
    await channels.remove_channel(tx, channel.id)
    await channels.add_channel(tx, channel_id=77, now=now)
    await channels.begin_watching(tx, channel.id, 9, now)
    assert await backfills.find_backfill(tx, channel.id) is None
    await backfills.ask_for(tx, channel.id, now=now)
    assert (await backfills.list_backfills(tx))[0].newest_first is False


async def test_a_page_of_history_is_counted_once_whoever_reads_it(
    tx: Connection, now: datetime
) -> None:
    channel = await channels.add_channel(tx, channel_id=77, now=now)
    await backfills.ask_for(tx, channel.id, now=now)
    await backfills.begin(tx, channel.id, first_id=1, last_id=50)
    assert await backfills.advance(tx, channel.id, from_id=1, next_id=21, posts=20)
    assert not await backfills.advance(tx, channel.id, from_id=1, next_id=21, posts=20)
    found = await backfills.find_backfill(tx, channel.id)
    assert found is not None
    assert (found.next_id, found.posts) == (21, 20)
