"""The archive indexed anew beside the service, after an upgrade that reads texts in another way."""

import asyncio

import structlog

from storage import document_index
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger("index")

PAUSE = 0.02
"""Seconds between two pieces of work, which leave the machine to the service."""
RETRY = 60.0


async def index_archive(database: Database) -> None:
    """Index what this version's analysis has not indexed; until that is done older posts may not be
    found. Goes on where an earlier run ended; what the database refuses is tried again."""
    while True:
        try:
            done = await document_index.refresh(database, pause=PAUSE)
        except StorageError as error:
            log.error("indexing failed", error=str(error), again_in=RETRY)
            await asyncio.sleep(RETRY)
        else:
            if done:
                log.info("indexed anew", documents=done)
            return
