"""What serving stands on: a receiver, open, with Ann before it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from database_steps import mark_sent

from bot.process.gate import Gate
from bot.sandbox.server import Sandbox
from bot.serving.receiver import Receiver
from bot.telegram import clients, outgoing
from bot.telegram.pace import Pace
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from storage import database
from storage.connection import Database
from storage.outbox import outbox
from storage.records import Delivery

ADMIN = 900
PATIENCE = 60.0


@dataclass(kw_only=True)
class Counter:
    """The receiver, open, with Ann before it. Nothing that it queues is sent."""

    sandbox: Sandbox
    bot: Any
    chat: Any
    db: Database
    receiver: Receiver
    gate: Gate
    client: Any
    services: Services

    async def say(self, row: Delivery) -> Any:
        """Send a row to Ann, as the deliverer would; gives the message that she sees."""
        to = await self.client.get_input_entity(row.chat_id)
        message = Message.from_payload(row.text)
        before = len(self.chat.messages)
        await clients.call(self.client, outgoing.send_request(to, message, row.random_id))
        async with self.db.transaction() as tx:
            await mark_sent(tx, row.id, None, datetime.now(UTC))
        return self.chat.messages[before]

    async def handled(self) -> None:
        """Wait until every update counts as handled."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if not self.client._unhandled:
                    return
                await asyncio.sleep(0.01)

    async def done(self) -> None:
        """All that is queued is out."""
        for row in await self.answers(0):
            async with self.db.transaction() as tx:
                await mark_sent(tx, row.id, None, datetime.now(UTC))

    async def answers(self, count: int) -> list[Delivery]:
        """What is queued, when it is so many."""
        async with asyncio.timeout(PATIENCE):
            while True:
                now = datetime.now(UTC)
                async with self.db.transaction() as tx:
                    rows = await outbox.claim_due(tx, now=now, limit=99, lease_until=now)
                    await outbox.release_all(tx)
                if len(rows) >= count:
                    return rows
                await asyncio.sleep(0.01)


@pytest.fixture
async def counter(sandbox: Sandbox, serve_as: Any, database_url: str) -> AsyncIterator[Counter]:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    db = await database.open_database(database_url)
    client, gate = await serve_as(bot), Gate()
    services = Services(database=db, bot_username="lookout_bot", admins=frozenset({ADMIN}))
    async with asyncio.TaskGroup() as tasks:
        receiver = Receiver(
            client,
            services,
            Pace(overall=200.0, per_chat=50.0, per_group=60.0),
            gate,
            commands_per_minute=4,
            presses_per_minute=60,
            tasks=tasks,
        )
        receiver.open()
        client.begin()
        yield Counter(
            sandbox=sandbox,
            bot=bot,
            chat=sandbox.add_user("Ann", username="ann").chat_with(bot),
            db=db,
            receiver=receiver,
            gate=gate,
            client=client,
            services=services,
        )
    await db.close()
