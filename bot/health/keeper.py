"""Keeps the mark of the instance with its database, and watches that the database stays in place.

Whenever something was written, and every few seconds in any case, the database's counter is raised
and then the mark's: so an older copy is told apart at the next start, and whether the database can
be written is known from real writes.
"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

import structlog

from bot import logs
from bot.health import instance
from bot.health.instance import Claim
from bot.process import terminal
from storage.connection import Database
from storage.errors import ServiceError, StorageError
from storage.instance import Identity, ensure_identity, note_restored, raise_counter
from storage.sqlite import file as sqlite_file
from storage.sqlite.content import Overwriting

TICK = 1.0
"""Seconds for which an older copy may be taken for the database itself."""
BEAT_SECONDS = 10.0
"""The database is written at least so often."""
LOOK_SECONDS = 2.0

Signature: TypeAlias = tuple[int, int] | None
Loss: TypeAlias = Literal["deleted", "replaced", "overwritten"]

log = structlog.get_logger("keeper")


class Keeper:
    """Keeps a database that this service has claimed. ``wrote_at`` is when it was last written, in
    seconds of the loop's clock."""

    def __init__(self, claim: Claim, database: Database, data_dir: Path) -> None:
        self._claim = claim
        self._database = database
        self._data_dir = data_dir
        self._wal = Path(f"{claim.path.resolve()}-wal")
        self._seen: Signature = None
        self._is_marked = True
        self._overwriting = Overwriting(claim.path)
        self._is_overwritten = False
        self.wrote_at: float | None = None

    async def begin(self) -> datetime | None:
        """Check whose database this is. Gives the present time where it is an older copy.

        Raises StorageError.
        """
        await self._loss()  # What is written over from now on is seen.
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
        """Raise the counters for ever; cancel it to stop."""
        await self.beat()
        while True:
            await asyncio.sleep(TICK)
            if self._seen != self._signature() or self._is_due():
                await self.beat()

    def _is_due(self) -> bool:
        return self.wrote_at is None or _now() - self.wrote_at >= BEAT_SECONDS

    async def beat(self) -> None:
        """Raise the database's counter now, then the mark's, as far as that can be done."""
        try:
            async with self._database.transaction() as tx:
                identity = await raise_counter(tx)
        except StorageError as error:
            log.debug("the counter was not raised", error=str(error))
            return
        self._wrote()
        # What is committed while the mark is written is seen at the next look.
        self._seen = self._signature()
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

    def _signature(self) -> Signature:
        """What changes whenever anything is committed."""
        try:
            status = self._wal.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    async def watch(self) -> None:
        """Look after the files for ever; raises ServiceError when they were taken away."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._loss() is not None:
                await asyncio.sleep(TICK)
                if (loss := await self._loss()) is not None:
                    self._is_overwritten = loss == "overwritten"
                    raise _taken_away(self._claim.path, loss)

    async def _loss(self) -> Loss | None:
        try:
            return await asyncio.to_thread(self._look)
        except OSError as error:
            log.warning("the files of the database were not found", error=str(error))
            return None

    def _look(self) -> Loss | None:
        place = sqlite_file.where_files_are(self._claim.path)
        if place != "held":
            return "deleted" if place == "missing" else "replaced"
        return "overwritten" if self._overwriting.is_seen() else None

    def leave_alone(self) -> None:
        """End the process here and now where closing the database would write into another's file
        or remove another's log: SQLite does so by name."""
        path = self._claim.path
        try:
            if self._is_overwritten:
                sqlite_file.set_log_aside(path)
            elif not sqlite_file.is_wal_anothers(path):
                return
        except OSError as error:
            log.warning("the files of the database were not found", error=str(error))
            if not self._is_overwritten:
                return
        logs.close()
        terminal.complain(str(_taken_away(path, "replaced")))
        os._exit(1)


def _taken_away(path: Path, loss: Loss) -> ServiceError:
    done = "deleted" if loss == "deleted" else "replaced"
    return ServiceError(
        f"the database was {done} while the service ran",
        where=str(path),
        hint="put the right one in its place and start again",
    )


def _now() -> float:
    return asyncio.get_running_loop().time()
