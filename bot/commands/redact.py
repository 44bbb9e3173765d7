"""``dateline redact``: deletes a post's text for good, and keeps the fact that it was there.

It may be used beside a running service, which then edits the messages that it sent of the post, as
far as Telegram allows. Posts that say the same are listed, so that they can be redacted too.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import asdict

from bot.backups import forgotten
from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from handlers.sources.post_links import find_link
from storage.connection import Database
from storage.documents import redactions
from storage.errors import NotFoundError, UsageError
from storage.redaction import redacting
from storage.redaction.redacting import Redacted
from storage.retention import wiping


def run(settings: Settings, posts: Sequence[str], *, reason: str, as_json: bool) -> int:
    """Redact each post; returns 1 if one is not stored, after redacting the others.

    Raises UsageError, before anything is done, if an argument names no post.
    """
    return asyncio.run(_redact(settings, [_name_of(post) for post in posts], reason, as_json))


def _name_of(post: str) -> str:
    """The document id that an argument means."""
    if post.startswith("txt:") or (post.startswith("tg:") and "/" in post and "//" not in post):
        return post
    link = find_link(post)
    if link is None:
        raise UsageError(
            f"{terminal.one_line(post)!r} names no post",
            where="redact",
            hint="give its link, https://t.me/NAME/NUMBER, or its doc_id",
        )
    return link.doc_id


async def _redact(settings: Settings, names: Sequence[str], reason: str, as_json: bool) -> int:
    began_at = datetime.now(UTC)
    done: list[Redacted] = []
    async with archive.opened(settings) as database:
        try:
            for name in names:
                done += await _redact_one(database, name, reason)
        finally:
            # Once for all of them: it goes through the whole index.
            await wiping.finish(database)
            await _note(settings, database, since=began_at)
            for one in done:
                sys.stdout.write(_as_json(one) if as_json else _as_text(one))
    return 0 if len(done) == len(names) else 1


async def _redact_one(database: Database, name: str, reason: str) -> list[Redacted]:
    """Redact one post; returns the result, empty if it is not stored, which is printed."""
    try:
        return [await redacting.redact(database, name, reason=reason, now=datetime.now(UTC))]
    except NotFoundError as error:
        terminal.complain(str(error))
        return []


async def _note(settings: Settings, database: Database, *, since: datetime) -> None:
    """Record outside the database what was redacted, for a backup that is restored later."""
    async with database.reader() as conn:
        new = await redactions.list_redactions(conn, since=since)
    if new:
        forgotten.note_redacted(forgotten.path_of(settings), new)


def _as_json(done: Redacted) -> str:
    facts, redaction = asdict(done), done.redaction
    del facts["redaction"]
    facts["others"] = [asdict(other) for other in done.others]
    when = redaction.redacted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = {
        "doc_id": facts.pop("doc_id"),
        "redacted_at": when,
        "reason": redaction.reason,
    } | facts
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n"


def _as_text(done: Redacted) -> str:
    if not done.is_new:
        return f"{done.doc_id}: {done.redaction.notice} stands there already\n"
    counts = (
        (done.versions, "version", "versions", "taken out"),
        (done.problems, "post set aside", "posts set aside", "taken out"),
        (done.messages, "message that told of it", "messages that told of it", "masked"),
        (done.digests, "digest", "digests", "masked"),
        (done.dropped, "alert that waited", "alerts that waited", "dropped"),
        (done.chats, "chat", "chats", "were sent it before"),
        (done.edited, "sent message", "sent messages", "to be edited by the service"),
    )
    told = [f"{n} {one if n == 1 else many} {did}" for n, one, many, did in counts if n]
    lines = [f"{done.doc_id}: redacted; {', '.join(told)}"]
    lines += [f"also says it ({one.how}): {one.url or one.doc_id}" for one in done.others]
    return "\n".join(map(terminal.one_line, lines)) + "\n"
