"""What is older than it is kept does not come in again; what was forgotten is told to nobody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from telethon.tl import types

from bot.intake.intake import Intake
from bot.intake.posts import Advance, Post
from bot.intake.saved_queries import SavedQueries
from bot.intake.too_old import TooOld
from storage import database
from storage.channels import channels
from storage.connection import Database
from storage.outbox import outbox
from storage.records import Channel, Stored
from storage.retention.limits import Keeping
from storage.retention.old_documents import forget_documents
from storage.structs import replace
from storage.subscribers import alerts, subscribers

HARBOUR = 7
DAY = timedelta(days=1)
YEAR = Keeping(documents=365 * DAY)


class Door:
    """An intake at work, a channel that is read up to message 50, and an alert for ``ferry``."""

    def __init__(self, db: Database, channel: Channel, intake: Intake) -> None:
        self.db = db
        self.channel = channel
        self.intake = intake

    def post(self, message_id: int, age: timedelta, **details: object) -> Post:
        sender = details.pop("sender", None)
        message = types.Message(
            id=message_id,
            peer_id=types.PeerChannel(HARBOUR),
            date=datetime.now(UTC).replace(microsecond=0) - age,
            message=f"The ferry sails at {message_id}",
            post=sender is None,
            from_id=sender,
        )
        return replace(Post(channel=self.channel, messages=(message,)), **details)

    async def told(self) -> list[str]:
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            rows = await outbox.claim_due(tx, now=now, limit=1000, lease_until=now)
            await outbox.release_all(tx)
        return [row.alert.doc_id for row in rows]

    async def stored(self) -> list[str]:
        async with self.db.reader() as conn:
            rows = await conn.fetch_all("SELECT doc_id FROM document ORDER BY message_id")
        return [row["doc_id"] for row in rows]

    async def forget(self, keeping: Keeping) -> None:
        await forget_documents(self.db, keeping, now=datetime.now(UTC))


Open = Callable[[Keeping], contextlib.AbstractAsyncContextManager[Door]]


@pytest.fixture
async def open_door(database_url: str) -> AsyncIterator[Open]:
    db = await database.open_database(database_url)
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=HARBOUR, title="Harbour", now=now)
        await channels.begin_watching(tx, channel.id, 0, now)
        await channels.advance_cursor(tx, channel.id, 50, now)
        channel = await channels.get_channel(tx, channel.id)
        await subscribers.add_subscriber(tx, chat_id=42, now=now)
        await alerts.add_alert(tx, chat_id=42, query="ferry", now=now)

    @asynccontextmanager
    async def opened(keeping: Keeping) -> AsyncIterator[Door]:
        intake = Intake(db, SavedQueries(), too_old=TooOld(keeping))
        work = asyncio.create_task(intake.run())
        yield Door(db, channel, intake)
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work

    yield opened
    await db.close()


@pytest.mark.parametrize(
    ("message_id", "age", "details", "is_stored", "is_told"),
    [
        (9, 364 * DAY, {}, True, True),
        (9, 366 * DAY, {}, False, False),  # compared once more, or edited
        (50, 366 * DAY, {}, False, False),
        (9, 366 * DAY, {"asked": True, "history": True}, False, False),
        (9, 364 * DAY, {"asked": True, "history": True}, True, False),
        (99, 366 * DAY, {"asked": True, "history": True}, False, False),
        (99, 366 * DAY, {}, True, True),  # a scan meets it for the first time
        (9, 366 * DAY, {"problem": 3}, True, True),  # it could not be read till now
        (9, 31 * DAY, {"sender": types.PeerUser(5)}, False, False),
        (9, 29 * DAY, {"sender": types.PeerUser(5)}, True, True),
    ],
)
async def test_what_is_too_old_is_left_out(
    open_door: Open,
    message_id: int,
    age: timedelta,
    details: dict[str, object],
    is_stored: bool,
    is_told: bool,
) -> None:
    keeping = Keeping(documents=365 * DAY, group_posts=30 * DAY)
    async with open_door(keeping) as door:
        outcomes = await door.intake.submit([door.post(message_id, age, **details)])
        assert len(outcomes) == is_stored
        assert (await door.stored() != []) is is_stored
        assert (await door.told() != []) is is_told


async def test_what_is_kept_for_a_day_is_left_out_from_then_on(open_door: Open) -> None:
    async with open_door(Keeping(documents=DAY)) as door:
        for message_id, hours in ((8, 25), (9, 23)):
            await door.intake.submit([door.post(message_id, timedelta(hours=hours))])
        assert await door.stored() == ["tg:7/9"]


async def test_what_is_left_out_takes_nothing_else_along(open_door: Open) -> None:
    async with open_door(YEAR) as door:
        now = datetime.now(UTC)
        ages = {8: 366, 9: 10, 48: 400, 51: 0}
        posts = [door.post(number, days * DAY) for number, days in ages.items()]
        outcomes: list[Stored] = await door.intake.submit(
            posts, advance=Advance(id=door.channel.id, message_id=51, scanned_at=now)
        )
        assert [one.document.message_id for one in outcomes] == [9, 51]
        assert await door.stored() == ["tg:7/9", "tg:7/51"]
        async with door.db.reader() as conn:
            assert (await channels.get_channel(conn, door.channel.id)).cursor == 51


async def test_what_was_forgotten_is_told_to_nobody_whatever_is_kept_later(
    open_door: Open,
) -> None:
    async with open_door(YEAR) as door:
        await door.intake.submit([door.post(51, 400 * DAY), door.post(52, 300 * DAY)])
        assert len(await door.told()) == 2
        await door.forget(YEAR)
        assert await door.stored() == ["tg:7/52"]
    async with open_door(Keeping()) as door:
        # Compared by a scan, or edited: of the time that was forgotten, and of another.
        await door.intake.submit([door.post(3, 390 * DAY), door.post(4, 200 * DAY)])
        assert await door.stored() == ["tg:7/3", "tg:7/4", "tg:7/52"]
        assert sorted(await door.told()) == ["tg:7/4", "tg:7/51", "tg:7/52"]
