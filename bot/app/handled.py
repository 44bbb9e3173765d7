"""Up to where the bot's messages were handled, kept in a database that several processes share.

Who takes over to serve with a session that never heard anything would begin with the present: what
people wrote after the former process had ended would be answered by nobody. Telegram counts the
updates of an account, not of a session, so that another session goes on where one has ended.
"""

import asyncio
import contextlib
import json
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta

import structlog

from bot.telegram.clients import Client
from storage import facts
from storage.connection import Database
from storage.errors import StorageError

TICK = 2.0
BEAT_SECONDS = 60.0
"""The most seconds between two writes while nothing comes."""
LONGEST = timedelta(hours=1)
"""For how long it is known: after that, an old copy of the database may say it."""

_FACT = "bot_updates"

log = structlog.get_logger("serve")


async def go_on(
    database: Database, bot: Client, bot_id: int, *, now: datetime | None = None
) -> Coroutine[object, object, None]:
    """Have a session that never heard anything go on where another has ended; gives what is to run
    from then on. Call it before updates are passed on. Raises StorageError."""
    if not bot.was_signed_in():
        async with database.reader() as conn:
            known = _read(await facts.find_value(conn, _FACT), bot_id, now or datetime.now(UTC))
        if known is not None and bot.hear_from(*known):
            log.info("goes on with what another did not handle", pts=known[0])
    return _keep(database, bot, bot_id)


async def _keep(database: Database, bot: Client, bot_id: int) -> None:
    """Write it down whenever all that came was handled, until cancelled."""
    written, at = None, float("-inf")
    while True:
        numbers, now = bot.handled_until(), asyncio.get_running_loop().time()
        if numbers is not None and (numbers != written or now >= at + BEAT_SECONDS):
            said = [bot_id, datetime.now(UTC).timestamp(), *numbers]
            with contextlib.suppress(StorageError):  # reported by what needs the database
                async with database.transaction() as tx:
                    await facts.set_value(tx, _FACT, json.dumps(said))
                written, at = numbers, now
        await asyncio.sleep(TICK)


def _read(value: str | None, bot_id: int, now: datetime) -> tuple[int, int] | None:
    """The numbers (pts, qts); None where they are not known, too old, or another bot's."""
    if value is None:
        return None
    whose, at, pts, qts = json.loads(value)
    if whose != bot_id or now - datetime.fromtimestamp(at, UTC) > LONGEST:
        return None
    return int(pts), int(qts)
