"""``/subscriptions``: what a chat has set up as a file; and back, from a file that is sent.

Nothing is stored of a file: the buttons below what it holds name its message, and it is fetched
anew when one is pressed. They carry a part of its hash, so that nothing else is taken than was
shown.
"""

import asyncio
from collections.abc import Awaitable, Callable

from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import GivenFile, PressResult, Reply, Request
from handlers.conversation.services import Services
from handlers.render.text.messages import SUBSCRIPTIONS, Attachment, Message
from handlers.render.text.messages import File as SentFile
from handlers.render.text.rich import RichText, code, fill
from handlers.subscriptions import form, showing, taking, undoing
from handlers.subscriptions.form import FormError
from handlers.subscriptions.present import read_present, tell_content
from handlers.subscriptions.showing import Shelf
from handlers.subscriptions.taking import Target
from handlers.subscriptions.weighing import File, read_file, weigh
from handlers.texts.people.privacy import privacy_words
from handlers.texts.subscribing import subscription_words
from handlers.texts.words import Words
from storage.connection import Database
from storage.subscribers import subscribers
from storage.undoing import takings

MARK = 12
"""Signs of a file's hash that a button carries."""
_OURS = form.NAME.removesuffix(".json")


def is_ours(request: Request) -> bool:
    """Whether a private message without a command brings a file that is called as ours are."""
    name = request.file or ""
    return request.is_private and name.startswith(_OURS) and name.endswith(".json")


def how(request: Request, words: Words) -> str | None:
    """How a file is read that came without a word; None for one that is none of this kind."""
    is_json = (request.file or "").endswith(".json")
    return subscription_words(words.language).how if is_json else None


async def handle(context: CommandContext, services: Services) -> Reply:
    """What the file that came with the command, or that it answers, holds; without one, what is
    set up here as a file."""
    request = context.request
    found = await _given(context, services)
    if found is not None:
        return Reply((found,))
    if request.is_channel and not context.handle:
        name = f"@{request.username}" if request.username else request.chat_id
        said = privacy_words(context.words.language)
        return Reply((Message(fill(said.in_private, example=code(f"/for {name} /subscriptions"))),))
    async with services.database.reader() as conn:
        content = tell_content(await taking.look(conn, request.chat_id, services))
    if not content.count:
        return Reply((Message(RichText(subscription_words(context.words.language).empty)),))
    zone = context.timezone
    file = Attachment(str(request.chat_id), SUBSCRIPTIONS, request.now, zone)
    return Reply((Message(RichText(""), attachment=file),))


async def make_file(database: Database, attachment: Attachment) -> SentFile:
    """What the chat that the attachment names has set up, as it is when the file is sent. Raises
    NotFoundError."""
    async with database.reader() as conn:
        chat_id = int(attachment.query)
        present = await read_present(conn, chat_id, timezone=attachment.timezone, burst_after=0)
        content = tell_content(present)
    return SentFile(
        name=form.NAME,
        mime="application/json",
        data=await asyncio.to_thread(form.write, content),
        count=content.count,
        more=False,
    )


async def _given(context: CommandContext, services: Services) -> Message | None:
    """What there is to say of the file that is meant; None where none is."""
    request, words = context.request, context.words
    place = request.sender_id if context.handle else request.chat_id
    message_id = request.message_id if request.file is not None else request.reply_to
    if place is None or message_id is None:
        return None
    read = await _read(place, message_id, words, services)
    if read is None and request.file is None:
        return None
    if read is None:
        return Message(RichText(subscription_words(words.language).gone))
    if isinstance(read, Message):
        return read
    shelf = Shelf(message_id, read[1], int(bool(context.handle)))
    target = Target(chat_id=request.chat_id, topic=None, now=request.now)
    return await _propose(target, read[0], shelf, 0, words, services)


async def _read(
    place: int, message_id: int, words: Words, services: Services
) -> tuple[File, str] | Message | None:
    """The file of a message and its mark, or why it can't be read; None where there is none."""
    said = subscription_words(words.language)

    async def fetch() -> GivenFile | None:
        return await services.file_of(place, message_id, form.MOST_BYTES)

    try:
        sent = await services.sent_files.read(place, fetch, read_file)
    except FormError as error:
        return showing.problem(error, words)
    if sent is None:
        return None
    if sent.given.is_late:
        return Message(RichText(said.late))
    if sent.read is None:
        return Message(fill(said.too_large, size=sent.given.size, most=form.MOST_BYTES))
    return sent.read, sent.hash[:MARK]


