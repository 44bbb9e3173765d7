"""A collection as a file, made when it is sent."""

import asyncio
from datetime import datetime

from handlers.render.answers.briefs import brief_html, brief_text
from handlers.render.answers.collections import View
from handlers.render.text.dates import here_in
from handlers.render.text.messages import BRIEF_PAGE, BRIEF_TEXT, Attachment, Brief, File
from handlers.texts.languages import words_of
from storage.connection import Database
from storage.documents import documents
from storage.errors import NotFoundError
from storage.subscribers import collections

FORMATS: dict[str, Brief] = {"html": BRIEF_PAGE, "txt": BRIEF_TEXT}
"""What each format is called in a button."""


def brief_of(
    collection_id: int, chat_id: int, form: Brief, *, asked_at: datetime, timezone: str
) -> Attachment:
    """The brief of a chat's collection, to be sent."""
    return Attachment(f"{chat_id} {collection_id}", form, asked_at, timezone)


async def make_brief(database: Database, attachment: Attachment, language: str) -> File:
    """The file; made in a thread. Raises NotFoundError where the collection is gone by now."""
    chat_id, _, number = attachment.query.partition(" ")
    async with database.reader() as conn:
        found = await collections.find_collection(conn, int(number), int(chat_id))
        if found is None or found.removed_at is not None:
            raise NotFoundError("the collection is gone", where=f"chat {chat_id}")
        saved = await collections.list_saved(conn, found.id)
        posts = await documents.find_documents(conn, [one.doc_id for one in saved])
    view = View(here_in(attachment.timezone, attachment.asked_at), words_of(language))
    is_page = attachment.format == BRIEF_PAGE
    text = await asyncio.to_thread(brief_html if is_page else brief_text, found, saved, posts, view)
    return File(
        name=f"brief-{attachment.asked_at.astimezone(view.here.zone):%Y-%m-%d-%H%M}"
        f".{'html' if is_page else 'txt'}",
        mime="text/html" if is_page else "text/plain",
        data=text.encode("utf-8", "replace"),
        count=len(saved),
        more=False,
    )
