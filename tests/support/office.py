"""A bot that some have started, and its deliverer, over a database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.delivering.deliverer import Deliverer
from bot.sandbox.server import Sandbox
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from storage.connection import Database
from storage.outbox import outbox
from storage.outbox.gate import Outbox

PATIENCE = 60.0


@dataclass(kw_only=True)
class Office:
    """A bot that Ann and Bob have started, and its deliverer at work."""

    sandbox: Sandbox
    bot: Any
    ann: Any
    bob: Any
    db: Database
    gate: Outbox
    deliverer: Deliverer
    finished: list[int] = field(default_factory=list)

    async def queue(self, person: Any, *texts: str, priority: int = 1, after: float = 0.0) -> None:
        """Queue notices to a person; due ``after`` so many seconds."""
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            for text in texts:
                await self.gate.queue_notice(
                    tx,
                    person.id,
                    text,
                    Message(RichText(text)).to_payload(),
                    now=now,
                    due_at=now + timedelta(seconds=after),
                    priority=priority,
                )

    def received(self, person: Any) -> list[str]:
        """What a person has got so far."""
        return [message.text for message in person.chat_with(self.bot).messages]

    async def wait_received(self, person: Any, text: str) -> None:
        await person.chat_with(self.bot).wait_for(lambda message: message.text == text)

    async def wait_states(self, **states: int) -> None:
        """Wait until the outbox has exactly these numbers of rows in each state."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.db.reader() as conn:
                    if await outbox.count_by_state(conn) == states:
                        return
                await asyncio.sleep(0.01)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """The deliverer runs for as long as the block."""
        work = asyncio.create_task(self.deliverer.run())
        try:
            yield
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
