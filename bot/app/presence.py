"""Being known to the operators as one of several processes."""

import os
import socket
from collections.abc import Sequence

from bot.process.holder import Holder
from storage.channels import processes
from storage.connection import Database
from storage.postgres import holding

FORGOTTEN = 7 * 86_400.0


async def sign(database: Database, holder: Holder, roles: Sequence[str]) -> None:
    """Have a lease that says that this process lives, and say what it is called and does. Raises
    StorageError."""
    await holder.take([processes.LEASE + holder.owner], 1)
    name = f"{socket.gethostname()}:{os.getpid()}"
    async with database.transaction() as tx:
        await holding.forget(tx, processes.LEASE, after=FORGOTTEN)
        await processes.sign(tx, holder.owner, name, roles)
