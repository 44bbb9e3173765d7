"""Rows of a time that has not come: they were written while the clock was ahead.

Left as they are, an alert that was queued then would go out in a year, and a digest that was told
then would be due in one. So they are taken for rows of now; what may have been told twice by that
is better than what would not be told.
"""

from datetime import datetime, timedelta

from storage import times
from storage.connection import Connection

SLACK = timedelta(minutes=10)
"""A clock that is set by so little mends itself."""
LONGEST_WAIT = timedelta(days=40)
"""No plan is due later, nothing is held for longer by an alert's hourly limit, and no message that
failed is tried again later."""
_SEARCHED = timedelta(days=1)
"""What may be out is looked for in its chat from so long ago on."""

_QUEUED = """
    SELECT 1 AS it FROM delivery WHERE state = 'queued' AND (
        created_at > ? OR tried_at > ? OR (last_error IS NOT NULL AND due_at > ?)
    ) LIMIT 1
"""
_PLANS = "SELECT 1 AS it FROM plan WHERE told_until > ? OR due_at > ? LIMIT 1"
_POSTS = "SELECT 1 AS it FROM document WHERE live = 1 AND stored_at > ? LIMIT 1"
_TOLD = "SELECT 1 AS it FROM told WHERE told_at > ? LIMIT 1"
_ENDED = """
    SELECT 1 AS it FROM delivery
    WHERE state NOT IN ('queued', 'dropped') AND finished_at > ? LIMIT 1
"""
"""What was dropped is known by its time to the button that puts it back: it keeps it."""
_DELIVERIES = """
    UPDATE delivery SET
        due_at = CASE WHEN due_at > ? THEN ? ELSE due_at END,
        expires_at = CASE WHEN created_at > ? THEN expires_at - created_at + ? ELSE expires_at END,
        tried_at = CASE WHEN tried_at > ? THEN ? ELSE tried_at END,
        leased_until = CASE WHEN leased_until > ? THEN ? ELSE leased_until END,
        created_at = CASE WHEN created_at > ? THEN ? ELSE created_at END
    WHERE state = 'queued' AND (
        created_at > ? OR tried_at > ? OR (last_error IS NOT NULL AND due_at > ?)
    )
"""
_DONE = """
    UPDATE delivery SET
        finished_at = ?, created_at = CASE WHEN created_at > ? THEN ? ELSE created_at END
    WHERE state NOT IN ('queued', 'dropped') AND finished_at > ?
"""


async def is_any(conn: Connection, now: datetime) -> bool:
    """Whether there are such rows."""
    ahead, far = times.to_epoch(now + SLACK), times.to_epoch(now + LONGEST_WAIT)
    looks = (
        (_QUEUED, (ahead, ahead, far)),
        (_PLANS, (ahead, far)),
        (_POSTS, (ahead,)),
        (_TOLD, (far,)),
        (_ENDED, (ahead,)),
    )
    found = [await conn.fetch_one(sql, values) for sql, values in looks]
    return any(row is not None for row in found)


async def mend(tx: Connection, now: datetime, *, lease: timedelta) -> int:
    """Take such rows for rows of now; gives how many. What is leased may be on its way: it is left
    alone for ``lease``. Plans are left without a time, to be reckoned again."""
    when, ahead = times.to_epoch(now), times.to_epoch(now + SLACK)
    far = times.to_epoch(now + LONGEST_WAIT)
    searched, leased = times.to_epoch(now - _SEARCHED), times.to_epoch(now + lease)
    pairs = ((ahead, when), (ahead, when), (ahead, searched), (ahead, leased), (ahead, when))
    values = [value for pair in pairs for value in pair]
    mended = await tx.execute(_DELIVERIES, (*values, ahead, ahead, far))
    mended += await tx.execute(
        "UPDATE plan SET due_at = NULL,"
        " told_until = CASE WHEN told_until > ? THEN NULL ELSE told_until END,"
        " created_at = CASE WHEN created_at > ? THEN ? ELSE created_at END"
        " WHERE told_until > ? OR due_at > ?",
        (ahead, ahead, when, ahead, far),
    )
    mended += await tx.execute(
        "UPDATE document SET stored_at = ? WHERE live = 1 AND stored_at > ?", (when, ahead)
    )
    # Else it would count among the last minute's for a year, and all would come as one list.
    mended += await tx.execute(_DONE, (when, ahead, when, ahead))
    return mended + await tx.execute("DELETE FROM told WHERE told_at > ?", (far,))


async def put_back(tx: Connection, now: datetime, by: timedelta) -> int:
    """Bring forward what is to be tried again, now that the clock was put back by so much; gives
    how many rows. Else what failed a moment ago would wait for that long."""
    back, when = round(by.total_seconds() * 1_000_000), times.to_epoch(now)
    return await tx.execute(
        "UPDATE delivery SET due_at = CASE WHEN due_at - ? < ? THEN ? ELSE due_at - ? END"
        " WHERE state = 'queued' AND last_error IS NOT NULL AND due_at > ?",
        (back, when, when, back, when),
    )
