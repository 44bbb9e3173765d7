"""Wakes the sender for what other processes queue, and shares Telegram's waits among senders.

What is queued is found by polling the database: LISTEN/NOTIFY does not work through a pooler. A
wait that Telegram asks of the whole bot is written down for all senders.
"""

import asyncio
from datetime import UTC, datetime

import structlog

from bot.telegram.pace import Pace
from storage import facts, times
from storage.connection import Connection, Database
from storage.errors import StorageError
from storage.outbox import outbox
from storage.outbox.gate import Outbox

LOOK = 0.1
_WAIT = "sending_waits_until"

log = structlog.get_logger("deliver")


class Waking:
    """Polls for what others queue, and keeps ``pace`` closed for as long as another sender must
    wait."""

    def __init__(self, database: Database, gate: Outbox, pace: Pace) -> None:
        self._database = database
        self._gate = gate
        self._pace = pace
        self._newest = -1
        self._waits_until = 0

    async def run(self) -> None:
        """Go on for ever; cancel it to stop."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self._look()
            except StorageError as error:
                log.debug("the outbox was not looked at", error=str(error))

    async def _look(self) -> None:
        async with self._database.reader() as conn:
            newest = await outbox.find_newest(conn)
            await self._obey(conn)
        if newest != self._newest:
            self._newest = newest
            self._gate.wake()
        await self._tell(asyncio.get_running_loop().time())

    async def _obey(self, conn: Connection) -> None:
        """Wait as long as other senders were told to."""
        until = int(await facts.find_value(conn, _WAIT) or 0)
        if until > self._waits_until:
            self._waits_until = until
            left = (times.from_epoch(until) - datetime.now(UTC)).total_seconds()
            if left > 0:
                self._pace.close_all(asyncio.get_running_loop().time() + left)

    async def _tell(self, now: float) -> None:
        """Record a wait that this process was told to make, if it is longer than the recorded
        one."""
        left = self._pace.closed_for(now)
        until = times.to_epoch(datetime.now(UTC)) + int(left * 1_000_000)
        if left > 0 and until > self._waits_until + 1_000_000:
            async with self._database.transaction() as tx:
                await facts.set_value(tx, _WAIT, str(until))
            self._waits_until = until
