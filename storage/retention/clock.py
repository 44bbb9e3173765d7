"""Whether the clock can be trusted before anything is forgotten by its age.

A clock that is a year ahead for an hour makes everything look old, and what was forgotten does not
come back. So nothing is forgotten unless the time goes with what else is known: when the last
upkeep was, or the newest post that Telegram gave. Where neither says anything (the service was off
for a month, and its channels are silent), the clock is believed after it went on for a week.
"""

import json
from datetime import datetime, timedelta

from msgspec import Struct

from storage import facts, row_ids, times
from storage.connection import Connection

FACT = "upkeep_clock"
MOST_STEP = timedelta(days=2)
"""So much time may have gone by since the last upkeep, or the newest post."""
BELIEVED_AFTER = timedelta(days=7)

_NEAR = "SELECT 1 AS it FROM document WHERE id >= ? AND id < ? AND live = 1 LIMIT 1"
_CAME = "SELECT 1 AS it FROM document WHERE live = 1 AND stored_at >= ? LIMIT 1"
_NEWEST = "SELECT id FROM document WHERE live = 1 AND id < ? ORDER BY id DESC LIMIT 1"


class Doubt(Struct, frozen=True, kw_only=True):
    """The clock says ``now``, which nothing else speaks for. ``since``: the first such time;
    ``known``: the last time that is certain."""

    now: datetime
    since: datetime
    known: datetime


async def look(tx: Connection, now: datetime) -> Doubt | None:
    """None where the clock can be trusted, which is remembered."""
    state = await _read(tx)
    if await _is_certain(tx, state.get("at"), now) or await _went_on(tx, state, now):
        await _write(tx, {"at": times.to_epoch(now)})
        return None
    when = times.to_epoch(now)
    since = state.get("since", when)
    if not _is_step(state.get("last"), when):
        since = when
    await _write(tx, {**state, "since": since, "last": when})
    newest = await tx.fetch_one(_NEWEST, (row_ids.first_id(now),))
    posted = row_ids.time_of(newest["id"]) if newest is not None else None
    passed = times.optional_from_epoch(state.get("at"))
    known = max(time for time in (posted, passed, times.from_epoch(0)) if time is not None)
    return Doubt(now=now, since=times.from_epoch(since), known=known)


async def _is_certain(conn: Connection, last: int | None, now: datetime) -> bool:
    """Whether the last upkeep, or a post, is of about now; or there is nothing yet to go by."""
    if last is not None and now - times.from_epoch(last) <= MOST_STEP:
        return True  # Also where it went back: then less is old.
    span = (row_ids.first_id(now - MOST_STEP), row_ids.first_id(now + MOST_STEP))
    if await conn.fetch_one(_NEAR, span) is not None:
        return True
    return last is None and await conn.fetch_one(_CAME, (0,)) is None


async def _went_on(conn: Connection, state: dict[str, int], now: datetime) -> bool:
    """Whether the clock was seen to go on for long, while no post came that says otherwise."""
    when, since = times.to_epoch(now), state.get("since")
    if since is None or not _is_step(state.get("last"), when):
        return False
    if now - times.from_epoch(since) < BELIEVED_AFTER:
        return False
    return await conn.fetch_one(_CAME, (since,)) is None


def _is_step(last: int | None, when: int) -> bool:
    step = None if last is None else times.from_epoch(when) - times.from_epoch(last)
    return step is not None and timedelta(0) <= step <= MOST_STEP


async def _read(conn: Connection) -> dict[str, int]:
    kept: dict[str, int] = json.loads(await facts.find_value(conn, FACT) or "{}")
    return kept


async def _write(tx: Connection, state: dict[str, int]) -> None:
    await facts.set_value(tx, FACT, json.dumps(state))
