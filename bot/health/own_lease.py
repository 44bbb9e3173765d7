"""The lease of the service that has a database on a server: one alone has it at a time.

It is renewed every few seconds. What a service left that was killed is over after ``TERM``, or at
once for the next in its own data folder, which the system let go of when it ended.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import structlog

from bot.process import locks
from storage import leases
from storage.connection import Database
from storage.errors import ServiceError, StorageError
from storage.leases import Lease

Hold: TypeAlias = Callable[[], Awaitable[None]]
"""Keeps what is held, for ever; raises ServiceError when it is lost."""

TERM = timedelta(seconds=15)
RENEW_SECONDS = 3.0
ASK_SECONDS = 0.5

_FOLDER_LOCK = "service.lock"
_BOOT = Path("/proc/sys/kernel/random/boot_id")

log = structlog.get_logger("lease")


@asynccontextmanager
async def held(database: Database, name: str, data_dir: Path, *, where: str) -> AsyncIterator[Hold]:
    """Hold a lease against every other service; gives what renews it for ever, which raises
    ServiceError when another has it. Raises InUseError where another renews it."""
    lock = data_dir / _FOLDER_LOCK
    with locks.held(lock, what="the data folder", where=str(data_dir)):
        lease = await _take(database, name, _name_of(lock), where)
        try:
            yield lambda: _keep(database, lease, where)
        finally:
            await asyncio.shield(_give_back(database, lease))


def _name_of(lock: Path) -> str:
    """This process, and behind that what only one process at a time can be: who holds ``lock``."""
    status = lock.stat()
    boot = _BOOT.read_text("ascii").strip() if _BOOT.exists() else ""
    own = f"{boot}:{status.st_dev:x}:{status.st_ino:x}"
    return f"{socket.gethostname()} {os.getpid()} {own}"


async def _take(database: Database, name: str, owner: str, where: str) -> Lease:
    seen: datetime | None = None
    while True:
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            known = await leases.find(tx, name)
            if known is not None and _is_same_place(known[0].owner, owner):
                await leases.give_back(tx, known[0])
            lease = await leases.take(tx, name, owner, now=now, until=now + TERM)
        if lease is not None:
            return lease
        if known is not None:
            if seen is None:
                log.info("waiting for who had the database", owner=_said(known[0].owner))
            elif known[1] != seen:
                holder = f" by {_said(known[0].owner)}"
                raise locks.in_use("the database", where=where, holder=holder)
            seen = known[1]
        await asyncio.sleep(ASK_SECONDS)


def _is_same_place(one: str, other: str) -> bool:
    return one.rpartition(" ")[2] == other.rpartition(" ")[2]


def _said(owner: str) -> str:
    host, process, _ = owner.split(" ", 2)
    return f"process {process} on {host}"


async def _keep(database: Database, lease: Lease, where: str) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            async with database.transaction(beside=True) as tx:
                is_ours = await leases.renew(tx, lease, until=datetime.now(UTC) + TERM)
        except StorageError as error:
            log.debug("the lease was not renewed", error=str(error))
            continue
        if not is_ours:
            raise ServiceError(
                "another process serves from the database since this one was away",
                where=where,
                hint="stop one of them",
            )


async def _give_back(database: Database, lease: Lease) -> None:
    with contextlib.suppress(StorageError):  # it ends by itself
        async with database.transaction(beside=True) as tx:
            await leases.give_back(tx, lease)
