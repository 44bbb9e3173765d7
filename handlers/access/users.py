"""``/users``: who is let into a private instance, and to let them in no more."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import ButtonError, PressContext
from handlers.conversation.removable import RemovableList, Taken, says_restored
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.cards import remove_button
from handlers.render.text.keyboards import USERS_PAGE, USERS_RESTORE, USERS_REVOKE, data
from handlers.render.text.lists import Removed, page_of
from handlers.render.text.messages import Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill
from handlers.texts.people.access import access_words
from handlers.texts.words import Words
from storage import times
from storage.connection import Connection
from storage.outbox import held, notices
from storage.records import Subscriber
from storage.subscribers import callers, subscribers
from storage.undoing import removals
from storage.undoing.removals import Kept

BUTTON_UNITS = 30


async def handle(context: CommandContext, services: Services) -> Reply:
    """The first page."""
    return Reply((await _page(0, context.words, services),))


async def _show(
    context: PressContext, page: int, removed: Removed | None, services: Services
) -> Message:
    return await _page(page, context.words, services, removed)


async def _take(
    tx: Connection, context: PressContext, key: str, services: Services
) -> Taken | None:
    """Let a chat in no more, and tell it nothing of what waits."""
    chat_id, now = _chat(key), context.press.now
    found = await subscribers.find_subscriber(tx, chat_id)
    if found is None or not found.admitted:
        return None
    row = {"active": found.active, "at": times.to_epoch(now)}
    await removals.keep(tx, chat_id, "admission", key, row, now=now)
    await subscribers.update_subscriber(tx, chat_id, admitted=False, active=False)
    await held.drop_all(tx, chat_id, now=now)
    await notices.drop_gone(tx, chat_id)
    if chat_id > 0:
        await callers.note_caller(
            tx,
            chat_id=chat_id,
            username=found.username,
            name=contained(found.name or "") or None,
            now=now,
        )
        await callers.settle(tx, chat_id, denied_at=now)
    services.plans_changed(chat_id)
    name, said = _name(found, context.words), access_words(context.words.language)
    return Taken(name, said.revoked.format(name=name))


async def _put(tx: Connection, context: PressContext, key: str, services: Services) -> str:
    """Let it in as before; what waited for it is told. Who was let in otherwise meanwhile stays as
    they are since: they may have stopped the bot."""
    chat_id, now, words = _chat(key), context.press.now, context.words
    row = await removals.take(tx, chat_id, "admission", key, now=now)
    found = await subscribers.find_subscriber(tx, chat_id)
    if row is None or found is None:
        return says_restored(found is not None and found.admitted, words)
    if found.admitted:
        return says_restored(True, words)
    await subscribers.update_subscriber(
        tx, chat_id, admitted=True, active=found.active or row["active"]
    )
    await callers.settle(tx, chat_id, denied_at=None)
    await held.put_all_back(tx, chat_id, dropped_at=times.from_epoch(row["at"]))
    services.plans_changed(chat_id)
    return access_words(words.language).let_in_again.format(name=_name(found, words))


async def _called(conn: Connection, context: PressContext, key: str, kept: Kept) -> str | None:
    found = await subscribers.find_subscriber(conn, _chat(key))
    return None if found is None else _name(found, context.words)


LIST = RemovableList(
    show=_show,
    take=_take,
    put=_put,
    called=_called,
    undo=USERS_RESTORE,
    kind="admission",
    owner=lambda _, key: _chat(key),
)
"""Who is let in; the key of one is its chat."""


async def _page(
    page: int, words: Words, services: Services, removed: Removed | None = None
) -> Message:
    said = access_words(words.language)
    async with services.database.reader() as conn:
        everyone = await subscribers.list_subscribers(conn, active=None)
    known = [one for one in everyone if one.admitted]
    shown = page_of(known, page)
    title = bold(said.users_title.format(count=len(known))) if known else RichText(said.users_none)
    lines = ["• " + fill("{name} {id}", name=_name(one, words), id=_id(one)) for one in shown.items]
    buttons = [
        remove_button(
            data(USERS_REVOKE, shown.number, one.chat_id),
            words,
            shorten(_name(one, words), BUTTON_UNITS),
        )
        for one in shown.items
    ]
    return shown.message(title, lines, buttons, USERS_PAGE, words, between="\n", removed=removed)


def _id(one: Subscriber) -> RichText:
    return code(str(one.chat_id))


def _name(one: Subscriber, words: Words) -> str:
    name = " ".join(contained(one.name or "").split()) or words.no_name
    return f"{name} @{one.username}" if one.username else name


def _chat(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise ButtonError(f"{text!r} is no chat")
    return int(text)
