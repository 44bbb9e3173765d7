"""The upkeep does all of its work, one after the other, whatever fails in between."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.upkeep import Upkeep
from handlers.operators.notices import Notices
from storage import database
from storage.connection import Database
from storage.document import Channel, Document, Source
from storage.documents import documents
from storage.outbox.gate import Outbox
from storage.retention.limits import Keeping
from storage.subscribers import plans, subscribers

DAY = timedelta(days=1)


def post(number: int, at: datetime) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:7/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=7, title="Harbour"),
        message_id=number,
        published_at=f"{at:%FT%TZ}",
        published_precision="second",
        title=f"The ferry sails {number}",
        content_hash=f"{number:016x}",
    )


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """With old and new things."""
    opened = await database.open_database(database_url)
    now = datetime.now(UTC)
    async with opened.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=42, now=now)
        made = [post(1, now - 400 * DAY), post(2, now)]
        await documents.store_documents(tx, made, stored_at=now, live=True)
        await tx.execute("INSERT INTO sketch (hash, document_id) VALUES (1, 5), (2, 1 << 62)")
        plan = await plans.add_plan(
            tx, chat_id=42, kind="digest", times="every 12h", timezone="UTC", due_at=now, now=now
        )
        await tx.execute("UPDATE plan SET removed_at = 1 WHERE id = ?", (plan.id,))
    yield opened
    await opened.close()


async def count(db: Database, table: str) -> int:
    async with db.reader() as conn:
        row = await conn.fetch_one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
    assert row is not None
    return int(row["n"])


async def test_everything_is_kept_up(db: Database) -> None:
    with capture_logs() as logs:
        await Upkeep(db, Keeping(documents=365 * DAY)).run()
    assert [await count(db, table) for table in ("document", "sketch", "plan")] == [1, 1, 0]
    said = {entry["what"]: entry["done"] for entry in logs if entry["event"] == "kept up"}
    assert said["documents"] == 1


async def test_one_work_that_fails_holds_up_no_other(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON plan BEGIN SELECT raise(ABORT, 'no'); END"
        )
    with capture_logs() as logs:
        await Upkeep(db, Keeping(documents=365 * DAY)).run()
    failed = [entry["what"] for entry in logs if entry["event"] == "upkeep failed"]
    assert failed == ["tidying"]
    assert await count(db, "document") == 1


async def test_a_clock_that_jumps_makes_nothing_old_and_is_told_once(db: Database) -> None:
    keeping, now = Keeping(documents=365 * DAY), datetime.now(UTC)
    notices = Notices([1001], language="en", outbox=Outbox())
    upkeep = Upkeep(db, keeping, notices)
    kept = {table: await count(db, table) for table in ("document", "sketch", "plan")}
    for hours in (0, 6):
        await upkeep.run(now + 730 * DAY + timedelta(hours=hours))
    assert {table: await count(db, table) for table in kept} == kept
    async with db.reader() as conn:
        (told,) = await conn.fetch_all("SELECT payload FROM whole_delivery WHERE kind = 'notice'")
    assert f"says {now + 730 * DAY:%Y-%m-%d %H:%M} UTC" in told["payload"]
    assert f"was on {now:%Y-%m-%d %H:%M} UTC" in told["payload"]
    await upkeep.run(now)
    assert await count(db, "document") == 1
