"""Work on old documents after an upgrade, beside the service: index them anew if this version
analyses texts in another way, and add them to events and to the chain if the former version had
none."""

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
"""Seconds of rest between two steps, so that the service is not slowed down."""
RETRY = 60.0
_THREADED = "archive_threaded"
_DONE = "all"
_AT_ONCE = 100


async def index_archive(database: Database) -> None:
    """Index the documents that this version's analysis has not indexed (until then older posts may
    not be found), then those that the index has lost. Continues where an earlier run ended; what
    the database refuses is retried."""
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
    """Put documents that were stored without an event into events, oldest first. Continues where an
    earlier run ended; what the database refuses is retried."""
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
    """Add documents that were stored before there was a chain to it. Continues where an earlier run
    ended; what the database refuses is retried."""
    while True:
        try:
            await found.find_all(database, now=datetime.now(UTC), pause=PAUSE)
        except StorageError as error:
            log.log(level_of(error), "chaining failed", error=str(error), again_in=RETRY)
            await asyncio.sleep(RETRY)
        else:
            return


async def _thread_some(database: Database, threading: Events) -> bool:
    """Process the next documents; returns whether there may be more."""
    async with database.reader() as conn:
        if await facts.find_value(conn, _THREADED) == _DONE:
            return False
    async with database.transaction() as tx:
        after = int(await facts.find_value(tx, _THREADED) or 0)
        last, found = await events.list_unthreaded(tx, after=after, limit=_AT_ONCE)
        await threading.join(tx, found)
        await facts.set_value(tx, _THREADED, _DONE if last is None else str(last))
        return last is not None
