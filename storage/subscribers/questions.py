"""Questions that the bot asked and that wait for an answer, so that a restart loses no dialogue."""

from datetime import datetime

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row


class Question(Struct, frozen=True, kw_only=True):
    """A question to a person (``sender_id``) in a chat; ``id`` names it in buttons.

    The answer becomes the argument of ``command``, behind ``before``; ``suggestion`` is an answer
    offered as a button; ``answered_by``: the number of the message that answered or ended it, None
    while it is open.
    """

    id: int
    chat_id: int
    sender_id: int
    command: str
    before: str
    suggestion: str
    asked_at: datetime
    answered_by: int | None


async def ask(
    tx: Connection,
    *,
    chat_id: int,
    sender_id: int,
    command: str,
    before: str = "",
    suggestion: str = "",
    forgotten_before: datetime,
    now: datetime,
) -> Question:
    """Store a question in place of this person's former one in this chat; questions older than
    ``forgotten_before`` are removed."""
    await tx.execute(
        "DELETE FROM question WHERE asked_at < ? OR (chat_id = ? AND sender_id = ?)",
        (times.to_epoch(forgotten_before), chat_id, sender_id),
    )
    await tx.execute(
        "INSERT INTO question (chat_id, sender_id, command, before, suggestion, asked_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (chat_id, sender_id, command, before, suggestion, times.to_epoch(now)),
    )
    asked = await find_latest(tx, chat_id, sender_id)
    if asked is None:
        raise LookupError((chat_id, sender_id))
    return asked


async def find_latest(conn: Connection, chat_id: int, sender_id: int) -> Question | None:
    """The last question to this person in this chat, open or not; None if there is none."""
    row = await conn.fetch_one(
        "SELECT * FROM question WHERE chat_id = ? AND sender_id = ?", (chat_id, sender_id)
    )
    return None if row is None else _from_row(row)


async def find_question(conn: Connection, id: int) -> Question | None:
    """The question that a button names, open or not; None if it was removed."""
    row = await conn.fetch_one("SELECT * FROM question WHERE id = ?", (id,))
    return None if row is None else _from_row(row)


async def list_known(conn: Connection, *, since: datetime) -> list[Question]:
    """Those that were asked since then, open or not, in their order."""
    rows = await conn.fetch_all(
        "SELECT * FROM question WHERE asked_at >= ? ORDER BY id", (times.to_epoch(since),)
    )
    return [_from_row(row) for row in rows]


async def close(tx: Connection, id: int, *, answered_by: int | None) -> None:
    """Close a question by the message that answered or ended it; None opens it again."""
    await tx.execute("UPDATE question SET answered_by = ? WHERE id = ?", (answered_by, id))


async def forget_chat(tx: Connection, chat_id: int) -> None:
    """Forget questions in a chat, and a person's questions anywhere."""
    await tx.execute("DELETE FROM question WHERE chat_id = ? OR sender_id = ?", (chat_id, chat_id))


def _from_row(row: Row) -> Question:
    return Question(
        id=row["id"],
        chat_id=row["chat_id"],
        sender_id=row["sender_id"],
        command=row["command"],
        before=row["before"],
        suggestion=row["suggestion"],
        asked_at=times.from_epoch(row["asked_at"]),
        answered_by=row["answered_by"],
    )
