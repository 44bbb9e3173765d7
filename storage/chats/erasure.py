"""Deletes everything that is stored about a chat.

``storage.retention.wiping`` then removes it from the files as well. The text of published posts
stays, with "deleted" for their author.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage.connection import Connection, Database
from storage.documents import documents
from storage.retention import wiping
from storage.subscribers import callers, feeds, links, managed, questions, subscribers

_CALLS = re.compile(r"\w")
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_MARKS = "\u200e\u200f\u061c"


async def erase_chat(tx: Connection, chat_id: int) -> bool:
    """Delete all that is stored about a chat in any table; False if there was nothing.

    ``wiping.finish`` must follow.

    What was said to others and names it is made unreadable there; what a person wrote in groups is
    left to ``erase_posts``.
    """
    named = await _names(tx, chat_id)
    changed = tx.changes
    await tx.execute("DELETE FROM fact WHERE name LIKE ?", (f"%:{chat_id}",))
    await tx.execute("UPDATE backfill SET asked_by = NULL WHERE asked_by = ?", (chat_id,))
    await callers.remove_caller(tx, chat_id)
    await feeds.forget_chat(tx, chat_id)
    await links.forget_chat(tx, chat_id)
    await managed.forget_person(tx, chat_id)
    await questions.forget_chat(tx, chat_id)
    await subscribers.remove_subscriber(tx, chat_id)
    await _mask_rows(tx, named)
    if tx.changes == changed:
        return False
    await wiping.note_deleted(tx, words=False)
    return True


async def erase_posts(database: Database, user_id: int, *, now: datetime) -> None:
    """Put "deleted" in a person's place wherever they wrote, some posts at a time."""
    left = 1
    while left:
        async with database.transaction() as tx:
            left = await documents.forget_person(tx, user_id, now=now)
            if left:
                await wiping.note_deleted(tx, words=True)


async def _names(conn: Connection, chat_id: int) -> tuple[str, ...]:
    """What a chat is called: its number, and of a person user name and name too."""
    known = (
        await subscribers.find_subscriber(conn, chat_id),
        await callers.find_caller(conn, chat_id),
    )
    called = [
        form
        for chat in known
        if chat is not None and chat_id > 0
        for name in (chat.username, chat.name)
        for form in _forms(name or "")
    ]
    return (str(chat_id), *dict.fromkeys(name for name in called if _CALLS.search(name)))


def _forms(name: str) -> tuple[str, ...]:
    """A name as it is, and as it is shown: without the signs that turn a line."""
    plain = name.translate(_TURNS)
    return name, plain, plain.strip(_MARKS), plain.translate(dict.fromkeys(map(ord, _MARKS)))


async def _mask_rows(tx: Connection, named: Sequence[str]) -> None:
    """Mask names in messages to others. What still waits to be sent loses the number alone: a word
    there may only look like the name."""
    rows = await tx.fetch_all(
        "SELECT id, state, payload FROM delivery WHERE EXISTS"
        " (SELECT 1 FROM json_each(?) WHERE instr(lower(payload), value) > 0)",
        (json.dumps([json.dumps(name)[1:-1].lower() for name in named]),),
    )
    changes = []
    for row in rows:
        hidden = named[:1] if row["state"] == "queued" else named
        payload = json.dumps(mask(json.loads(row["payload"]), hidden), separators=(",", ":"))
        if payload != row["payload"]:
            changes.append((payload, row["id"]))
    await tx.execute_many("UPDATE delivery SET payload = ? WHERE id = ?", changes)


def mask(value: Any, names: Sequence[str]) -> Any:
    """The JSON value with each of the names, where it stands as a word, as dots of its length."""
    listed = "|".join(re.escape(name) for name in names)
    pattern = re.compile(rf"(?<![^\W_])-?(?:{listed})(?![^\W_])", re.IGNORECASE)
    return _masked(value, pattern, names[0])


def _masked(value: Any, pattern: re.Pattern[str], number: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(_dots, value)
    if isinstance(value, list):
        return [_masked(item, pattern, number) for item in value]
    if isinstance(value, dict):
        return {key: _masked(item, pattern, number) for key, item in value.items()}
    return 0 if type(value) is int and str(value) == number else value


def _dots(found: re.Match[str]) -> str:
    # Formatting counts in UTF-16 units: as many as before.
    return "·" * (len(found[0].encode("utf-16-le", "surrogatepass")) // 2)
