"""What is done beside the service, once, until it is done: by one process at a time."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator

import structlog

from bot.intake.indexing import chain_archive, index_archive, thread_archive
from bot.intake.intake import Intake
from bot.process.holder import Holder
from bot.process.patience import patiently
from bot.watching.retrial import retry_after_upgrade
from storage.connection import Database
from storage.errors import StorageError
from storage.retention import wiping

LEASE = "archive"

log = structlog.get_logger("app")


async def catch_up(database: Database, intake: Intake, holder: Holder | None) -> None:
    """Do what an upgrade or a crash left to be done. ``holder``: of leases, where others may do the
    same."""
    async with _alone(holder), asyncio.TaskGroup() as tasks:
        for work in (
            index_archive(database),
            thread_archive(database, intake.events),
            chain_archive(database),
            _finish_erasing(database),
            retry_after_upgrade(database, intake),
        ):
            tasks.create_task(work)


@contextlib.asynccontextmanager
async def _alone(holder: Holder | None) -> AsyncIterator[None]:
    if holder is None:
        yield
        return
    await holder.wait_for([LEASE])
    yield
    with contextlib.suppress(StorageError):  # it ends with the process
        await holder.give_back(frozenset([LEASE]))


async def _finish_erasing(database: Database) -> None:
    """Go on with what a crash left of a ``/forgetme``."""
    try:
        await patiently(lambda: wiping.finish(database), math.inf)
    except StorageError as error:
        log.error("what was deleted was not wiped out", error=str(error))
