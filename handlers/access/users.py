"""``/users``: who is let into a private instance, and to let them in no more."""

from handlers.conversation import visits
from handlers.conversation.presses import ButtonError, Pressed, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.conversation.visits import Visit
from handlers.render.text.keyboards import (
    LIST_ROWS,
    USERS_ASK,
    USERS_PAGE,
    USERS_REVOKE,
    data,
    pager,
)
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts.access import access_words
from handlers.texts.words import Words
from storage.outbox import held
from storage.records import Subscriber
from storage.subscribers import alerts, callers, subscribers

BUTTON_UNITS = 30


async def handle(visit: Visit, services: Services) -> Reply:
    """The first page."""
    return Reply((await _page(0, visit.words, services),))


async def turn(pressed: Pressed, services: Services) -> PressResult:
    """Another page, in place: the field is the 0-based page."""
    return await _shown(pressed, number(pressed.fields, 0), services)


async def ask(pressed: Pressed, services: Services) -> PressResult:
    """Ask before somebody is let in no more: fields are the page and the chat."""
    page, chat_id = number(pressed.fields, 0), _chat(pressed)
    async with services.database.reader() as conn:
        found = await subscribers.find_subscriber(conn, chat_id)
    if found is None or not found.admitted or not _may(pressed, services):
        return await _shown(pressed, page, services)
    words, said = pressed.words, access_words(pressed.words.language)
    question = fill(said.revoke_ask, name=_name(found, words), id=code(str(chat_id)))
    yes = Button(text=words.yes_remove, data=data(USERS_REVOKE, page, chat_id))
    no = Button(text=words.keep, data=data(USERS_PAGE, page))
    return PressResult(edit=Message(question, ((yes, no),)))


async def revoke(pressed: Pressed, services: Services) -> PressResult:
    """Let somebody in no more. Fields as in ``ask``."""
    page, chat_id = number(pressed.fields, 0), _chat(pressed)
    if not _may(pressed, services):
        return PressResult(toast=pressed.words.operators_only)
    async with services.database.transaction() as tx:
        found = await subscribers.find_subscriber(tx, chat_id)
        if found is None or not found.admitted:
            return await _shown(pressed, page, services)
        kept = await alerts.list_alerts(tx, chat_id)
        await subscribers.update_subscriber(tx, chat_id, admitted=False, active=False)
        await held.drop_all(tx, chat_id, now=pressed.press.now)
        if chat_id > 0:
            await callers.note_caller(
                tx,
                chat_id=chat_id,
                username=found.username,
                name=contained(found.name or "") or None,
                now=pressed.press.now,
            )
            await callers.settle(tx, chat_id, denied_at=pressed.press.now)
    for alert in kept:
        services.alert_removed(alert.id)
    services.plans_changed(chat_id)
    toast = access_words(pressed.words.language).revoked.format(name=_name(found, pressed.words))
    return await _shown(pressed, page, services, toast)


async def _shown(
    pressed: Pressed, page: int, services: Services, toast: str | None = None
) -> PressResult:
    if not _may(pressed, services):
        return PressResult(toast=pressed.words.operators_only)
    return PressResult(edit=await _page(page, pressed.words, services), toast=toast)


async def _page(page: int, words: Words, services: Services) -> Message:
    said = access_words(words.language)
    async with services.database.reader() as conn:
        everyone = await subscribers.list_subscribers(conn, active=None)
    known = [one for one in everyone if one.admitted]
    if not known:
        return Message(RichText(said.users_none))
    pages = -(-len(known) // LIST_ROWS)
    page = min(page, pages - 1)
    shown = known[page * LIST_ROWS : (page + 1) * LIST_ROWS]
    title = bold(said.users_title.format(count=len(known)))
    lines = ["• " + fill("{name} {id}", name=_name(one, words), id=_id(one)) for one in shown]
    buttons = tuple((_revoke_button(one, page, words),) for one in shown)
    more = page + 1 < pages
    turns = pager(USERS_PAGE, (), page, pages, more=more, words=words)
    return Message(join("\n", [title, *lines]), buttons + turns)


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


def _may(pressed: Pressed, services: Services) -> bool:
    return visits.is_operator(pressed.press.sender_id, services)


def _chat(pressed: Pressed) -> int:
    text = pressed.fields[1]
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise ButtonError(f"{text!r} is no chat", where="button")
    return int(text)
