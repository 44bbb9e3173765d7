"""What watching stands on: an account signed in to a sandbox, a database, and an intake at work."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.tl import types

from bot.intake.asides import Asides
from bot.intake.intake import Intake
from bot.intake.saved_queries import SavedQueries
from bot.process.gate import Gate
from bot.sandbox.server import Sandbox
from bot.watching.budget import Budget
from bot.watching.history import AccountHistory
from bot.watching.watchlist import Watchlist
from handlers.operators.notices import Notices
from handlers.operators.troubles import Troubles
from storage import database
from storage.channels import channels
from storage.connection import Database
from storage.documents import documents
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Channel
from storage.subscribers import subscribers

OPERATOR = 900
PATIENCE = 60.0


@dataclass(kw_only=True)
class Ground:
    """The account ``watcher``, signed in as ``client``, is in ``harbour``."""

    sandbox: Sandbox
    watcher: Any
    harbour: Any
    client: Any
    db: Database
    intake: Intake
    notices: Notices
    history: AccountHistory
    watchlist: Watchlist = field(default_factory=Watchlist)
    gate: Gate = field(default_factory=Gate)

    async def watch(self, channel: Any = None, *, scanned: bool = True) -> Channel:
        """Watch a channel, Harbour; ``scanned``: what it has so far is its history."""
        channel = channel or self.harbour
        now = datetime.now(UTC) - timedelta(minutes=1)
        async with self.db.transaction() as tx:
            row = await channels.add_channel(
                tx,
                channel_id=channel.id,
                username=channel.username,
                access_hash=self.sandbox.access_hash(self.watcher, channel.id),
                now=now,
            )
            if scanned:
                newest = channel.posts[-1].id if channel.posts else 0
                await channels.begin_watching(tx, row.id, newest, now)
            row = await channels.get_channel(tx, row.id)
        self.watchlist.put(row)
        return row

    async def row(self, channel: Any = None) -> Channel:
        """The channel as the database has it."""
        async with self.db.reader() as conn:
            row = await channels.find_channel(conn, channel_id=(channel or self.harbour).id)
        assert row is not None
        return row

    async def texts(self, channel: Any = None) -> list[str]:
        """The first lines of what is stored of a channel and not deleted, in its order."""
        number = (channel or self.harbour).id
        async with self.db.reader() as conn:
            stored = await documents.list_newest(conn, number, limit=1000)
        alive = [document for document in stored if document.deleted_at is None]
        alive.sort(key=lambda document: document.message_id or 0)
        return [document.texts()[0] if document.texts() else "" for document in alive]

    async def post_in_part(self) -> list[str]:
        """Post what a page shows the beginning of; gives all that it says."""
        told = ["Head", "second", "third"]
        blocks = [types.PageBlockParagraph(types.TextPlain(text)) for text in told]
        await self.harbour.post_rich(blocks, shown=1)
        return told

    async def whole(self) -> list[str]:
        """All that the newest post says that is stored."""
        async with self.db.reader() as conn:
            (stored,) = await documents.list_newest(conn, self.harbour.id, limit=1)
        return stored.texts()

    async def wait_texts(self, *texts: str, channel: Any = None) -> None:
        """Wait until just this is stored of a channel."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if await self.texts(channel) == [*texts]:
                    return
                await asyncio.sleep(0.01)

    async def told(self) -> list[str]:
        """What waits to be told to the operator, as its rows hold it."""
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            rows = await outbox.claim_due(tx, now=now, limit=100, lease_until=now)
            await outbox.release_all(tx)
        return [str(row.payload) for row in rows]


@pytest.fixture
async def ground(sandbox: Sandbox, serve_as: Any, database_url: str) -> AsyncIterator[Ground]:
    watcher = sandbox.add_user("Watcher")
    harbour = sandbox.add_channel("Harbour", username="harbour", members=[watcher])
    client = await serve_as(watcher)
    client.begin()
    db = await database.open_database(database_url)
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=OPERATOR, now=datetime.now(UTC))
    gate = Outbox()
    notices = Notices([OPERATOR], language="en", outbox=gate)
    asides = Asides(notices=notices, troubles=Troubles())
    intake = Intake(db, SavedQueries(), outbox=gate, asides=asides)
    work = asyncio.create_task(intake.run())
    history = AccountHistory(client, Budget(100_000))
    yield Ground(
        sandbox=sandbox,
        watcher=watcher,
        harbour=harbour,
        client=client,
        db=db,
        intake=intake,
        notices=notices,
        history=history,
    )
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await db.close()


@pytest.fixture
def running() -> Callable[[Any], contextlib.AbstractAsyncContextManager[None]]:
    """Gives ``async with running(work)``: what runs for ever, for as long as the block."""

    @contextlib.asynccontextmanager
    async def run(work: Any) -> AsyncIterator[None]:
        task = asyncio.create_task(work)
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    return run
