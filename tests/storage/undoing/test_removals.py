"""What was taken out of lists: put back once and by its chat, for a day; told without secrets."""

import json
from datetime import datetime, timedelta

import pytest

from storage.chats import erasure, moving, personal
from storage.connection import Connection
from storage.subscribers import feeds, links, subscribers
from storage.undoing import removals

ANN, BEN = 5, 6
DAY = timedelta(days=1)


async def listed(conn: Connection, chat_id: int) -> list[str]:
    return [str(one["target"]) for one in await removals.list_kept(conn, chat_id)]


async def keep(tx: Connection, target: str, now: datetime, *, chat_id: int = ANN) -> None:
    row = {"target": target, "token": f"secret of {target}"}
    await removals.keep(tx, chat_id, "link", target, row, now=now)


async def test_it_is_put_back_once_by_its_chat_under_its_kind(
    tx: Connection, now: datetime
) -> None:
    await keep(tx, "oil", now)
    await keep(tx, "gas", now)
    assert await removals.take(tx, BEN, "link", "oil", now=now) is None
    assert await removals.take(tx, ANN, "feed", "oil", now=now) is None
    row = {"target": "oil", "token": "secret of oil"}
    assert await removals.take(tx, ANN, "link", "oil", now=now) == row
    assert await removals.take(tx, ANN, "link", "oil", now=now) is None
    assert await listed(tx, ANN) == ["gas"]


async def test_what_is_removed_again_is_kept_once(tx: Connection, now: datetime) -> None:
    await keep(tx, "oil", now)
    await keep(tx, "oil", now + DAY)
    assert await listed(tx, ANN) == ["oil"]
    assert await removals.take(tx, ANN, "link", "oil", now=now + 2 * DAY) is not None


@pytest.mark.parametrize(("later", "is_kept"), [(DAY, True), (DAY + timedelta(seconds=1), False)])
async def test_it_is_kept_for_a_day_and_forgotten_then(
    tx: Connection, now: datetime, later: timedelta, is_kept: bool
) -> None:
    await keep(tx, "oil", now)
    await removals.prune_removed(tx, now=now + later)
    assert await listed(tx, ANN) == (["oil"] if is_kept else [])
    assert await tx.fetch_all("SELECT * FROM fact WHERE name LIKE 'removed:%'") != [] or not is_kept
    found = await removals.take(tx, ANN, "link", "oil", now=now + later)
    assert (found is not None) == is_kept


async def test_the_latest_are_kept(tx: Connection, now: datetime) -> None:
    for number in range(removals.MOST + 2):
        await keep(tx, str(number), now)
    assert await listed(tx, ANN) == [str(number) for number in range(2, removals.MOST + 2)]


async def test_a_chat_is_told_of_it_without_what_opens_anything(
    tx: Connection, now: datetime
) -> None:
    await subscribers.add_subscriber(tx, chat_id=ANN, now=now)
    secret = await feeds.add_feed(tx, chat_id=ANN, kind="query", target="oil", now=now)
    (feed,) = await feeds.list_feeds(tx, ANN)
    token = await links.add_link(
        tx, kind="search", target="gas", made_by=ANN, now=now, ends_at=now + DAY
    )
    await feeds.remove_feed(tx, feed.name, ANN, now=now)
    await links.remove_link(tx, token, ANN, now=now)
    told = {part.name: part.rows for part in await personal.list_parts(tx, ANN)}
    assert {one["target"]: (one["removed"], one["removed_at"]) for one in told["removed"]} == {
        "oil": ("feed", now.isoformat()),
        "gas": ("link", now.isoformat()),
    }
    assert "fact" not in told
    said = json.dumps(told, default=str)
    assert not any(one in said for one in (str(secret), feed.secret_hash, feed.name, token))
    await erasure.erase_chat(tx, ANN)
    assert await removals.list_kept(tx, ANN) == []


async def test_a_chat_that_goes_on_under_another_id_puts_back_what_it_removed(
    tx: Connection, now: datetime
) -> None:
    for chat_id, target in ((ANN, "oil"), (BEN, "gas")):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        await feeds.add_feed(tx, chat_id=chat_id, kind="query", target=target, now=now)
        (feed,) = await feeds.list_feeds(tx, chat_id)
        await feeds.remove_feed(tx, feed.name, chat_id, now=now)
    await moving.move_chat(tx, BEN, ANN)
    assert sorted(await listed(tx, ANN)) == ["gas", "oil"]
    assert await feeds.restore_feed(tx, feed.name, BEN, now=now) == "gone"
    assert await feeds.restore_feed(tx, feed.name, ANN, now=now) == "restored"
    assert [(one.target, one.chat_id) for one in await feeds.list_feeds(tx, ANN)] == [("gas", ANN)]


async def test_a_feed_does_not_come_back_where_there_are_as_many_as_there_may_be(
    tx: Connection, now: datetime
) -> None:
    secret = await feeds.add_feed(tx, chat_id=ANN, kind="query", target="oil", now=now)
    assert secret is not None
    (feed,) = await feeds.list_feeds(tx, ANN)
    await feeds.remove_feed(tx, feed.name, ANN, now=now)
    for _ in range(feeds.MOST):
        await feeds.add_feed(tx, chat_id=ANN, kind="query", target="x", now=now)
    assert await feeds.restore_feed(tx, feed.name, ANN, now=now) == "full"
    other = (await feeds.list_feeds(tx, ANN))[0]
    await feeds.remove_feed(tx, other.name, ANN, now=now)
    assert await feeds.restore_feed(tx, feed.name, ANN, now=now) == "restored"
    assert await feeds.find_feed(tx, secret) == feed


async def test_a_removed_invitation_lets_in_nobody_until_it_is_back(
    tx: Connection, now: datetime
) -> None:
    token = await links.add_link(
        tx, kind="invite", people=2, made_by=ANN, now=now, ends_at=now + DAY
    )
    assert await links.use_invite(tx, token, now=now)
    assert await links.remove_link(tx, token, ANN, now=now) is None  # It is none of the others.
    assert await links.remove_link(tx, token, ANN, invites=True, now=now) is not None
    assert not await links.use_invite(tx, token, now=now)
    assert await links.restore_link(tx, token, BEN, invites=True, now=now) is None
    assert await links.restore_link(tx, token, ANN, now=now) is None  # It is none of the others.
    back = await links.restore_link(tx, token, ANN, invites=True, now=now)
    assert back is not None
    assert (back.people, back.ends_at) == (1, now + DAY)
    used = [await links.use_invite(tx, token, now=now) for _ in range(2)]
    assert used == [True, False]
