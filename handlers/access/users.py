"""``/users``: who is let into a private instance, and to let them in no more."""

from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.text.keyboards import USERS_ASK, USERS_PAGE, USERS_REVOKE, data
from handlers.render.text.lists import page_of
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage.outbox import held
from storage.records import Subscriber
from storage.subscribers import callers, subscribers

BUTTON_UNITS = 30


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page."""
    return Reply((await _page(0, context.words, services),))


async def turn(context: PressContext, services: Services) -> PressResult:
    """Another page, in place: the field is the 0-based page."""
    return await _shown(context, number(context.fields, 0), services)


async def ask(context: PressContext, services: Services) -> PressResult:
    """Ask before somebody is let in no more: fields are the page and the chat."""
    page, chat_id = number(context.fields, 0), _chat(context)
    async with services.database.reader() as conn:
        found = await subscribers.find_subscriber(conn, chat_id)
    if found is None or not found.admitted or not _may(context, services):
        return await _shown(context, page, services)
    words, said = context.words, access_words(context.words.language)
    question = fill(said.revoke_ask, name=_name(found, words), id=code(str(chat_id)))
    yes = Button(text=words.yes_remove, data=data(USERS_REVOKE, page, chat_id))
    no = Button(text=words.keep, data=data(USERS_PAGE, page))
    return PressResult(edit=Message(question, ((yes, no),)))


async def revoke(context: PressContext, services: Services) -> PressResult:
    """Let somebody in no more. Fields as in ``ask``."""
    page, chat_id = number(context.fields, 0), _chat(context)
    if not _may(context, services):
        return PressResult(toast=context.words.operators_only)
    async with services.database.transaction() as tx:
        found = await subscribers.find_subscriber(tx, chat_id)
        if found is None or not found.admitted:
            return await _shown(context, page, services)
        await subscribers.update_subscriber(tx, chat_id, admitted=False, active=False)
        await held.drop_all(tx, chat_id, now=context.press.now)
        if chat_id > 0:
            await callers.note_caller(
                tx,
                chat_id=chat_id,
                username=found.username,
                name=contained(found.name or "") or None,
                now=context.press.now,
            )
            await callers.settle(tx, chat_id, denied_at=context.press.now)
    services.plans_changed(chat_id)
    toast = access_words(context.words.language).revoked.format(name=_name(found, context.words))
    return await _shown(context, page, services, toast)


async def _shown(
    context: PressContext, page: int, services: Services, toast: str | None = None
) -> PressResult:
    if not _may(context, services):
        return PressResult(toast=context.words.operators_only)
    return PressResult(edit=await _page(page, context.words, services), toast=toast)


async def _page(page: int, words: Words, services: Services) -> Message:
    said = access_words(words.language)
    async with services.database.reader() as conn:
        everyone = await subscribers.list_subscribers(conn, active=None)
    known = [one for one in everyone if one.admitted]
    if not known:
        return Message(RichText(said.users_none))
    shown = page_of(known, page)
    title = bold(said.users_title.format(count=len(known)))
    lines = ["• " + fill("{name} {id}", name=_name(one, words), id=_id(one)) for one in shown.items]
    buttons = [_revoke_button(one, shown.number, words) for one in shown.items]
    return shown.message(title, lines, buttons, USERS_PAGE, words, between="\n")


def _revoke_button(one: Subscriber, page: int, words: Words) -> Button:
    label = access_words(words.language).revoke.format(
        name=shorten(_name(one, words), BUTTON_UNITS)
    )
    return Button(text=label, data=data(USERS_ASK, page, one.chat_id))


def _id(one: Subscriber) -> RichText:
    return code(str(one.chat_id))


def _name(one: Subscriber, words: Words) -> str:
    name = " ".join(contained(one.name or "").split()) or words.no_name
    return f"{name} @{one.username}" if one.username else name


def _may(context: PressContext, services: Services) -> bool:
    return command_context.is_operator(context.press.sender_id, services)


def _chat(context: PressContext) -> int:
    text = context.fields[1]
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise ButtonError(f"{text!r} is no chat")
    return int(text)
