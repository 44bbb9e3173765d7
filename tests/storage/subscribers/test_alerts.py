"""Saved queries, how they are told, and the channels that they leave out."""

from datetime import datetime, timedelta

import pytest

from storage.connection import Connection
from storage.errors import NotFoundError
from storage.records import Alert
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def chats(tx: Connection, now: datetime) -> None:
    """Two who have alerts."""
    for chat_id in (1, 2):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)


async def add(tx: Connection, now: datetime, *queries: str, chat_id: int = 1) -> list[Alert]:
    return [await alerts.add_alert(tx, chat_id=chat_id, query=one, now=now) for one in queries]


async def test_the_same_query_of_one_chat_is_one_alert(tx: Connection, now: datetime) -> None:
    oil, gas = await add(tx, now, "oil", "gas")
    (other,) = await add(tx, now, "oil", chat_id=2)
    assert await add(tx, now + HOUR, "oil") == [oil]
    assert await alerts.list_alerts(tx, 1) == [oil, gas]
    assert await alerts.find_alert(tx, other.id) == other
    assert await alerts.find_alert(tx, 99) is None
    assert [await alerts.count_alerts(tx, chat) for chat in (1, 2, 3, None)] == [2, 1, 0, 3]
    with pytest.raises(NotFoundError):
        await add(tx, now, "oil", chat_id=9)


async def test_only_its_own_chat_changes_and_removes_an_alert(
    tx: Connection, now: datetime
) -> None:
    oil, gas = await add(tx, now, "oil", "gas")
    fields = {
        "paused": True,
        "snoozed_until": now + HOUR,
        "urgent": True,
        "silent": True,
        "hourly_limit": 3,
        "every_minutes": 30,
    }
    assert await alerts.update_alert(tx, oil.id, 2, **fields) is None
    assert await alerts.find_alert(tx, oil.id) == oil
    assert await alerts.update_alert(tx, 99, 1, paused=True) is None
    changed = await alerts.update_alert(tx, oil.id, 1, **fields)
    assert changed == replace(oil, **fields)  # type: ignore[arg-type]
    assert await alerts.find_alert(tx, oil.id) == changed
    assert await alerts.find_alert(tx, gas.id) == gas
    with pytest.raises(TypeError, match="query"):
        await alerts.update_alert(tx, oil.id, 1, query="coal")
    assert not await alerts.remove_alert(tx, oil.id, 2)
    assert await alerts.remove_alert(tx, oil.id, 1)
    assert not await alerts.remove_alert(tx, oil.id, 1)
    assert await alerts.list_alerts(tx, 1) == [gas]


async def test_the_active_are_read_page_by_page(tx: Connection, now: datetime) -> None:
    first = await add(tx, now, "oil", "gas", "coal")
    (gone,) = await add(tx, now, "oil", chat_id=2)
    texts = [(alert.id, alert.chat_id, alert.query) for alert in (*first, gone)]
    assert await alerts.list_active_texts(tx, after=0, limit=9) == texts
    await subscribers.deactivate(tx, 2)
    assert await alerts.list_active_texts(tx, after=0, limit=2) == texts[:2]
    assert await alerts.list_active_texts(tx, after=first[1].id, limit=2) == texts[2:3]


@pytest.mark.parametrize(
    "fields",
    [
        {"paused": True},
        {"snoozed_until": datetime.fromisoformat("2024-05-01T00:00:00Z")},
        {"silent": True},
        {"urgent": True},
        {"hourly_limit": 1},
        {"every_minutes": 5},
    ],
    ids=str,
)
async def test_whatever_is_set_of_an_alert_has_it_considered(
    tx: Connection, now: datetime, fields: dict[str, object]
) -> None:
    plain, set_one = await add(tx, now, "oil", "gas")
    (other,) = await add(tx, now, "oil", chat_id=2)
    changed = await alerts.update_alert(tx, set_one.id, 1, **fields)
    ids = [plain.id, set_one.id, other.id]
    assert await alerts.list_with_settings(tx, ids) == {set_one.id: changed}
    assert await alerts.list_with_settings(tx, [plain.id]) == {}


async def test_all_alerts_of_a_chat_with_quiet_hours_are_considered(
    tx: Connection, now: datetime
) -> None:
    oil, gas = await add(tx, now, "oil", "gas")
    (other,) = await add(tx, now, "oil", chat_id=2)
    await subscribers.update_subscriber(
        tx, 1, quiet_from=now.time().replace(tzinfo=None), quiet_until=now.time()
    )
    found = await alerts.list_with_settings(tx, [oil.id, gas.id, other.id])
    assert sorted(found) == [oil.id, gas.id]


async def test_what_was_told_since_is_known_and_older_is_forgotten(
    tx: Connection, now: datetime
) -> None:
    oil, gas = [one.id for one in await add(tx, now, "oil", "gas")]
    later, last = now + HOUR, now + 2 * HOUR
    told = [(oil, last), (oil, now), (oil, later), (gas, now), (gas, last)]
    await alerts.note_times_told(tx, told)
    listed = {oil: [later, last], 99: []}
    assert await alerts.list_times_told(tx, [oil, 99], since=now) == listed
    await alerts.forget_times_told(tx, [oil], until=now)
    rows = await tx.fetch_all("SELECT alert_id, count(*) AS n FROM told GROUP BY alert_id")
    assert {row["alert_id"]: row["n"] for row in rows} == {oil: 2, gas: 2}
    assert await alerts.list_times_told(tx, [oil, 99], since=now) == listed


async def test_single_alerts_leave_a_channel_out(tx: Connection, now: datetime) -> None:
    oil, gas = [one.id for one in await add(tx, now, "oil", "gas")]
    await mutes.add_mutes(tx, [oil, gas], "77", "Mill")
    await mutes.add_mutes(tx, [oil], "78", "Harbour")
    await mutes.add_mutes(tx, [oil], "77", "The Mill")
    listed = await mutes.list_mutes(tx, oil)
    assert [(one.alert_id, one.channel, one.title) for one in listed] == [
        (oil, "78", "Harbour"),
        (oil, "77", "The Mill"),
    ]
    assert [one.title for one in await mutes.list_mutes(tx, gas)] == ["Mill"]
    assert await mutes.list_muting(tx, "77", [oil, gas, 99]) == {oil, gas}
    assert await mutes.list_muting(tx, "78", [oil, gas]) == {oil}
    assert await mutes.list_muting(tx, "77", [gas]) == {gas}
    assert await mutes.remove_mute(tx, oil, "77")
    assert not await mutes.remove_mute(tx, oil, "77")
    assert await mutes.list_muting(tx, "77", [oil, gas]) == {gas}
    assert await mutes.list_muting(tx, "78", [oil]) == {oil}
