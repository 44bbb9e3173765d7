"""Forgetting rows that are older than they are kept, or that nothing needs any more."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from storage import times
from storage.connection import Connection, Database
from storage.retention.limits import LEAST_SENT, Keeping
from storage.retention.turns import Turns

OWN_POSTS = 20_000
"""The bot's own messages that are known of each channel, the newest: more than are read again."""

# Ids are in the order of time, so one walk from the oldest on finds all that is old. Rows that
# wait, and a list that still grows, stay.
_PAST = """
    SELECT id, created_at, state <> 'queued' AND coalesce(finished_at, created_at) < ?
        AND id NOT IN (SELECT growing FROM subscriber WHERE growing IS NOT NULL) AS is_over
    FROM delivery WHERE id > ? ORDER BY id LIMIT ?
"""
_REVISIONS = """
    DELETE FROM revision WHERE id IN (
        SELECT id FROM revision WHERE replaced_at < ? ORDER BY replaced_at LIMIT ?
    )
"""
_PROBLEMS = """
    DELETE FROM problem WHERE id IN (SELECT id FROM problem WHERE since < ? ORDER BY id LIMIT ?)
"""
# The last one stays: readers of the list go on from its number.
_ALIASES = """
    DELETE FROM event_alias WHERE id > ? AND id <= ? AND id < (SELECT max(id) FROM event_alias)
        AND NOT EXISTS (SELECT 1 FROM event_post WHERE event = event_alias.merged_into)
"""
_NAMES = """
    DELETE FROM channel_name WHERE username_key > ? AND username_key <= ?
        AND NOT EXISTS (SELECT 1 FROM document WHERE channel_id = channel_name.channel_id)
        AND NOT EXISTS (SELECT 1 FROM channel WHERE channel_id = channel_name.channel_id)
"""
_OWN_POSTS = """
    DELETE FROM own_post WHERE chat_id = ? AND message_id IN (
        SELECT message_id FROM own_post WHERE chat_id = ?
        ORDER BY message_id DESC LIMIT ? OFFSET ?
    )
"""

Step: TypeAlias = Callable[[Connection, int], Awaitable[int]]
"""Removes at most the given number of rows, in a transaction; returns how many it removed."""


async def forget_sent(database: Database, keeping: Keeping, *, now: datetime) -> Turns:
    """Forget messages that are out, or were given up, longer ago than they are kept."""
    turns = Turns(database, least=50)
    if keeping.sent is None:
        return turns
    before, last = times.to_epoch(now - max(keeping.sent, LEAST_SENT)), 0
    while True:
        async with database.reader() as conn:
            rows = await conn.fetch_all(_PAST, (before, last, turns.size))
        if not any(row["created_at"] < before for row in rows):
            return turns
        last = rows[-1]["id"]
        over = [(row["id"],) for row in rows if row["is_over"]]
        if over:
            async with turns.turn() as tx:
                await tx.execute_many("DELETE FROM delivery WHERE id = ?", over)
            turns.done += len(over)
        await turns.rest()


async def forget_revisions(database: Database, keeping: Keeping, *, now: datetime) -> Turns:
    """Forget what documents said before edits that are longer ago than that is kept."""
    turns = Turns(database, least=50)
    if keeping.revisions is not None:
        before = times.to_epoch(now - keeping.revisions)
        await _repeat(turns, lambda tx, size: tx.execute(_REVISIONS, (before, size)))
    return turns


async def forget_problems(database: Database, keeping: Keeping, *, now: datetime) -> Turns:
    """Forget what was set aside longer ago than that is kept."""
    turns = Turns(database, least=4)
    if keeping.problems is not None:
        before = times.to_epoch(now - keeping.problems)
        await _repeat(turns, lambda tx, size: tx.execute(_PROBLEMS, (before, size)))
    return turns


async def _repeat(turns: Turns, step: Step) -> None:
    while True:
        asked = turns.size
        async with turns.turn() as tx:
            removed = await step(tx, asked)
        turns.done += removed
        await turns.rest()
        if removed < asked:
            return


async def forget_names(database: Database) -> Turns:
    """Forget user names of channels, and names of events, of which no document is left."""
    turns = Turns(database, least=100)
    await _walk(turns, "channel_name", "username_key", "", _NAMES)
    await _walk(turns, "event_alias", "id", 0, _ALIASES)
    return turns


async def _walk(turns: Turns, table: str, key: str, first: str | int, remove: str) -> None:
    """Look through a table in the order of its key."""
    place = first
    while True:
        async with turns.database.reader() as conn:
            rows = await conn.fetch_all(
                f"SELECT {key} AS place FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?",  # noqa: S608
                (place, turns.size),
            )
        if not rows:
            return
        last = rows[-1]["place"]
        async with turns.turn() as tx:
            turns.done += await tx.execute(remove, (place, last))
        place = last
        await turns.rest()


async def forget_own_posts(database: Database) -> Turns:
    """Forget the oldest of the bot's own messages to channels that have very many of them."""
    turns = Turns(database, least=500)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT DISTINCT chat_id FROM own_post")
    for row in rows:
        await _repeat(turns, _remove_own_posts(row["chat_id"]))
    return turns


def _remove_own_posts(chat_id: int) -> Step:
    return lambda tx, size: tx.execute(_OWN_POSTS, (chat_id, chat_id, size, OWN_POSTS))