async def _propose(
    target: Target,
    file: File,
    shelf: Shelf,
    page: int,
    words: Words,
    services: Services,
    head: str = "",
    former: str = "",
) -> Message:
    """A page of what a file holds; ``former`` is the mark of the one that stood in its place."""
    most = services.alerts_per_person
    async with services.database.reader() as conn:
        present = await taking.look(conn, target.chat_id, services)
        last = await takings.find_last(conn, target.chat_id, now=target.now)
    undo_at = last.at if last is not None and last.mark in (shelf.mark, former) else None

    def shown() -> Message:
        weighing = weigh(file, present, most=most)
        return showing.proposal(weighing, shelf, page, words, most=most, head=head, undo_at=undo_at)

    return await asyncio.to_thread(shown)


async def turn(context: PressContext, services: Services) -> PressResult:
    """A page of what a file holds. Fields: those of a ``Shelf``, the 0-based page."""

    async def show(file: File, shelf: Shelf) -> PressResult:
        page, press = number(context.fields, 3), context.press
        target = Target(chat_id=press.chat_id, topic=press.topic, now=press.now)
        return PressResult(edit=await _propose(target, file, shelf, page, context.words, services))

    return await _with_file(context, services, show)


async def take(context: PressContext, services: Services) -> PressResult:
    """Set up what is new in a file. Fields: those of a ``Shelf``."""

    async def set_up(file: File, shelf: Shelf) -> PressResult:
        press, most = context.press, services.alerts_per_person
        target = Target(chat_id=press.chat_id, topic=press.topic, now=press.now)
        weighing, taken = await taking.take(
            file, target, services, is_private=press.is_private, mark=shelf.mark
        )
        words = await _words(context, services)
        if not weighing.of("new"):
            # What stands there may hold the button that undoes the first press.
            return PressResult(toast=subscription_words(words.language).nothing_new)
        return PressResult(edit=showing.outcome(weighing, shelf, taken.at, words, most=most))

    return await _with_file(context, services, set_up)


async def _words(context: PressContext, services: Services) -> Words:
    """How to speak to the chat, in a language that may have been chosen just now."""
    press = context.press
    async with services.database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, press.chat_id)
    return command_context.words_for(chat, press.language, services)


async def undo(context: PressContext, services: Services) -> PressResult:
    """Undo that. Fields: those of a ``Shelf``, when it was done."""
    at, said = number(context.fields, 3), subscription_words(context.words.language)
    press = context.press
    undone = await undoing.undo(press.chat_id, at, services, now=press.now)
    if undone is None:
        return PressResult(toast=said.undo_over)
    words = await _words(context, services)
    head = showing.undone_text(undone, words)
    found = await _find(context, services)
    if isinstance(found, Message):  # The file can't be read any more.
        return PressResult(edit=Message(RichText(head)))
    target = Target(chat_id=press.chat_id, topic=press.topic, now=press.now)
    return PressResult(edit=await _propose(target, *found, 0, words, services, head))


async def _with_file(
    context: PressContext,
    services: Services,
    act: Callable[[File, Shelf], Awaitable[PressResult]],
) -> PressResult:
    """What comes of a press that is about a file, as it is now; where it is another one by
    now, that is shown instead."""
    press, words = context.press, context.words
    found = await _find(context, services)
    if isinstance(found, Message):
        return PressResult(toast=found.text.text)
    if found[1].mark == context.fields[1]:
        return await act(*found)
    target = Target(chat_id=press.chat_id, topic=press.topic, now=press.now)
    edit = await _propose(target, *found, 0, words, services, former=context.fields[1])
    return PressResult(edit=edit, toast=subscription_words(words.language).changed)


async def _find(context: PressContext, services: Services) -> tuple[File, Shelf] | Message:
    """The file that a press is about, as it is now, or why it can't be read."""
    press = context.press
    message_id, is_own = number(context.fields, 0), number(context.fields, 2)
    place = press.sender_id if is_own else press.chat_id
    if place is None or is_own not in (0, 1):
        raise ButtonError("a file is nowhere")
    read = await _read(place, message_id, context.words, services)
    if read is None:
        return Message(RichText(subscription_words(context.words.language).gone))
    return read if isinstance(read, Message) else (read[0], Shelf(message_id, read[1], is_own))
