"""What a copy of a backup is told before it takes the place of the database."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from database_steps import mark_sent

from bot.backups import forgotten, putting_back
from bot.backups.putting_back import SLACK, Prepared
from storage import database, facts
from storage.channels import channels
from storage.connection import Database
from storage.documents import redactions
from storage.documents.redactions import Redaction
from storage.outbox import new_rows, queueing
from storage.payloads import AlertPayload
from storage.subscribers import subscribers

MADE_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANN, BOB = 501, 502


class Backup:
    """A backup, the database of before, and the file that says who was forgotten."""

    def __init__(self, folder: Path, db: Database) -> None:
        self.db = db
        self.path = folder / "dateline.db"
        self.former = folder / "former.db"
        self.notes = folder / "forgotten"

    async def prepare(self, former: Path | str = "it is gone") -> Prepared:
        return await putting_back.prepare(
            self.path, former=former, notes=[self.notes], made_at=MADE_AT
        )

    async def list_chats(self) -> list[int]:
        async with self.db.reader() as conn:
            rows = await conn.fetch_all("SELECT chat_id FROM subscriber ORDER BY chat_id")
        return [row["chat_id"] for row in rows]

    async def is_wiped(self) -> bool:
        """Whether nothing that was deleted is noted to lie about in its files."""
        async with self.db.reader() as conn:
            return await facts.find_value(conn, "erasure") is None


@pytest.fixture
async def backup(tmp_path: Path, database_url: str) -> AsyncIterator[Backup]:
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        for chat, days in ((ANN, 9), (BOB, 3)):
            await subscribers.add_subscriber(tx, chat_id=chat, now=MADE_AT - timedelta(days=days))
        alerts = [
            new_rows.alert(ANN, key, AlertPayload(doc_id="tg:7/1"), now=MADE_AT)
            for key in ("one", "two")
        ]
        await queueing.add_deliveries(tx, alerts)
    yield Backup(tmp_path, db)
    await db.close()


@pytest.mark.parametrize(
    ("when", "is_forgotten"),
    [
        (MADE_AT + SECOND, True),
        (MADE_AT - SECOND, True),
        (MADE_AT - SLACK, True),
        (MADE_AT - SLACK - SECOND, False),
    ],
)
async def test_who_was_forgotten_since_about_then_is_forgotten(
    backup: Backup, when: datetime, is_forgotten: bool
) -> None:
    forgotten.note(backup.notes, ANN, now=when)
    forgotten.note(backup.notes, 999, now=when)
    prepared = await backup.prepare()
    assert prepared.forgotten == int(is_forgotten)
    assert await backup.list_chats() == ([BOB] if is_forgotten else [ANN, BOB])
    assert await backup.is_wiped()


@pytest.mark.parametrize(
    ("met_after", "is_forgotten"), [(-SECOND, True), (0 * SECOND, True), (SECOND, False)]
)
async def test_who_came_back_before_the_backup_is_kept(
    backup: Backup, met_after: timedelta, is_forgotten: bool
) -> None:
    when = MADE_AT - timedelta(hours=2)
    async with backup.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=503, now=when + met_after)
    forgotten.note(backup.notes, 503, now=when)
    forgotten.note(backup.notes, BOB, now=when)
    prepared = await backup.prepare()
    assert prepared.forgotten == 1 + int(is_forgotten)
    assert await backup.list_chats() == ([ANN] if is_forgotten else [ANN, 503])


async def test_what_became_of_messages_since_is_taken_over(backup: Backup) -> None:
    async with backup.db.transaction() as tx:
        await tx.execute("UPDATE delivery SET random_id = id + 40")
    former = await copy_of(backup)
    async with former.transaction() as tx:
        await mark_sent(tx, 1, 31, MADE_AT)
        later = new_rows.alert(BOB, "three", AlertPayload(doc_id="tg:7/1"), now=MADE_AT)
        await queueing.add_deliveries(tx, [later])
        await tx.execute("UPDATE delivery SET tried_at = 1 WHERE id = 3")
    await former.close()
    prepared = await backup.prepare(backup.former)
    assert prepared.carried is not None
    assert (prepared.carried.done, prepared.carried.under_way, prepared.unknown) == (1, 1, "")
    async with backup.db.reader() as conn:
        rows = await conn.fetch_all("SELECT state, tried_at FROM delivery ORDER BY id")
    assert [tuple(row) for row in rows] == [("sent", None), ("queued", None)]


async def copy_of(backup: Backup) -> Database:
    async with backup.db.transaction() as tx:
        await tx.execute("DELETE FROM own_post")
    await backup.db.scrub()
    for end in ("", "-wal"):
        shutil.copy(f"{backup.path}{end}", f"{backup.former}{end}")
    return await database.open_database(f"sqlite:///{backup.former}")


async def test_what_was_redacted_is_known_where_what_was_sent_is_not(backup: Backup) -> None:
    former = await copy_of(backup)
    async with former.transaction() as tx:
        redacted = Redaction(redacted_at=MADE_AT, reason="a court")
        await redactions.add_redactions(tx, ["tg:7/1"], redacted)
        await tx.execute("ALTER TABLE delivery RENAME COLUMN tried_at TO looked_at")
    await former.close()
    prepared = await backup.prepare(backup.former)
    assert (prepared.carried, "tried_at" in prepared.unknown) == (None, True)
    async with backup.db.reader() as conn:
        rows = await conn.fetch_all("SELECT doc_id, reason FROM redaction")
    assert [tuple(row) for row in rows] == [("tg:7/1", "a court")]


@pytest.mark.parametrize("has_text", [True, False])
async def test_where_nothing_is_known_of_them_they_are_looked_for(
    backup: Backup, has_text: bool
) -> None:
    if has_text:
        backup.former.write_bytes(b"no database at all" * 500)
    prepared = await backup.prepare(backup.former if has_text else "it is gone")
    assert prepared.carried is None
    assert (prepared.unknown == "it is gone") is not has_text
    assert prepared.unknown
    async with backup.db.reader() as conn:
        rows = await conn.fetch_all("SELECT tried_at FROM delivery")
    assert all(row["tried_at"] is not None for row in rows)


async def test_what_it_holds_is_told(backup: Backup) -> None:
    times = [None, MADE_AT, MADE_AT - timedelta(days=1), MADE_AT - timedelta(days=2)]
    async with backup.db.transaction() as tx:
        for number, at in enumerate(times, 1):
            row = await channels.add_channel(tx, channel_id=number, now=MADE_AT)
            await channels.begin_watching(tx, row.id, 0, MADE_AT)
            if at is not None:
                sql = "UPDATE channel SET last_scan_at = ? WHERE id = ?"
                await tx.execute(sql, (int(at.timestamp()) * 1_000_000, row.id))
        await tx.execute("UPDATE channel SET error = 'closed' WHERE channel_id = 4")
    prepared = await backup.prepare()
    assert (prepared.channels, prepared.read_to) == (4, MADE_AT - timedelta(days=1))
    assert (prepared.documents, prepared.redacted, prepared.forgotten) == (0, 0, 0)
