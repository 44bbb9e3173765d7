"""Who is in a backup, and forgetting those of them who were forgotten after it was made."""

import re
from collections.abc import Mapping
from datetime import datetime

from storage import times
from storage.chats import erasure
from storage.connection import Connection, Database
from storage.documents import redactions
from storage.documents.redactions import Redaction
from storage.errors import NotFoundError
from storage.redaction import redacting

_CHATS = (
    "SELECT chat_id AS id FROM subscriber",
    "SELECT chat_id AS id FROM caller",
    "SELECT chat_id AS id FROM question",
    "SELECT sender_id AS id FROM question",
    "SELECT made_by AS id FROM link",
    "SELECT user_id AS id FROM managed",
    "SELECT chat_id AS id FROM feed",
    "SELECT asked_by AS id FROM backfill WHERE asked_by IS NOT NULL",
    "SELECT DISTINCT chat_id AS id FROM delivery",
    "SELECT DISTINCT chat_id AS id FROM own_post",
    "SELECT DISTINCT json_extract(json, '$.forwarded_from.user_id') AS id FROM document"
    " WHERE json_extract(json, '$.forwarded_from.user_id') IS NOT NULL",
)
# By number, or by name where none is known.
_AUTHORS = (
    "SELECT DISTINCT author_key AS name FROM document"
    " WHERE author_key IS NOT NULL AND author_key >= '1' AND author_key < ':'"
)
_NUMBER = re.compile("[1-9][0-9]{0,17}")
_MET = "SELECT chat_id AS id, created_at AS at FROM subscriber"


async def list_chats(conn: Connection) -> set[int]:
    """The number of every chat and person that a table knows."""
    found: set[int] = set()
    for sql in _CHATS:
        found.update(int(row["id"]) for row in await conn.fetch_all(sql))
    names = [row["name"] for row in await conn.fetch_all(_AUTHORS)]
    return found | {int(name) for name in names if _NUMBER.fullmatch(name)}


async def list_met(conn: Connection) -> Mapping[int, datetime]:
    """Since when each subscriber is one: who was forgotten before has come back."""
    return {row["id"]: times.from_epoch(row["at"]) for row in await conn.fetch_all(_MET)}


async def forget_chat(database: Database, chat_id: int, *, now: datetime) -> None:
    """Take a chat, and of a person the author of posts, out of the database; ``wiping.finish`` is
    to follow."""
    if chat_id > 0:
        await erasure.erase_posts(database, chat_id, now=now)
    async with database.transaction() as tx:
        await erasure.erase_chat(tx, chat_id)


async def redact(database: Database, redacted: Mapping[str, Redaction]) -> int:
    """Redact what was redacted elsewhere, by every name; gives how many posts that concerned here.

    What is not stored here is noted, so that it is emptied when it is read again.
    """
    count = 0
    for name, redaction in redacted.items():
        try:
            done = await redacting.redact(
                database, name, reason=redaction.reason, now=redaction.redacted_at
            )
            count += done.is_new
        except NotFoundError:
            async with database.transaction() as tx:
                await redactions.add_redactions(tx, [name], redaction)
    return count
