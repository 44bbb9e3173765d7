"""What became of alerts is written down by the database itself, to be read on from a place."""

from datetime import datetime

import pytest

from storage.connection import Connection
from storage.subscribers import alert_changes, alerts, subscribers
from storage.subscribers.alert_changes import LogPosition


@pytest.fixture
async def start(tx: Connection, now: datetime) -> LogPosition:
    """Where the list ends when Ann and Bob are there, without alerts."""
    for chat_id in (5, 6):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    place = await alert_changes.find_end(tx)
    assert place is not None
    return place


async def changed(tx: Connection, since: LogPosition) -> list[int]:
    found = await alert_changes.list_changed(tx, since)
    assert found is not None
    assert found.position == await alert_changes.find_end(tx)
    return found.alert_ids


async def test_every_change_of_an_alert_is_listed_once_from_a_place_on(
    tx: Connection, start: LogPosition, now: datetime
) -> None:
    assert await changed(tx, start) == []
    one = (await alerts.add_alert(tx, chat_id=5, query="grain", now=now)).id
    two = (await alerts.add_alert(tx, chat_id=6, query="ship", now=now)).id
    assert await changed(tx, start) == [one, two]
    between = await alert_changes.find_end(tx)
    assert between is not None
    assert await changed(tx, between) == []
    await alerts.remove_alert(tx, two, 6)
    await subscribers.deactivate(tx, 5)
    assert await changed(tx, between) == [one, two]
    assert await changed(tx, start) == [one, two]


async def test_a_list_that_does_not_go_back_to_a_place_tells_nothing(
    tx: Connection, start: LogPosition, now: datetime
) -> None:
    await alerts.add_alert(tx, chat_id=5, query="grain", now=now)
    for place in (LogPosition(start.id, start.mark + 1), LogPosition(start.id - 1, start.mark)):
        assert await alert_changes.list_changed(tx, place) is None
    assert await alert_changes.list_changed(tx, LogPosition(start.id + 99, start.mark)) is None
    await tx.execute("DELETE FROM alert_change WHERE id = ?", (start.id,))
    assert await alert_changes.list_changed(tx, start) is None
    await tx.execute("DELETE FROM alert_change")
    assert await alert_changes.find_end(tx) is None
