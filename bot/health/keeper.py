"""Keeps the instance's mark in step with its database, and watches that the database stays in
place.

After every write, and every few seconds in any case, the counter in the database is raised and then
the one in the mark. So an older copy is recognized at the next start, and real writes show whether
the database can be written.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.health import guards, instance
from bot.health.guards import Signature
from bot.health.instance import Claim
from storage.connection import Database
from storage.errors import StorageError
from storage.instance import Identity, ensure_identity, note_restored, raise_counter

TICK = 1.0
"""Seconds between two looks; for so long an older copy may not be recognized as such."""
BEAT_SECONDS = 10.0
"""The most seconds between two writes."""

log = structlog.get_logger("keeper")


class Keeper:
    """Keeps the mark of a claimed database. ``wrote_at``: when it was last written, in seconds of
    the loop's clock."""

    def __init__(self, claim: Claim, database: Database, data_dir: Path) -> None:
        self._claim = claim
        self._database = database
        self._data_dir = data_dir
        self._guard = guards.guard_of(claim.path, database)
        self._seen: Signature = None
        self._is_marked = True
        self.wrote_at: float | None = None

    async def begin(self) -> datetime | None:
        """Check whose database this is. Returns the present time if it is an older copy, else None.

        Raises StorageError.
        """
        await self._guard.begin()
        now = datetime.now(UTC)
        expected = self._claim.expected
        async with self._database.transaction() as tx:
            identity = await ensure_identity(tx)
            if expected is not None and expected.name == identity.name:
                await raise_counter(tx, above=expected.counter)
            if self._claim.is_doubtful:
                await note_restored(tx, now=now)
        self._wrote()
        if not self._claim.is_doubtful:
            return None
        log.warning("the database is an older copy", restored_at=now.isoformat())
        return now

    async def keep(self) -> None:
        """Raise the counters until cancelled."""
        await self.beat()
        while True:
            await asyncio.sleep(TICK)
            if self._seen != self._guard.signature() or self._is_due():
                await self.beat()

    def _is_due(self) -> bool:
        return self.wrote_at is None or _now() - self.wrote_at >= BEAT_SECONDS

    async def beat(self) -> None:
        """Raise the counter in the database, then the mark's; failures are logged."""
        try:
            async with self._database.transaction() as tx:
                identity = await raise_counter(tx)
        except StorageError as error:
            log.debug("the counter was not raised", error=str(error))
            return
        self._wrote()
        # What is committed while the mark is written is seen at the next look.
        self._seen = self._guard.signature()
        await self._mark(identity)

    async def _mark(self, identity: Identity) -> None:
        try:
            await asyncio.to_thread(instance.write_identity_file, self._data_dir, identity)
        except OSError as error:
            if self._is_marked:
                log.error("the mark was not written", error=str(error))
            self._is_marked = False
        else:
            self._is_marked = True

    def _wrote(self) -> None:
        self.wrote_at = _now()

    async def watch(self) -> None:
        """Watch over the database's place until cancelled. Raises ServiceError when it is gone."""
        await self._guard.watch()

    def leave_alone(self) -> None:
        """End the process immediately if closing the database would harm another one."""
        self._guard.leave_alone()


def _now() -> float:
    return asyncio.get_running_loop().time()
