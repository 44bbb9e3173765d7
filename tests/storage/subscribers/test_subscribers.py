"""The chats that the bot answers: what is known of them, and what they have set."""

from datetime import datetime, time, timedelta

import pytest

from storage.channels import channels, own_posts
from storage.connection import Connection
from storage.errors import NotFoundError
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload
from storage.records import NewDelivery
from storage.structs import replace
from storage.subscribers import alerts, subscribers

OIL = AlertPayload(doc_id="tg:77/1", alerts=((1, "oil"),))
HOUR = timedelta(hours=1)
GROUP = -1_000_000_000_007


async def test_what_is_known_of_a_chat_is_refreshed_and_what_it_chose_stays(
    tx: Connection, now: datetime
) -> None:
    first = await subscribers.add_subscriber(
        tx, chat_id=1, access_hash=9, username="ann", name="Ann", language="ru", now=now
    )
    assert (first.active, first.admitted, first.created_at) == (True, False, now)
    assert await subscribers.lose(tx, 1)
    assert not await subscribers.lose(tx, 1)
    again = await subscribers.add_subscriber(tx, chat_id=1, language="en", now=now + HOUR)
    assert again == replace(first, username=None)
    assert await subscribers.get_subscriber(tx, 1) == again
    other = await subscribers.add_subscriber(tx, chat_id=2, language="en", now=now)
    assert (other.language, len(other.incarnation)) == ("en", 16)
    assert other.incarnation != first.incarnation
    assert await subscribers.list_incarnations(tx, [1, 2, 3]) == {
        1: first.incarnation,
        2: other.incarnation,
    }
    with pytest.raises(NotFoundError):
        await subscribers.get_subscriber(tx, 3)


async def test_every_setting_is_kept_for_its_chat_alone(tx: Connection, now: datetime) -> None:
    other = await subscribers.add_subscriber(tx, chat_id=2, now=now)
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    fields = {
        "access_hash": 9,
        "username": "ann",
        "name": "Ann",
        "language": "ru",
        "timezone": "Europe/Berlin",
        "active": False,
        "admitted": True,
        "last_digest_at": now + HOUR,
        "quiet_from": time(22, 30),
        "quiet_until": time(0, 5),
        "quiet_but_urgent": True,
        "is_channel": True,
        "burst_after": 4,
    }
    changed = await subscribers.update_subscriber(tx, 1, **fields)
    assert {name: getattr(changed, name) for name in fields} == fields
    assert await subscribers.update_subscriber(tx, 1, name="Bea") == replace(changed, name="Bea")
    assert await subscribers.get_subscriber(tx, 2) == other
    with pytest.raises(TypeError, match="created_at"):
        await subscribers.update_subscriber(tx, 1, created_at=now)


async def test_why_a_chat_gets_nothing_is_kept(tx: Connection, now: datetime) -> None:
    await subscribers.add_subscriber(tx, chat_id=1, now=now)
    await subscribers.lose(tx, 1)
    renamed = await subscribers.update_subscriber(tx, 1, name="Ann")
    assert (renamed.active, renamed.lost, renamed.name) == (False, True, "Ann")
    await subscribers.deactivate(tx, 1)
    assert not await subscribers.lose(tx, 1)
    stopped = await subscribers.update_subscriber(tx, 1, name="Ann B.")
    assert (stopped.active, stopped.lost) == (False, False)
    back = await subscribers.update_subscriber(tx, 1, active=True)
    assert (back.active, back.lost) == (True, False)


async def test_they_are_listed_first_come_first(tx: Connection, now: datetime) -> None:
    for chat_id, when in ((3, now), (1, now + HOUR), (2, now)):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=when)
    await subscribers.deactivate(tx, 3)

    async def ids(active: bool | None) -> list[int]:
        return [one.chat_id for one in await subscribers.list_subscribers(tx, active=active)]

    assert await ids(True) == [2, 1]
    assert await ids(False) == [3]
    assert await ids(None) == [2, 3, 1]
    assert sorted(await subscribers.list_by_chat(tx, [1, 3, 9])) == [1, 3]


async def test_a_group_is_found_by_its_name_and_who_has_it_now(
    tx: Connection, now: datetime
) -> None:
    for chat_id, when in ((-1, now), (-2, now + HOUR), (-3, now + 2 * HOUR), (4, now + 3 * HOUR)):
        await subscribers.add_subscriber(tx, chat_id=chat_id, username="Harbour", now=when)
    await subscribers.add_subscriber(tx, chat_id=-9, username="mill", now=now + 9 * HOUR)
    await subscribers.deactivate(tx, -3)
    found = await subscribers.find_by_username(tx, "hARBOUR")
    assert found is not None
    assert found.chat_id == -2
    assert await subscribers.find_by_username(tx, "port") is None


async def test_lists_and_topics_are_those_of_one_chat(tx: Connection, now: datetime) -> None:
    for chat_id in (1, 2, 3):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    rows = [
        NewDelivery(
            chat_id=1, kind="burst", key=str(n), payload=OIL, priority=1, due_at=now, created_at=now
        )
        for n in range(2)
    ]
    await queueing.add_deliveries(tx, rows)
    first, second = [row.id for row in await outbox.claim_due(
        tx, now=now, limit=2, lease_until=now + HOUR
    )]  # fmt: skip
    await subscribers.set_growing(tx, 1, first)
    await subscribers.set_growing(tx, 2, second)
    await subscribers.set_topic(tx, 1, 12)
    await subscribers.end_growing(tx, 1, first)
    await subscribers.end_growing(tx, 2, first)  # A list of before.
    found = await subscribers.list_by_chat(tx, [1, 2, 3])
    assert [found[n].growing for n in (1, 2, 3)] == [None, second, None]
    assert [found[n].topic for n in (1, 2, 3)] == [12, None, None]


async def test_a_chat_is_let_in_once(tx: Connection, now: datetime) -> None:
    for chat_id in (1, 2):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    assert await subscribers.admit(tx, 1)
    assert not await subscribers.admit(tx, 1)
    assert not (await subscribers.get_subscriber(tx, 2)).admitted
    with pytest.raises(NotFoundError):
        await subscribers.admit(tx, 3)


async def test_who_is_forgotten_leaves_nothing_and_takes_nothing_of_others(
    tx: Connection, now: datetime
) -> None:
    watched = -1_000_000_000_077
    await channels.add_channel(tx, channel_id=77, now=now)
    for chat_id in (GROUP, watched, 2):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        await alerts.add_alert(tx, chat_id=chat_id, query="oil", now=now)
        row = NewDelivery(
            chat_id=chat_id,
            kind="alert",
            key=f"k{chat_id}",
            payload=OIL,
            priority=1,
            due_at=now,
            created_at=now,
        )
        await queueing.add_deliveries(tx, [row])
    await own_posts.add_own_posts(tx, [(GROUP, 5), (watched, 6), (2, 7)])
    assert await subscribers.remove_subscriber(tx, GROUP)
    assert not await subscribers.remove_subscriber(tx, GROUP)
    assert await alerts.count_alerts(tx) == 2
    assert await outbox.find_delivery(tx, f"k{GROUP}") is None
    assert await outbox.find_delivery(tx, "k2") is not None
    # What the bot wrote into a channel that is watched is still no post of it.
    await subscribers.remove_subscriber(tx, watched)
    assert await own_posts.list_chats(tx) == [watched]
    assert await own_posts.find_own_posts(tx, watched, [5, 6]) == {6}
    assert await own_posts.find_own_posts(tx, GROUP, [5, 6]) == frozenset()
