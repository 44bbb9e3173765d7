"""Giving back the room of what was forgotten: in the full-text index, and in the file."""

from storage import facts
from storage.connection import Database
from storage.retention.old_documents import REMOVED
from storage.retention.turns import Turns

WORTH_MERGING = 10
"""The index is merged once more than one part in this many of it was removed; until then it still
has the removed terms."""
SPARE = 20
"""One part in this many of the file may stay unused, for what comes next."""


async def merge_index(database: Database) -> Turns:
    """Merge the index, in small steps, where much was taken out of it.

    What ends this in between leaves an index that is whole; the next call begins anew.
    """
    turns = Turns(database, least=32, most=500)
    if not await _is_worth_merging(database):
        return turns
    begins = True
    while True:
        async with turns.turn() as tx:
            is_more = await tx.index.merge(turns.size, begins=begins)
            if not is_more:
                await facts.remove_value(tx, REMOVED)
                return turns
        turns.done += 1
        begins = False
        await turns.rest()


async def _is_worth_merging(database: Database) -> bool:
    async with database.reader() as conn:
        removed = int(await facts.find_value(conn, REMOVED) or 0)
        if not removed:
            return False
        row = await conn.fetch_one("SELECT count(*) AS n FROM document")
    return row is not None and removed * WORTH_MERGING > int(row["n"])


async def give_back(database: Database) -> Turns:
    """Give unused pages back to the disk, in small steps, but for some that are soon used again."""
    turns = Turns(database, least=64, most=2000)
    while True:
        async with database.reader() as conn:
            pages = await conn.count_pages()
        left = min(pages.unused - pages.all // SPARE, turns.size)
        if left <= 0 or not pages.can_shrink:
            return turns
        async with turns.turn() as tx:
            await tx.give_back(left)
        turns.done += left
        await turns.rest()
