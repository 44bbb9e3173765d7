"""What the service does when its database was replaced by an older copy."""

from datetime import UTC, datetime, timedelta

from handlers.operators.scans import effective_interval
from storage.connection import Database
from storage.instance import find_restored_at
from storage.outbox import bundles
from storage.outbox.bundles import Restored
from storage.outbox.new_rows import ALERT_KEPT_FOR

READ_AGAIN_SECONDS = 5.0
"""The least seconds that are allowed for reading the channels again."""


async def find_restored(database: Database, *, channels: int, requests: int) -> Restored | None:
    """When the database was found to be an older copy; None if it never was.

    Queued alerts that may have been sent already are held for one list a chat, due when
    ``channels`` channels can have been read again at ``requests`` a minute. Call it before anything
    is sent.
    """
    now = datetime.now(UTC)
    async with database.reader() as conn:
        at = await find_restored_at(conn)
    if at is None:
        return None
    interval = effective_interval(READ_AGAIN_SECONDS, channels=channels, requests=requests)
    restored = Restored(at=at, told_at=now + timedelta(seconds=interval))
    async with database.transaction() as tx:
        await bundles.hold_doubtful(tx, restored, now=now, expires_at=now + ALERT_KEPT_FOR)
    return restored
