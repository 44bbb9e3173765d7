"""Holding leases: what this process alone does, for as long as it can say so to the database.

What is not renewed in time counts as lost here before another may take it. What another has taken
ends the process: it begins anew, and waits for its turn.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import structlog

from bot.process import locks
from storage.channels.processes import LASTS
from storage.connection import Connection, Database
from storage.errors import ServiceError, StorageError, UnavailableError
from storage.postgres import holding

EVERY = 2.0
MARGIN = 2.0
"""Seconds before the end of a lease from which on nothing is begun any more."""
LOOK = 0.5
LIMIT = 5.0
"""Seconds for one attempt at renewing."""

_LOCK = "service.lock"
_BOOT = Path("/proc/sys/kernel/random/boot_id")

log = structlog.get_logger("leases")


_TAKEN = "another process has taken over"
_REPLACED = "a replica has taken the server's place"
_UNSUPPORTED = "0A000"


Note: TypeAlias = Callable[[StorageError | None], None]


class LostError(ServiceError):
    """Another process does by now what this one did."""


class ReplacedError(ServiceError):
    """A replica has taken the server's place: what this process knows may not stand there."""


@contextlib.asynccontextmanager
async def holding_for(database: Database, data_dir: Path) -> AsyncIterator["Holder"]:
    """Who holds leases for the process of a data folder, which none other uses; at the end they are
    given back. Raises InUseError."""
    lock = data_dir / _LOCK
    with locks.held(lock, what="the data folder", where=str(data_dir)):
        holder = Holder(database, _name_of(lock), line=await _find_line(database))
        try:
            yield holder
        finally:
            with contextlib.suppress(StorageError, TimeoutError):  # they end by themselves
                async with asyncio.timeout(LIMIT):
                    await asyncio.shield(holder.give_back(holder.names))


def has_held(data_dir: Path) -> bool:
    """Whether the process of a data folder has ever been let in by a server."""
    return (data_dir / _LOCK).exists()


def _name_of(lock: Path) -> str:
    """What only one process at a time can be: who holds ``lock``. It is the same after a restart,
    so that what it had need not end first."""
    status = lock.stat()
    machine = _BOOT.read_text("ascii").strip() if _BOOT.exists() else socket.gethostname()
    return f"{machine}:{status.st_dev:x}:{status.st_ino:x}"


async def _find_line(database: Database) -> str | None:
    """The server's line of time; None where it does not say."""
    try:
        async with database.reader() as conn:
            return await holding.find_line(conn)
    except StorageError as error:
        if isinstance(error, UnavailableError) and not _is_unsupported(error):
            raise
        log.debug("the server does not tell its line of time", error=str(error))
        return None


def _is_unsupported(error: UnavailableError) -> bool:
    """Whether the server never does what it was asked for, as managed ones don't."""
    return getattr(error.__cause__, "sqlstate", None) == _UNSUPPORTED


class Holder:
    """The leases of one owner. ``lasts``: seconds for which one stands when it is not renewed;
    ``line``: the line of time in which it was begun (``storage.postgres.holding``), None where that
    is not known."""

    def __init__(
        self, database: Database, owner: str, *, lasts: float = LASTS, line: str | None = None
    ) -> None:
        self._line = line
        self._is_replaced = False
        self._database = database
        self._owner = owner
        self._lasts = lasts
        self._held: dict[str, int] = {}
        self._until = float("-inf")
        self._turn = asyncio.Lock()
        self._lost = asyncio.Event()

    @property
    def owner(self) -> str:
        """Whose leases they are."""
        return self._owner

    @property
    def names(self) -> frozenset[str]:
        """The leases that are held."""
        return frozenset(self._held)

    def stands(self, now: float) -> bool:
        """Whether nobody else can have any of them yet, at a time of the loop's clock."""
        return now < self._until

    async def take(self, names: Sequence[str], most: int) -> frozenset[str]:
        """Take at most ``most`` of these that are free. Raises StorageError."""
        if not names:
            return frozenset()
        async with self._turn:
            began = _now()
            async with self._database.transaction(beside=True) as tx:
                taken = await holding.take(tx, names, self._owner, most=most, lasts=self._lasts)
            if taken and not self._held:
                self._until = began + self._lasts - MARGIN
            self._held |= taken
        return frozenset(taken)

    async def take_all(self, names: Sequence[str]) -> bool:
        """Take all of these, or none."""
        taken = await self.take(names, len(names))
        if len(taken) == len(names):
            return True
        await self.give_back(taken)
        return False

    async def wait_for(self, names: Sequence[str], note: Note = lambda _: None) -> None:
        """Take all of these as soon as they are free, however long that takes. ``note`` is told
        each time what keeps it from asking, or None."""
        while True:
            try:
                is_taken = await self.take_all(names)
                note(None)
                if is_taken:
                    return
            except StorageError as error:
                note(error)
                log.debug("leases were not taken", error=str(error))
            await asyncio.sleep(LOOK)

    async def give_back(self, names: frozenset[str]) -> None:
        """Let others have these at once. Raises StorageError."""
        async with self._turn:
            for name in names:
                self._held.pop(name, None)
            if names:
                async with self._database.transaction(beside=True) as tx:
                    await holding.give_back(tx, names, self._owner)

    async def run(self) -> None:
        """Renew for ever; cancel it to stop. Raises LostError when another has one of them,
        ReplacedError when a replica has taken the server's place."""
        while not self._lost.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._lost.wait()
            try:
                async with asyncio.timeout(LIMIT):
                    await self._renew()
            except (StorageError, TimeoutError) as error:
                log.debug("leases were not renewed", error=str(error))
        if self._is_replaced:
            raise ReplacedError(_REPLACED, where="run")
        raise LostError(_TAKEN, where="run", hint="start this one again, to stand by")

    async def _renew(self) -> None:
        async with self._turn:
            if not self._held or self._lost.is_set():
                return
            began = _now()
            async with self._database.transaction(beside=True) as tx:
                found = await holding.renew(tx, self._held, self._owner, lasts=self._lasts)
                # A replica may not have been given what was taken: then it is nobody else's.
                if found != self._held and await self._is_elsewhere(tx):
                    self._is_replaced = True
            if found != self._held:
                self._lose()
            else:
                self._until = began + self._lasts - MARGIN

    async def guard(self, tx: Connection) -> None:
        """Raise UnavailableError in a transaction where any of them is another's, or where a
        replica has taken the place of the server that knew all that this process knows."""
        while True:
            held = dict(self._held)
            if not held or await holding.stand(tx, held, self._owner, line=self._line):
                return
            if await self._is_elsewhere(tx):
                self._is_replaced = True
                self._lose()
                raise UnavailableError(_REPLACED, cause="lock", where="run")
            if held == self._held:  # else it was given back meanwhile
                self._lose()
                raise UnavailableError(_TAKEN, cause="lock", where="run")

    async def _is_elsewhere(self, tx: Connection) -> bool:
        """Whether the server is in another line of time than the one that was begun in."""
        return self._line is not None and await holding.find_line(tx) != self._line

    def _lose(self) -> None:
        self._until = float("-inf")
        self._lost.set()


def _now() -> float:
    return asyncio.get_running_loop().time()
