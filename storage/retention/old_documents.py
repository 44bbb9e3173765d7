"""Forgetting documents that are older than they are kept, and remembering up to when.

A document goes with all that hangs on it: what the index holds of it, its other names and earlier
versions, its place in stories and events. Messages that told of it keep what they said, and go in
their own time. What is newly read of the time before (an edit of an old post, a history) must not
come in again, nor be told anew: the *horizon*, before which everything was forgotten, is kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from storage import facts, row_ids, times
from storage.connection import Connection, Database, Row, fetch_in
from storage.document_json import parse
from storage.documents import groups
from storage.documents import index as document_index
from storage.documents.reach import FORGOTTEN, FORGOTTEN_OF_GROUPS
from storage.query.words import analysis
from storage.query.words.analysis import Analysed
from storage.retention.limits import Keeping, is_older
from storage.retention.turns import Turns

REMOVED = "index_removed"
"""The fact that counts what was taken out of the index since that was last merged."""

_DATED = (
    "SELECT id, id AS place, json, analysis FROM document"
    " WHERE id > ? AND id >= ? AND id < ? ORDER BY id LIMIT ?"
)
_UNDATED = (
    "SELECT id, id AS place, json, analysis FROM document"
    " WHERE id > ? AND id < ? AND stored_at < ? ORDER BY id LIMIT ?"
)
_OF_GROUP = (
    "SELECT id, message_id AS place, json, analysis FROM document"
    " WHERE channel_id = ? AND message_id > ? AND id >= ? AND id < ? ORDER BY message_id LIMIT ?"
)

List: TypeAlias = Callable[[Connection, int, int], Awaitable[Sequence[Row]]]
"""Old documents after a place (0 at first), at most the given number, with their places."""


class _Old(Struct, frozen=True):
    """A document that is to go, as it was read, and what the index holds of it, if it does."""

    id: int
    text: str
    analysed: Analysed | None


async def forget_documents(database: Database, keeping: Keeping, *, now: datetime) -> Turns:
    """Forget all that is older than it is kept, in small steps; gives what these took.

    What has no date goes by when it was stored. Raises StorageError; what is done stays done.
    """
    turns = Turns(database, least=5, most=100)
    if keeping.documents is not None:
        before = now - keeping.documents
        await _forget(turns, _dated(before), before, FORGOTTEN)
        await _forget(turns, _undated(before), before, FORGOTTEN)
    if keeping.group_posts is not None:
        before = now - keeping.group_posts
        async with database.reader() as conn:
            chats = await groups.list_groups(conn)
        for channel_id in chats:
            await _forget(turns, _of_group(channel_id, before), before, FORGOTTEN_OF_GROUPS)
    return turns


def _dated(before: datetime) -> List:
    first, end = row_ids.FIRST_DATED, row_ids.first_id(before)
    return lambda conn, place, limit: conn.fetch_all(_DATED, (place, first, end, limit))


def _undated(before: datetime) -> List:
    end, when = row_ids.FIRST_DATED, times.to_epoch(before)
    return lambda conn, place, limit: conn.fetch_all(_UNDATED, (place, end, when, limit))


def _of_group(channel_id: int, before: datetime) -> List:
    first, end = row_ids.FIRST_DATED, row_ids.first_id(before)
    return lambda conn, place, limit: conn.fetch_all(
        _OF_GROUP, (channel_id, place, first, end, limit)
    )


async def _forget(turns: Turns, listed: List, before: datetime, horizon: str) -> None:
    place = 0
    while True:
        async with turns.database.reader() as conn:
            rows = await listed(conn, place, turns.size)
        if not rows:
            return
        place = rows[-1]["place"]
        old = await asyncio.to_thread(_choose, rows, before)
        if old:
            async with turns.turn() as tx:
                turns.done += await _remove(tx, old)
                await _raise_horizon(tx, horizon, before)
        await turns.rest()


def _choose(rows: Sequence[Row], before: datetime) -> list[_Old]:
    """Those of the rows that are older for certain, analysed as they were for the index."""
    chosen = []
    for row in rows:
        document = parse(row["json"])
        if row["id"] >= row_ids.FIRST_DATED and not is_older(document, before):
            continue
        is_indexed = row["analysis"] == document_index.version()
        analysed = analysis.analyse_document(document) if is_indexed else None
        chosen.append(_Old(row["id"], row["json"], analysed))
    return chosen


async def _remove(tx: Connection, old: Sequence[_Old]) -> int:
    """Remove documents that stand as they were read; the others are met again another time."""
    ids = [one.id for one in old]
    rows = await fetch_in(tx, "SELECT id, json, analysis FROM document WHERE id IN (:values)", ids)
    present = {
        row["id"]: (row["json"], row["analysis"] == document_index.version()) for row in rows
    }
    same = [one for one in old if present.get(one.id) == (one.text, one.analysed is not None)]
    indexed = [(one.id, one.analysed) for one in same if one.analysed is not None]
    await tx.index.remove(indexed)
    await tx.execute_many("DELETE FROM document WHERE id = ?", [(one.id,) for one in same])
    removed = int(await facts.find_value(tx, REMOVED) or 0) + len(indexed)
    await facts.set_value(tx, REMOVED, str(removed))
    return len(same)


async def _raise_horizon(tx: Connection, name: str, before: datetime) -> None:
    known = int(await facts.find_value(tx, name) or 0)
    await facts.set_value(tx, name, str(max(known, times.to_epoch(before))))
