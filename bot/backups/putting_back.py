"""Making a copy of a backup fit to take the place of the database of before.

Nothing but the copy is changed here: who was forgotten since the backup is forgotten in it, and
what was sent since is known to it, as far as that can be found out.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from bot.backups import forgotten
from storage.channels import channels, own_posts
from storage.connection import Database
from storage.database import open_database
from storage.documents import documents
from storage.documents.redactions import Redaction
from storage.errors import StorageError
from storage.location import SQLITE_PREFIX
from storage.outbox import carried_over
from storage.outbox.carried_over import Carried
from storage.restoring import forgetting, former_database
from storage.restoring.former_database import FormerDatabase
from storage.retention import wiping

SLACK = timedelta(days=1)
"""So long before the backup somebody may have been forgotten and still be in it: forgetting takes a
while where a lock or a full disk is in its way."""

UNKNOWN = datetime(1970, 1, 3, tzinfo=UTC)
"""When a copy was made of which that is not known."""


class Prepared(Struct, frozen=True, kw_only=True):
    """What a copy holds now. ``read_to``: up to when the channel that is furthest behind was read
    (None: none ever was); ``forgotten`` chats and ``redacted`` posts that it held; ``carried``:
    what is known of what was sent since, None where that is not known, ``unknown`` says why."""

    documents: int
    channels: int
    read_to: datetime | None
    forgotten: int
    redacted: int
    carried: Carried | None
    unknown: str = ""


async def prepare(
    copy: Path, *, former: Path | str, notes: Sequence[Path], made_at: datetime
) -> Prepared:
    """Bring the copy to this version's schema and to what was sent and forgotten since ``made_at``.

    ``former`` is the database of before, or why there is none to be read; ``notes``: files that say
    what was forgotten. Raises StorageError for what the copy refuses, and OSError or ValueError for
    notes that can't be read.
    """
    said = forgotten.read(notes)
    db = await open_database(f"{SQLITE_PREFIX}{copy}", index=False)
    try:
        carried, unknown, redacted = await _carry_over(db, former, made_at)
        redacted = {**redacted, **said.redacted}
        chats, posts = await forget_again(db, said, redacted, made_at)
        async with db.reader() as conn:
            watched = await channels.list_channels(conn, watched=True)
            read = [one.last_scan_at for one in watched if one.error is None]
            return Prepared(
                documents=await documents.count_documents(conn),
                channels=len(watched),
                read_to=min((at for at in read if at is not None), default=None),
                forgotten=chats,
                redacted=posts,
                carried=carried,
                unknown=unknown,
            )
    finally:
        await db.close()


async def _carry_over(
    db: Database, former: Path | str, made_at: datetime
) -> tuple[Carried | None, str, dict[str, Redaction]]:
    """What was taken over of the database of before; where nothing was, why, and what to do then is
    done. With it the posts that were redacted there, as far as these can be read."""
    reason = former if isinstance(former, str) else ""
    redacted: dict[str, Redaction] = {}
    if isinstance(former, Path):
        try:
            with former_database.opened(former) as before:
                redacted = before.list_redactions()
                return await _take_over(db, before), "", redacted
        except StorageError as error:
            reason = error.what
    async with db.transaction() as tx:
        await carried_over.look_for_all(tx, made_at)
    return None, reason, redacted


async def _take_over(db: Database, before: FormerDatabase) -> Carried:
    carried = Carried()
    async with db.transaction() as tx:
        waiting = await carried_over.list_waiting(tx)
        rows = before.list_rows(after=await carried_over.last_id(tx), waiting=waiting)
        for batch in carried_over.in_batches(rows):
            await carried_over.carry_over(tx, batch, carried)
        await carried_over.remove_untold(tx, carried)
        await own_posts.add_own_posts(tx, before.list_own_posts())
    return carried


async def forget_again(
    db: Database,
    said: forgotten.Forgotten,
    redacted: Mapping[str, Redaction],
    made_at: datetime = UNKNOWN,
) -> tuple[int, int]:
    """Take out of a copy that was made then who was forgotten and what was redacted since; how
    many chats and posts. Raises StorageError."""
    chats = await _forget(db, said, made_at)
    posts = await forgetting.redact(db, redacted)
    await wiping.finish(db)
    return chats, posts


async def _forget(db: Database, said: forgotten.Forgotten, made_at: datetime) -> int:
    """Forget who was forgotten since the backup and has not come back before it; how many."""
    async with db.reader() as conn:
        chats, met = await forgetting.list_chats(conn), await forgetting.list_met(conn)
    count = 0
    for chat_id in sorted(chats):
        when = said.when(chat_id)
        if when is None or when < made_at - SLACK:
            continue
        if chat_id in met and met[chat_id] > when:
            continue
        await forgetting.forget_chat(db, chat_id, now=when)
        count += 1
    return count
