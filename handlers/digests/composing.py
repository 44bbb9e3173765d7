"""Composing a digest from what was stored."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.render.answers.digests import digest_messages
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage import facts
from storage.connection import Connection
from storage.documents import documents
from storage.subscribers import subscribers

FIRST_SPAN = timedelta(hours=24)
"""How far back the first digest of a subscriber looks."""

LIMIT = 2000
"""How many posts a digest looks at: one is read by a person, on the event loop, in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Messages ready to send, none where nothing came in; ``posts`` (``doc_id``) are in them."""

    messages: tuple[Message, ...]
    posts: tuple[str, ...]


async def compose_digest(
    conn: Connection, *, after: datetime, until: datetime, timezone: str, language: str
) -> Digest:
    """What was stored live after ``after`` up to ``until``. ``timezone`` is the subscriber's."""
    stored = await documents.list_stored_between(conn, after=after, until=until, limit=LIMIT + 1)
    told = [document for _, document in stored[:LIMIT]]
    messages = digest_messages(
        told,
        after=after,
        here=here_in(timezone, until),
        cut=len(stored) > LIMIT,
        words=words_of(language),
    )
    return Digest(messages=messages, posts=tuple(document.doc_id for document in told))


async def begin_digest(tx: Connection, *, chat_id: int, message_id: int, now: datetime) -> datetime:
    """From when on a digest that a message asked for tells; it is noted that it went to ``now``.

    Asked again by the same message (a crash came before its answer was queued), it starts where
    it started then, so that nothing is left out.
    """
    subscriber = await subscribers.get_subscriber(tx, chat_id)
    noted = json.loads(await facts.find_value(tx, _name(chat_id)) or "null")
    after = digest_start(subscriber.last_digest_at, now)
    if noted is not None and noted[0] == message_id:
        after = datetime.fromisoformat(noted[1])
    await facts.set_value(tx, _name(chat_id), json.dumps([message_id, after.isoformat()]))
    await subscribers.update_subscriber(tx, chat_id, last_digest_at=now)
    return after


def _name(chat_id: int) -> str:
    return f"digest:{chat_id}"


def digest_start(last_digest_at: datetime | None, now: datetime) -> datetime:
    """From when on the next digest tells: the last one, or a day back for the first."""
    return last_digest_at if last_digest_at is not None else now - FIRST_SPAN
