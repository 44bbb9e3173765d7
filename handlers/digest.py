"""Composing a digest from what was stored."""

from datetime import datetime, timedelta

from handlers.render.digests import digest_messages
from handlers.render.documents import zone_of
from handlers.render.messages import Message
from handlers.texts.languages import words_of
from storage import documents
from storage.database import Connection

FIRST_SPAN = timedelta(hours=24)
"""How far back the first digest of a subscriber looks."""

LIMIT = 2000
"""How many posts a digest looks at: one is read by a person, on the event loop, in one go."""


async def compose_digest(
    conn: Connection, *, after: datetime, until: datetime, timezone: str, language: str
) -> tuple[Message, ...]:
    """What was stored live after ``after`` up to ``until``, as messages ready to send.

    Empty when nothing came in. ``timezone`` is the subscriber's IANA zone.
    """
    stored = await documents.list_stored_between(conn, after=after, until=until, limit=LIMIT + 1)
    return digest_messages(
        [document for _, document in stored[:LIMIT]],
        after=after,
        until=until,
        cut=len(stored) > LIMIT,
        zone=zone_of(timezone),
        words=words_of(language),
    )


def digest_start(last_digest_at: datetime | None, now: datetime) -> datetime:
    """From when on the next digest tells: the last one, or a day back for the first."""
    return last_digest_at if last_digest_at is not None else now - FIRST_SPAN
