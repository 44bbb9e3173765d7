"""Alerts that were removed and are put back as they were, under their ids."""

from datetime import datetime, timedelta

import pytest

from storage.chats import moving
from storage.connection import Connection
from storage.records import Alert
from storage.structs import replace
from storage.subscribers import alert_changes, alerts, mutes, removed_alerts, subscribers

HOUR = timedelta(hours=1)


@pytest.fixture
async def grain(tx: Connection, now: datetime) -> Alert:
    """An alert with settings of every kind, of one of two chats."""
    for chat_id in (5, 6):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    made = await alerts.add_alert(tx, chat_id=5, query="grain", now=now - HOUR)
    await mutes.add_mutes(tx, [made.id], "77", "Port")
    told = {"paused": True, "snoozed_until": now + HOUR, "urgent": True, "silent": True}
    beyond = {"hourly_limit": 5, "every_minutes": 15, "once": True}
    changed = await alerts.update_alert(tx, made.id, 5, **told, **beyond)
    assert changed is not None
    return changed


async def test_a_removed_alert_comes_back_with_its_id_and_all_that_was_set(
    tx: Connection, grain: Alert, now: datetime
) -> None:
    await removed_alerts.remove(tx, grain, held=[3, 4], now=now)
    assert await alerts.list_alerts(tx, 5) == []
    assert await removed_alerts.find_removed(tx, grain.id, 6) is None
    removed = await removed_alerts.find_removed(tx, grain.id, 5)
    assert removed is not None
    assert (removed.held, removed.muted, removed.removed_at) == ((3, 4), (("77", "Port"),), now)
    restored = await removed_alerts.restore(tx, removed, now=now + HOUR)
    assert restored == replace(grain, since=now + HOUR)
    assert await alerts.list_alerts(tx, 5) == [restored]
    assert restored.watches_since == now + HOUR
    assert [mute.channel for mute in await mutes.list_mutes(tx, grain.id)] == ["77"]
    assert await removed_alerts.find_removed(tx, grain.id, 5) is None


async def test_a_group_that_goes_on_under_another_id_has_other_messages(
    tx: Connection, grain: Alert, now: datetime
) -> None:
    await removed_alerts.remove(tx, grain, held=[3], below=7, now=now)
    before = await removed_alerts.find_removed(tx, grain.id, 5)
    assert before is not None
    assert await removed_alerts.find_below(tx, 5, 7, now=now) == grain.id
    await moving.move_chat(tx, 5, 6)
    assert await removed_alerts.find_below(tx, 6, 7, now=now) is None
    moved = await removed_alerts.find_removed(tx, grain.id, 6)
    assert moved == replace(before, alert=replace(before.alert, chat_id=6))


async def test_whoever_holds_the_saved_queries_hears_of_both(
    tx: Connection, grain: Alert, now: datetime
) -> None:
    for step in ("remove", "restore"):
        place = await alert_changes.find_end(tx)
        assert place is not None
        removed = await removed_alerts.find_removed(tx, grain.id, 5)
        if removed is None:
            await removed_alerts.remove(tx, grain, now=now)
        else:
            await removed_alerts.restore(tx, removed, now=now)
        changed = await alert_changes.list_changed(tx, place)
        assert changed is not None and changed.alert_ids == [grain.id], step


async def test_an_id_is_never_given_again(tx: Connection, grain: Alert, now: datetime) -> None:
    await removed_alerts.remove(tx, grain, now=now)
    other = await alerts.add_alert(tx, chat_id=5, query="oil", now=now)
    assert other.id != grain.id


async def test_it_is_kept_for_a_day(tx: Connection, grain: Alert, now: datetime) -> None:
    await removed_alerts.remove(tx, grain, now=now)
    for later, gone in ((removed_alerts.KEPT_FOR, 0), (removed_alerts.KEPT_FOR + HOUR, 1)):
        assert await removed_alerts.prune_removed(tx, now=now + later) == gone
    assert await removed_alerts.find_removed(tx, grain.id, 5) is None


async def test_it_goes_with_its_chat(tx: Connection, grain: Alert, now: datetime) -> None:
    await removed_alerts.remove(tx, grain, now=now)
    await subscribers.remove_subscriber(tx, 5)
    assert await removed_alerts.find_removed(tx, grain.id, 5) is None


async def test_an_alert_asks_something_else_from_then_on(
    tx: Connection, grain: Alert, now: datetime
) -> None:
    assert await alerts.change_query(tx, grain.id, 6, "oil", now=now) is None
    assert await alerts.find_alert(tx, grain.id) == grain
    same = await alerts.change_query(tx, grain.id, 5, "grain", now=now)
    assert same == grain
    place = await alert_changes.find_end(tx)
    changed = await alerts.change_query(tx, grain.id, 5, "oil", now=now)
    assert changed == replace(grain, query="oil", since=now)
    assert place is not None
    found = await alert_changes.list_changed(tx, place)
    assert found is not None and found.alert_ids == [grain.id]
