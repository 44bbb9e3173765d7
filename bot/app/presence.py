"""Being known to the operators as one of several processes."""

import os
import socket
from collections.abc import Sequence

import structlog

from bot.process.holder import Holder
from storage.channels import processes
from storage.connection import Database
from storage.errors import StorageError
from storage.postgres import holding

FORGOTTEN = 7 * 86_400.0


log = structlog.get_logger("app")


async def sign(database: Database, holder: Holder, roles: Sequence[str]) -> None:
    """Have a lease that says that this process lives, and say what it is called and does. Nothing
    that a process does depends on that: where it fails there is a log."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    try:
        await holder.take([processes.LEASE + holder.owner], 1)
        async with database.transaction() as tx:
            await holding.forget(tx, processes.LEASE, after=FORGOTTEN)
            await processes.sign(tx, holder.owner, name, roles)
    except StorageError as error:
        log.warning("operators are not told of this process", error=str(error))
