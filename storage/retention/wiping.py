"""Removes what was deleted from the database's files, so that no byte of it is left there.

The transaction that deletes rows notes that their bytes are still in the files (``note_deleted``).
``finish`` then clears the full-text index, the log and the pages; after a crash it is done again.
"""

import asyncio
import secrets

from storage import facts
from storage.connection import Connection, Database
from storage.documents import index as document_index

_PENDING = "erasure"  # while deleted bytes may be in the files
_INTRODUCED = "secure_delete"

PAUSE = 0.05
"""Seconds until the log is tried again while a reader holds it."""


async def note_deleted(tx: Connection, *, words: bool) -> None:
    """Note that deleted rows are still in the files; ``words``: in the full-text index too."""
    pending = await facts.find_value(tx, _PENDING) or ""
    what = "words" if words or pending.startswith("words") else "rows"
    await facts.set_value(tx, _PENDING, f"{what} {secrets.token_hex(8)}")


async def finish(database: Database) -> None:
    """Overwrite what was deleted in every file of the database, if anything was noted; waits for
    readers as long as that takes. Raises StorageError."""
    while (pending := await _find_pending(database)) is not None:
        if pending.startswith("words"):
            await document_index.merge_all(database)
        while not await database.scrub():  # noqa: ASYNC110 - readers tell nobody that they ended
            await asyncio.sleep(PAUSE)
        async with database.transaction() as tx:
            # It is another's where something was deleted meanwhile.
            await tx.execute("DELETE FROM fact WHERE name = ? AND value = ?", (_PENDING, pending))


async def _find_pending(database: Database) -> str | None:
    async with database.reader() as conn:
        return await facts.find_value(conn, _PENDING)


async def introduce(database: Database, *, may_vacuum: bool) -> bool:
    """Rewrite a database once whose deleted rows an older version left in the file.

    False if that is still to be done because ``may_vacuum`` is false. Raises StorageError.
    """
    async with database.reader() as conn:
        if await facts.find_value(conn, _INTRODUCED) is not None:
            return True
    if not may_vacuum:
        return False
    await database.vacuum()
    async with database.transaction() as tx:
        await facts.set_value(tx, _INTRODUCED, "1")
    return True
