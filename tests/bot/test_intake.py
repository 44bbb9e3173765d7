"""The one door: stored, matched and queued in one transaction."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telethon.tl import types

from bot.intake import Advance, Deletion, Intake, Post
from bot.saved_queries import SavedQueries
from storage import alerts, channels, database, documents, outbox, subscribers
from storage.database import Database
from storage.records import Channel, Delivery

HARBOUR = 7


class Door:
    """An intake at work, with a watched channel and a subscriber's alert for ``ferry``."""

    def __init__(self, db: Database, channel: Channel, intake: Intake, rows: list[None]) -> None:
        self.db = db
        self.channel = channel
        self.intake = intake
        self.rows_added = rows

    def post(self, message_id: int, text: str, **details: object) -> Post:
        """A post of the channel as Telethon gives it."""
        history = bool(details.pop("history", False))
        message = types.Message(
            id=message_id,
            peer_id=types.PeerChannel(HARBOUR),
            date=datetime(2025, 11, 1, 12, tzinfo=UTC),
            message=text,
            **details,
        )
        return Post(channel=self.channel, messages=(message,), history=history)

    async def queued(self) -> list[Delivery]:
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            rows = await outbox.claim_due(tx, now=now, limit=1000, lease_until=now)
            await outbox.release_all(tx)
        return rows

    async def cursor(self) -> int:
        async with self.db.reader() as conn:
            return (await channels.get_channel(conn, self.channel.id)).cursor


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    db = await database.open_database(f"sqlite:///{tmp_path / 'dateline.db'}")
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=HARBOUR, title="Harbour", now=now)
        await subscribers.add_subscriber(tx, chat_id=42, now=now)
        await alerts.add_alert(tx, chat_id=42, query="ferry", now=now)
        saved = SavedQueries(await alerts.list_active(tx))
    rows: list[None] = []
    intake = Intake(db, saved, on_queued=lambda: rows.append(None))
    work = asyncio.create_task(intake.run())
    yield Door(db, channel, intake, rows)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await db.close()


async def test_a_post_is_stored_with_the_rows_it_causes(door: Door) -> None:
    (stored,) = await door.intake.submit([door.post(1, "The ferry sails")])
    assert stored.outcome == "new"
    (row,) = await door.queued()
    assert (row.kind, row.chat_id, row.key) == ("alert", 42, "alert:42:tg:7/1")
    assert row.payload == {"doc_id": "tg:7/1", "alerts": [[1, "ferry"]]}
    assert door.rows_added == [None]


async def test_the_same_post_from_another_source_changes_nothing(door: Door) -> None:
    await door.intake.submit([door.post(1, "The ferry sails")])
    (stored,) = await door.intake.submit([door.post(1, "The ferry sails")])
    assert stored.outcome == "unchanged"
    assert len(await door.queued()) == 1


async def test_history_is_stored_and_alerts_nobody(door: Door) -> None:
    await door.intake.submit([door.post(1, "The ferry of old", history=True)])
    async with door.db.reader() as conn:
        assert await documents.find_document(conn, "tg:7/1") is not None
    assert await door.queued() == []


async def test_the_same_words_within_a_batch_alert_once(door: Door) -> None:
    await door.intake.submit([door.post(n, "The ferry sails") for n in (1, 2, 3)])
    assert len(await door.queued()) == 1


async def test_a_cursor_moves_with_what_was_read(door: Door) -> None:
    advance = Advance(id=door.channel.id, message_id=9, scanned_at=datetime.now(UTC))
    await door.intake.submit([door.post(9, "The ferry sails")], advance=advance)
    assert await door.cursor() == 9


async def test_a_message_that_cannot_be_read_holds_up_no_other(door: Door) -> None:
    broken = Post(channel=door.channel, messages=(object(),))
    stored = await door.intake.submit([broken, door.post(2, "The ferry sails")])
    assert [item.document.doc_id for item in stored] == ["tg:7/2"]


async def test_many_at_once_are_each_told_of_their_own(door: Door) -> None:
    posts = [door.post(n, f"Ferry number {n}") for n in range(1, 451)]
    results = await asyncio.gather(*(door.intake.submit([post]) for post in posts))
    assert [item.document.message_id for (item,) in results] == list(range(1, 451))
    assert len(await door.queued()) == 450


async def test_an_edit_alerts_if_it_made_the_post_match(door: Door) -> None:
    edited = datetime(2025, 11, 1, 13, tzinfo=UTC)
    await door.intake.submit([door.post(1, "The boat sails"), door.post(2, "The ferry sails")])
    await door.intake.submit(
        [
            door.post(1, "The ferry, a boat, sails", edit_date=edited),
            door.post(2, "The ferry sails at noon", edit_date=edited),
        ]
    )
    assert sorted(row.key for row in await door.queued()) == ["alert:42:tg:7/1", "alert:42:tg:7/2"]


async def test_a_deletion_is_noted(door: Door) -> None:
    await door.intake.submit([door.post(1, "The ferry sails")])
    await door.intake.submit(deletion=Deletion(channel_id=HARBOUR, message_ids=(1,)))
    async with door.db.reader() as conn:
        document = await documents.get_document(conn, "tg:7/1")
    assert document.deleted_at is not None
