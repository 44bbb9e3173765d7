"""Digests as they were made."""

from datetime import datetime, timedelta

from storage.chats import moving
from storage.connection import Database
from storage.structs import replace
from storage.subscribers import snapshots, subscribers
from storage.subscribers.snapshots import KEPT_FOR, Snapshot


def snapshot(now: datetime) -> Snapshot:
    day = timedelta(days=1)
    return Snapshot(
        token="ab12",
        chat_id=1,
        since=now - day,
        until=now,
        query="ferry",
        outline='{"é": "\ud800"}',
    )


async def test_a_digest_is_kept_for_its_chat_alone(database: Database, now: datetime) -> None:
    kept = snapshot(now)
    async with database.transaction() as tx:
        for chat in (1, 2):
            await subscribers.add_subscriber(tx, chat_id=chat, now=now)
        await snapshots.add_snapshot(tx, kept, now=now)
        again = replace(kept, outline="{}", title="Morning", short=True)
        assert await snapshots.find_snapshot(tx, "ab12", chat_id=1) == kept
        await snapshots.add_snapshot(tx, again, now=now)
        assert await snapshots.find_snapshot(tx, "ab12", chat_id=1) == again
        assert await snapshots.find_snapshot(tx, "ab12", chat_id=2) is None
        assert await snapshots.find_snapshot(tx, "ab13", chat_id=1) is None


async def test_a_digest_goes_with_its_chat_and_with_time(database: Database, now: datetime) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=now)
        await snapshots.add_snapshot(tx, snapshot(now), now=now)
        await moving.move_chat(tx, 1, -100)
        assert await snapshots.find_snapshot(tx, "ab12", chat_id=-100) is not None
        assert await snapshots.prune_snapshots(tx, now=now + KEPT_FOR) == 0
        assert await snapshots.prune_snapshots(tx, now=now + 2 * KEPT_FOR) == 1
        await snapshots.add_snapshot(tx, replace(snapshot(now), chat_id=-100), now=now)
        await subscribers.remove_subscriber(tx, -100)
        assert await snapshots.find_snapshot(tx, "ab12", chat_id=-100) is None
