"""How a chat is taken out of the database so that no byte of it is left in its files.

Rows are deleted first, and with them it is noted that they still lie about: ``finish`` then clears
the full-text index, the log and the pages, and is done once more after a crash in between. Words of
published posts stay, with "deleted" for their author.
"""

import asyncio
import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage import facts
from storage.connection import Connection, Database
from storage.documents import documents
from storage.documents import index as document_index
from storage.subscribers import callers, feeds, links, managed, questions, subscribers

_PENDING = "erasure"  # while something deleted still lies about: see ``note_deleted``
_INTRODUCED = "secure_delete"
_CALLS = re.compile(r"\w")
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_MARKS = "\u200e\u200f\u061c"

PAUSE = 0.05
"""Seconds until the log is tried again, which a reader holds."""


async def erase_chat(tx: Connection, chat_id: int) -> bool:
    """Delete all that is kept of a chat in any table, ``finish`` to follow; False where there was
    nothing.

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
    await note_deleted(tx, words=False)
    return True


async def erase_posts(database: Database, user_id: int, *, now: datetime) -> None:
    """Put "deleted" in a person's place wherever they wrote, some posts at a time."""
    left = 1
    while left:
        async with database.transaction() as tx:
            left = await documents.forget_person(tx, user_id, now=now)
            if left:
                await note_deleted(tx, words=True)


async def note_deleted(tx: Connection, *, words: bool) -> None:
    """Something deleted lies about from now on, in the index too (``words``) or not there."""
    pending = await facts.find_value(tx, _PENDING) or ""
    what = "words" if words or pending.startswith("words") else "rows"
    await facts.set_value(tx, _PENDING, f"{what} {secrets.token_hex(8)}")


async def finish(database: Database) -> None:
    """Wipe out what was deleted from every file of the database; waits for readers as long as that
    takes. Does nothing where nothing was. Raises StorageError."""
    while (pending := await _find_pending(database)) is not None:
        if pending.startswith("words"):
            await document_index.merge_all(database)
        while not await database.scrub():  # noqa: ASYNC110 - readers tell nobody that they ended
            await asyncio.sleep(PAUSE)
        async with database.transaction() as tx:
            # It is another's where something was deleted meanwhile.
            await tx.execute("DELETE FROM fact WHERE name = ? AND value = ?", (_PENDING, pending))


async def _find_pending(database: Database) -> str | None:
    async with database.reader() as conn:
        return await facts.find_value(conn, _PENDING)


async def introduce(database: Database, *, may_vacuum: bool) -> bool:
    """Write a database anew, once, that was deleted from before deleting wiped anything out.

    False where that is still to be done, and ``may_vacuum`` said not now. Raises StorageError.
    """
    async with database.reader() as conn:
        if await facts.find_value(conn, _INTRODUCED) is not None:
            return True
    if not may_vacuum:
        return False
    await database.vacuum()
    async with database.transaction() as tx:
        await facts.set_value(tx, _INTRODUCED, "1")
    return True


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
