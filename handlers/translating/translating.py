"""The button that has a post translated: the original stays, the translation is an answer.

Nothing but the post's words leaves the instance, for the operator's endpoint, and once for each
language: what came back is kept with the post.
"""

import asyncio
import re
from functools import partial

from handlers.conversation.press_context import PressContext
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.conversation.translation import Translate, TranslationError, UnderWay
from handlers.render.text.dates import here_in
from handlers.render.text.headings import heading
from handlers.render.text.messages import MESSAGE_UNITS, Message, truncate
from handlers.render.text.rich import RichText, join, styled
from handlers.texts.translating import translating_words
from storage.document import Document
from storage.documents import documents, redactions
from storage.subscribers import translations

MOST_CHARACTERS = 5_000
"""Of a post, its beginning; a post at Telegram has 4,096."""

_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


async def press(context: PressContext, services: Services) -> PressResult:
    """Answer with the post in the chat's language. The first field is the post."""
    said = translating_words(context.words.language)
    if services.translate is None:
        return PressResult(toast=said.off)
    if context.subscriber is not None and context.subscriber.is_channel:
        return PressResult(toast=said.in_private)
    async with services.database.reader() as conn:
        document = await documents.find_document(conn, context.fields[0])
        if document is None or redactions.is_redacted(document):
            return PressResult(toast=context.words.old_button)
        made = await translations.find_translation(conn, document, context.words.language)
    if not words_of(document):
        return PressResult(toast=said.nothing)
    if made is None:
        try:
            made = await _make_once(document, context, services, services.translate)
        except TranslationError as error:
            told = {"often": said.often, "down": said.down, "refused": said.refused}[error.why]
            return PressResult(reply=(Message(RichText(told)),))
        if made is None:
            return PressResult(reply=(Message(RichText(said.changed)),))
    return PressResult(reply=(_answer(document, made, context),))


async def _make_once(
    document: Document, context: PressContext, services: Services, translate: Translate
) -> str | None:
    """The same, made once for all who ask at the same time; it goes on if one of them leaves."""
    key = (document.doc_id, document.content_hash, context.words.language)
    while (making := services.translations.get(key)) is not None and not making.done():
        try:
            return await asyncio.shield(making)
        except TranslationError as error:
            if error.why != "often":  # the first who asked is told that
                raise
    making = asyncio.create_task(_make(document, context, services, translate))
    services.translations[key] = making
    making.add_done_callback(partial(_end, services.translations, key))
    return await asyncio.shield(making)


def _end(under_way: UnderWay, key: tuple[str, str, str], made: asyncio.Task[str | None]) -> None:
    if under_way.get(key) is made:  # and none that came between its end and this
        del under_way[key]
    if not made.cancelled():
        made.exception()  # it is told to those who wait, if anybody still does


async def _make(
    document: Document, context: PressContext, services: Services, translate: Translate
) -> str | None:
    """What was translated, and is kept; None where the post changed meanwhile."""
    press, language = context.press, context.words.language
    person = press.sender_id or press.chat_id
    async with services.database.reader() as conn:
        known = await translations.find_translation(conn, document, language)
    if known is not None:  # since it was looked for
        return known
    text = words_of(document)[:MOST_CHARACTERS]
    made = _HIDDEN.sub("", await translate(person, text, document.lang, language)).strip()
    made = made[:MESSAGE_UNITS]
    if not made:
        raise TranslationError("refused")
    async with services.database.transaction() as tx:
        is_kept = await translations.keep_translation(tx, document, language, made, now=press.now)
    return made if is_kept else None


def words_of(document: Document) -> str:
    """What is translated of a post: its own words."""
    return "\n\n".join(document.texts()).strip()


def _answer(document: Document, made: str, context: PressContext) -> Message:
    said = translating_words(context.words.language)
    here = here_in(context.timezone, context.press.now)
    mark = styled("italic", said.mark)
    head = join("\n", [heading(document, here, context.words), mark])
    is_cut = len(words_of(document)) > MOST_CHARACTERS
    parts = [head, RichText(made), *([styled("italic", said.cut)] if is_cut else [])]
    return Message(truncate(join("\n\n", parts), MESSAGE_UNITS))
