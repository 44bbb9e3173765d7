"""A digest as an HTML page, made when it is sent."""

import asyncio
from datetime import datetime

from handlers.digests.composing import open_digest
from handlers.render.answers.digest_html import digest_html
from handlers.render.answers.digest_pages import shown_posts
from handlers.render.text.messages import DIGEST_PAGE, Attachment, File
from handlers.texts.languages import words_of
from storage.connection import Database
from storage.errors import NotFoundError


def page_of(token: str, chat_id: int, *, asked_at: datetime, timezone: str) -> Attachment:
    """The attachment that will be made into the page of a chat's digest."""
    return Attachment(f"{chat_id} {token}", DIGEST_PAGE, asked_at, timezone)


async def make_page(database: Database, attachment: Attachment, language: str) -> File:
    """Make the file, in a thread. Raises NotFoundError if the digest is not stored any more."""
    chat_id, _, token = attachment.query.partition(" ")
    async with database.reader() as conn:
        found = await open_digest(
            conn,
            token,
            chat_id=int(chat_id),
            timezone=attachment.timezone,
            needs=lambda outline: {*outline.posts, *shown_posts(outline)},
        )
    if found is None:
        raise NotFoundError("the digest is not kept any more", where=f"chat {chat_id}")
    shown, here = found
    page = await asyncio.to_thread(digest_html, shown, here, words_of(language))
    return File(
        name=f"digest-{shown.until.astimezone(here.zone):%Y-%m-%d-%H%M}.html",
        mime="text/html",
        data=page.encode("utf-8", "replace"),
        count=len(shown.outline.posts),
        more=False,
    )
