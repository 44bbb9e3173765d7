"""Notices when the database of a running service is deleted, replaced or overwritten."""

import asyncio
import os
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import structlog

from bot import logs
from bot.process import terminal
from storage.connection import Database
from storage.errors import ServiceError, StorageError
from storage.sqlite import file as sqlite_file
from storage.sqlite.content import Overwriting

LOOK_SECONDS = 2.0
SURE_SECONDS = 1.0
"""Seconds after which a loss that was seen is checked again."""

Signature: TypeAlias = tuple[int, ...] | None
Loss: TypeAlias = Literal["deleted", "replaced", "overwritten"]

log = structlog.get_logger("keeper")


class Guard(Protocol):
    """Watches over the place of a database."""

    async def begin(self) -> None:
        """Record the present state; later changes are noticed."""
        ...

    def signature(self) -> Signature:
        """A value that changes with every commit, as far as that can be seen."""
        ...

    async def watch(self) -> None:
        """Watch until cancelled. Raises ServiceError when the database is gone."""
        ...

    def leave_alone(self) -> None:
        """End the process immediately if closing the database would harm another one."""
        ...


def guard_of(path: Path | None, database: Database) -> Guard:
    """The guard of a database in a file, or, without ``path``, of one on a server."""
    return OnServer(database) if path is None else InFile(path)


class OnServer:
    """For a database on a server, whose files are out of sight: only counts this process's
    commits."""

    def __init__(self, database: Database) -> None:
        self._commits = 0
        database.listen(self._count)

    def _count(self, error: StorageError | None) -> None:
        self._commits += error is None

    async def begin(self) -> None:
        """Do nothing."""

    def signature(self) -> Signature:
        """The number of commits of this process."""
        return (self._commits,)

    async def watch(self) -> None:
        """Wait until cancelled; nothing can be seen from here."""
        await asyncio.Event().wait()

    def leave_alone(self) -> None:
        """Do nothing: closing harms nobody."""


class InFile:
    """Compares the files at their names with those that this process has open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wal = Path(f"{path.resolve()}-wal")
        self._overwriting = Overwriting(path)
        self._is_overwritten = False
        self._said: str | None = None

    async def begin(self) -> None:
        """Record the present content; later overwriting is noticed."""
        await self._loss()

    def signature(self) -> Signature:
        """Time and size of the write-ahead log."""
        try:
            status = self._wal.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    async def watch(self) -> None:
        """Watch until cancelled. Raises ServiceError when the files are gone, replaced or
        overwritten."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._loss() is not None:
                await asyncio.sleep(SURE_SECONDS)
                if (loss := await self._loss()) is not None:
                    self._is_overwritten = loss == "overwritten"
                    raise _taken_away(self._path, loss)

    async def _loss(self) -> Loss | None:
        try:
            loss = await asyncio.to_thread(self._look)
        except OSError as error:
            if str(error) != self._said:
                log.warning("the files of the database were not found", error=str(error))
            self._said = str(error)
            return None
        self._said = None
        return loss

    def _look(self) -> Loss | None:
        place = sqlite_file.where_files_are(self._path)
        if place != "held":
            return "deleted" if place == "missing" else "replaced"
        return "overwritten" if self._overwriting.is_seen() else None

    def leave_alone(self) -> None:
        """End the process immediately if closing the database would write into another file or
        remove another's log, since SQLite works by name."""
        try:
            if self._is_overwritten:
                sqlite_file.set_log_aside(self._path)
            elif not sqlite_file.is_wal_anothers(self._path):
                return
        except OSError as error:
            log.warning("the files of the database were not found", error=str(error))
            if not self._is_overwritten:
                return
        logs.close()
        terminal.complain(str(_taken_away(self._path, "replaced")))
        os._exit(1)


def _taken_away(path: Path, loss: Loss) -> ServiceError:
    done = "deleted" if loss == "deleted" else "replaced"
    return ServiceError(
        f"the database was {done} while the service ran",
        where=str(path),
        hint="put the right one in its place and start again",
    )
