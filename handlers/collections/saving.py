"""Putting posts by: ``/save`` in answer to an alert or with a link, and the button below alerts."""

import re
from collections.abc import Sequence

from handlers.collections.listing import view_of
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.answers.collections import NAME_UNITS, View, label, saved_message
from handlers.render.text.messages import Message, shorten
from handlers.render.text.names import can_be_seen
from handlers.render.text.rich import RichText, code, fill, join
from handlers.sources.post_links import find_link
from handlers.texts.collecting import collection_words
from handlers.texts.people.asking import asking_words
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.outbox import traces
from storage.subscribers import collections
from storage.subscribers.collections import Collection

EXAMPLE = "/save https://t.me/example_mfa/123 {note}"
NOTE_CHARACTERS = 1000
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


async def handle(context: CommandContext, services: Services) -> Reply:
    """Save the post that is meant: ``/save [link] [name][: note]``."""
    view = view_of(context.timezone, context.request.now, context.words)
    link, name, note = _parts(context.argument)
    if name and not can_be_seen(name):
        return Reply((Message(RichText(asking_words(context.words.language).unseen_name)),))
    async with services.database.reader() as conn:
        document = await _find_post(conn, context, link, view)
    if isinstance(document, Message):
        return Reply((document,))
    return Reply((await _save(context, services, document, name, note, view),))


async def press(context: PressContext, services: Services) -> PressResult:
    """Save the post of an alert to the collection that was used last. The first field is it."""
    view = view_of(context.timezone, context.press.now, context.words)
    async with services.database.reader() as conn:
        document = await documents.find_document(conn, context.fields[0])
    if document is None:
        return PressResult(toast=collection_words(view.words.language).post_gone)
    async with services.database.transaction() as tx:
        into = await _into(tx, context.press.chat_id, "", view)
        if into is None:
            return PressResult(toast=_too_many(view).text)
        outcome = await collections.save(tx, into.id, document.doc_id, "", now=context.press.now)
        into = await collections.find_collection(tx, into.id, into.chat_id) or into
    said = collection_words(view.words.language)
    template = {"new": said.saved_toast, "there": said.there_toast, "full": said.full}[outcome]
    posts = view.words.count(view.words.posts, into.posts)
    return PressResult(toast=fill(template, name=label(into), count=into.posts, posts=posts).text)


def _parts(argument: str) -> tuple[str, str, str]:
    """The link, the name and the note, each of which may be missing."""
    first, _, rest = argument.strip().partition(" ")
    link, rest = (first, rest) if find_link(first) is not None else ("", argument)
    name, _, note = rest.partition(":")
    note = _INVISIBLE.sub("", note).strip()[:NOTE_CHARACTERS]
    return link, shorten(_INVISIBLE.sub("", " ".join(name.split())), NAME_UNITS), note


async def _find_post(
    conn: Connection, context: CommandContext, given: str, view: View
) -> Document | Message:
    """The post that is meant, or what is said where none is."""
    said = collection_words(view.words.language)
    if given:
        link = find_link(given)
        found = await documents.find_document(conn, link.doc_id) if link else None
        return found or Message(fill(said.not_stored, link=code(given)))
    request = context.request
    told = await traces.find_message(conn, request.chat_id, request.reply_to or 0)
    if told is not None and told.kind == "bundle":
        return _guide(context, said.a_list)
    document = await documents.find_document(conn, (told and told.post) or "")
    return document or _guide(context, said.guide)


def _guide(context: CommandContext, sentence: str) -> Message:
    return Message(join("\n", (RichText(sentence), code(context.words.example(EXAMPLE)))))


async def _save(
    context: CommandContext,
    services: Services,
    document: Document,
    name: str,
    note: str,
    view: View,
) -> Message:
    now = context.request.now
    async with services.database.transaction() as tx:
        into = await _into(tx, context.request.chat_id, name, view)
        if into is None:
            return Message(_too_many(view))
        outcome = await collections.save(tx, into.id, document.doc_id, note, now=now)
        into = await collections.find_collection(tx, into.id, into.chat_id) or into
    return saved_message(into, "noted" if outcome == "there" and note else outcome, document, view)


async def _into(tx: Connection, chat_id: int, name: str, view: View) -> Collection | None:
    """The collection of that name; without one, that which was used last, else a first one."""
    if not name:
        have: Sequence[Collection] = await collections.list_collections(tx, chat_id)
        if have:
            return have[0]
    return await collections.find_or_add(
        tx, chat_id, name or collection_words(view.words.language).first_name, now=view.here.now
    )


def _too_many(view: View) -> RichText:
    return fill(collection_words(view.words.language).too_many, count=collections.MOST)
