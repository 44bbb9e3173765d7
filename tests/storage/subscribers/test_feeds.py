"""Feeds of chats: found by a secret that is not kept, until they are revoked."""

import re
from datetime import datetime, timedelta

import pytest

from storage.chats import erasure, moving, personal
from storage.connection import Connection
from storage.subscribers import feeds, subscribers

ANN, BOB = 5, 6


async def add(tx: Connection, now: datetime, chat_id: int = ANN, target: str = "grain") -> str:
    secret = await feeds.add_feed(tx, chat_id=chat_id, kind="query", target=target, now=now)
    assert secret is not None
    return secret


async def test_a_feed_is_found_by_its_secret_alone(tx: Connection, now: datetime) -> None:
    secret, other = await add(tx, now), await add(tx, now)
    assert re.fullmatch(r"[\w-]{43}", secret, re.ASCII)
    assert secret != other
    found = await feeds.find_feed(tx, secret)
    assert found is not None
    assert (found.chat_id, found.kind, found.target, found.created_at) == (
        ANN,
        "query",
        "grain",
        now,
    )
    assert await feeds.find_named(tx, found.name) == found
    for wrong in (secret[:-1], "", "x" * 43, secret.swapcase(), found.secret_hash, found.name):
        assert await feeds.find_feed(tx, wrong) is None


async def test_no_row_holds_a_secret(tx: Connection, now: datetime) -> None:
    secret = await add(tx, now)
    (row,) = await tx.fetch_all("SELECT * FROM feed")
    assert not any(secret in str(row[name]) for name in ("name", "secret_hash", "target"))


async def test_a_revoked_feed_is_gone_at_once_and_only_its_chat_revokes_it(
    tx: Connection, now: datetime
) -> None:
    secret = await add(tx, now)
    (feed,) = await feeds.list_feeds(tx, ANN)
    assert await feeds.remove_feed(tx, feed.name, BOB, now=now) is None
    assert await feeds.find_feed(tx, secret) == feed
    assert await feeds.remove_feed(tx, feed.name, ANN, now=now) == feed
    assert await feeds.find_feed(tx, secret) is None
    assert await feeds.find_named(tx, feed.name) is None


async def test_a_chat_has_so_many_feeds_and_no_more(tx: Connection, now: datetime) -> None:
    for minute in range(feeds.MOST):
        await add(tx, now + timedelta(minutes=minute), target=str(minute))
    assert await feeds.add_feed(tx, chat_id=ANN, kind="query", target="x", now=now) is None
    listed = [feed.target for feed in await feeds.list_feeds(tx, ANN)]
    assert listed == [str(minute) for minute in reversed(range(feeds.MOST))]
    await add(tx, now, chat_id=BOB)


@pytest.mark.parametrize("post", ["tg:100/1", "tg:@ё/1", "\ud800", ""])
async def test_a_page_s_key_opens_that_page_alone(tx: Connection, now: datetime, post: str) -> None:
    await add(tx, now)
    await add(tx, now)
    first, second = await feeds.list_feeds(tx, ANN)
    key = first.page_key(post)
    assert first.opens(post, key)
    assert not first.opens(post + "1", key)
    assert not second.opens(post, key)
    assert not first.opens(post, "ё")


async def test_who_is_forgotten_loses_the_feeds_and_who_moves_takes_them_along(
    tx: Connection, now: datetime
) -> None:
    for chat_id in (ANN, BOB):
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    ann, bob = await add(tx, now), await add(tx, now, chat_id=BOB)
    (part,) = [one for one in await personal.list_parts(tx, ANN) if one.name == "feed"]
    assert [row["target"] for row in part.rows] == ["grain"]
    await moving.move_chat(tx, BOB, -7)
    moved = await feeds.find_feed(tx, bob)
    assert moved is not None
    assert moved.chat_id == -7
    await erasure.erase_chat(tx, ANN)
    assert await feeds.find_feed(tx, ann) is None
    assert await feeds.find_feed(tx, bob) == moved
