"""After an upgrade, work on old documents beside the service: indexing them anew where this version
analyses texts in another way, and putting them into events, or into the chain, where the former one
knew none."""

import asyncio
from datetime import UTC, datetime

import structlog

from bot.intake.events import Events
from handlers.operators.troubles import level_of
from storage import facts
from storage.chain import found
from storage.connection import Database
from storage.documents import index as document_index
from storage.errors import StorageError
from storage.stories import events

log = structlog.get_logger("index")

PAUSE = 0.02
"""Seconds between two pieces of work, which leave the machine to the service."""
RETRY = 60.0
_THREADED = "archive_threaded"
_DONE = "all"
_AT_ONCE = 100


async def index_archive(database: Database) -> None:
    """Index what this version's analysis has not indexed; until that is done older posts may not be
    found. Then what the index has lost. Goes on where an earlier run ended; what the database
    refuses is tried again."""
    while True:
        try:
            done = await document_index.refresh(database, pause=PAUSE)
            done += await document_index.mend(database, pause=PAUSE)
        except StorageError as error:
            log.log(level_of(error), "indexing failed", error=str(error), again_in=RETRY)
            await asyncio.sleep(RETRY)
        else:
            if done:
                log.info("indexed anew", documents=done)
                await _tell_unread(database)
            return


async def _tell_unread(database: Database) -> None:
    async with database.reader() as conn:
        unread = await document_index.count_unread(conn)
    if unread:
        log.error("documents cannot be read", documents=unread)


async def thread_archive(database: Database, threading: Events) -> None:
    """Put what was stored before events were known into events, oldest first. Goes on where an
    earlier run ended; what the database refuses is tried again."""
    while True:
        try:
            is_more = True
            while is_more:
                is_more = await _thread_some(database, threading)
                await asyncio.sleep(PAUSE)
        except StorageError as error:
            log.log(level_of(error), "threading failed", error=str(error), again_in=RETRY)
            await asyncio.sleep(RETRY)
        else:
            return


async def chain_archive(database: Database) -> None:
    """Bring what was stored before there was a chain into it. Goes on where an earlier run ended;
    what the database refuses is tried again."""
    while True:
        try:
            await found.find_all(database, now=datetime.now(UTC), pause=PAUSE)
        except StorageError as error:
            log.log(level_of(error), "chaining failed", error=str(error), again_in=RETRY)
            await asyncio.sleep(RETRY)
        else:
            return


async def _thread_some(database: Database, threading: Events) -> bool:
    """Whether there may be more."""
    async with database.reader() as conn:
        if await facts.find_value(conn, _THREADED) == _DONE:
            return False
    async with database.transaction() as tx:
        after = int(await facts.find_value(tx, _THREADED) or 0)
        last, found = await events.list_unthreaded(tx, after=after, limit=_AT_ONCE)
        await threading.join(tx, found)
        await facts.set_value(tx, _THREADED, _DONE if last is None else str(last))
        return last is not None
