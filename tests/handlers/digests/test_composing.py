"""From when until when a digest tells, and what is shown again of it."""

from datetime import timedelta

import pytest

from handlers.digests import composing
from handlers.digests.composing import FIRST_SPAN
from storage.subscribers import snapshots, subscribers

HOUR = timedelta(hours=1)


async def asked(database, chat_id: int, message_id: int, now):
    async with database.transaction() as tx:
        return await composing.find_period(tx, chat_id=chat_id, message_id=message_id, now=now)


async def made(database, chat_id: int, message_id: int, period) -> None:
    async with database.transaction() as tx:
        await composing.note_period(
            tx, chat_id=chat_id, message_id=message_id, after=period[0], until=period[1]
        )


async def test_a_digest_begins_where_the_last_one_ended(database, now) -> None:
    async with database.transaction() as tx:
        for chat_id in (1, 2):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
    first = await asked(database, 1, 10, now)
    assert first == (now - FIRST_SPAN, now) == (now - 24 * HOUR, now)
    # What was not made leaves nothing out.
    assert await asked(database, 1, 11, now + HOUR) == (now - 23 * HOUR, now + HOUR)
    await made(database, 1, 10, first)
    # The same message asks for the same; another, of this chat alone, for what came since.
    assert await asked(database, 1, 10, now + HOUR) == first
    second = await asked(database, 1, 11, now + HOUR)
    assert second == (now, now + HOUR)
    assert await asked(database, 2, 10, now + HOUR) == (now - 23 * HOUR, now + HOUR)
    await made(database, 1, 11, second)
    assert await asked(database, 1, 11, now + 2 * HOUR) == second
    assert await asked(database, 1, 10, now + 2 * HOUR) == (now + HOUR, now + 2 * HOUR)


@pytest.mark.parametrize("short", [False, True])
async def test_a_digest_is_opened_as_it_was_made_by_whose_it_is(
    database, now, store, make_post, short: bool
) -> None:
    posts = [make_post(n, f"The ferry {n} sails") for n in (1, 2)]
    await store(*posts, at=now - HOUR)
    async with database.transaction() as tx:
        for chat_id in (1, 2):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        digest = await composing.compose_digest(
            tx, 1, after=now - 2 * HOUR, until=now, timezone="UTC", language="en",
            title="Ferries", short=short, maker="plan 1",
        )  # fmt: skip
        assert digest is not None
        assert sorted(digest.posts) == ["tg:100/1", "tg:100/2"]
        await snapshots.add_snapshot(tx, digest.snapshot, now=now)
        token = digest.snapshot.token
        opened = await composing.open_digest(tx, token, chat_id=1, timezone="Asia/Tokyo")
        assert await composing.open_digest(tx, token, chat_id=2, timezone="UTC") is None
        assert await composing.open_digest(tx, "none", chat_id=1, timezone="UTC") is None
        later = await composing.compose_digest(
            tx, 1, after=now - HOUR, until=now, timezone="UTC", language="en"
        )
    assert later is None  # It tells of what was stored after its beginning.
    assert opened is not None
    shown, here = opened
    assert (shown.since, shown.until, shown.title, shown.short) == (
        now - 2 * HOUR, now, "Ferries", short,
    )  # fmt: skip
    assert (shown.token, shown.query) == (token, None)
    assert set(shown.documents) <= set(digest.posts)
    assert (here.now, str(here.zone)) == (now, "Asia/Tokyo")
