"""``/alerts``: the list of alerts; and the buttons that each alert's message has at first."""

from collections.abc import Sequence
from datetime import datetime

from handlers.alerts import reading
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.alerts.alert_page import alert_list
from handlers.render.text.keyboards import (
    LIST_ROWS,
    below_alert,
    event_row,
    folded_below_alert,
    opening,
    undo_below,
)
from handlers.render.text.messages import Keyboard, Message, shorten
from handlers.render.text.rich import bold, code, fill, join
from handlers.searching import copies
from handlers.texts import typed
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.words import Words
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.outbox import traces
from storage.records import Alert
from storage.stories import folded
from storage.structs import replace
from storage.subscribers import alerts, removed_alerts

NAMED_UNITS = 200
MOST_NAMED = 50
"""The most alerts with some words that are listed: pages are those of all alerts."""


async def handle(context: CommandContext, services: Services) -> Reply:
    """The chat's alerts, first page; where words stand behind it, those that have them."""
    request, asked = context.request, " ".join(context.argument.split())
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, request.chat_id)
        way, named = list_named(have, asked) if asked else ("", ())
        listed = await reading.list_shown(conn, named or have, request.now)
    size = MOST_NAMED if named else LIST_ROWS
    shown = alert_list(listed, 0, context.words, size=size)
    if not asked or not have:
        return Reply((shown,))
    said, asked = alert_settings_words(context.words.language), shorten(asked, NAMED_UNITS)
    if not named:
        made = code(f"/alert {asked}")
        line = fill(said.none_named, words=code(asked), command=made)
        return Reply((replace(shown, text=join("\n\n", (line, shown.text))),))
    title = bold(fill(said.named, words=code(shorten(way, NAMED_UNITS)), count=len(named)))
    return Reply((replace(shown, text=join("\n", (title, context.words.alerts_hint))),))


def list_named(have: Sequence[Alert], asked: str) -> tuple[str, Sequence[Alert]]:
    """The alerts that somebody names by words of their queries, those that are just that, else
    those that have it, and these words: ``remove`` may stand before them."""
    first, _, rest = asked.partition(" ")
    ways = [asked]
    if rest and first.casefold() in typed.REMOVING.meanings():
        ways.append(rest)
    for way in ways:
        if same := [alert for alert in have if alert.query.casefold() == way.casefold()]:
            return way, same
    for way in ways:
        if alike := [alert for alert in have if way.casefold() in alert.query.casefold()]:
            return way, alike
    return asked, ()


async def turn(context: PressContext, services: Services) -> PressResult:
    """Show a page of the list, in place. The field is the 0-based page."""
    return PressResult(edit=await list_page(context, number(context.fields, 0), services))


async def keep(context: PressContext, services: Services) -> PressResult:
    """Show the first buttons below an alert again. Fields: the document, alerts' ids."""
    document, have = await below(context, services)
    return PressResult(keyboard=await resting(context, document, have, services))


async def resting(
    context: PressContext,
    document: Document | None,
    have: Sequence[Alert],
    services: Services,
) -> Keyboard:
    """The buttons that an alert's message has at first; folded in a channel. An alert that was
    removed there has a button to restore it, while that is possible."""
    removed = await find_removed(context, services)
    if context.subscriber is not None and context.subscriber.is_channel:
        undo = undo_below(document, have, context.words, removed)
        return folded_below_alert(document, have, context.words) + undo
    posts = await copies.count_event(context, services)
    shown = below_alert(document, have, context.words, removed)
    return shown + event_row(posts, context.words)


async def find_removed(context: PressContext, services: Services) -> int | None:
    """The id of the alert that was removed below the pressed message and can be restored, else
    None."""
    press = context.press
    async with services.database.reader() as conn:
        return await removed_alerts.find_below(conn, press.chat_id, press.message_id, now=press.now)


async def list_page(
    context: PressContext, page: int, services: Services, *, removed: Alert | None = None
) -> Message:
    """A 0-based page of the chat's alerts; ``removed``: an alert that was removed just now."""
    return await _list(
        context.press.chat_id, page, context.words, services, removed, now=context.press.now
    )


async def gone(context: PressContext, alert_id: int, page: int, services: Services) -> PressResult:
    """The answer to a press on an alert that is gone: the list, with a button to restore the alert
    while that is possible."""
    async with services.database.reader() as conn:
        kept = await removed_alerts.find_removed(conn, alert_id, context.press.chat_id)
    edit = await list_page(context, page, services, removed=kept.alert if kept else None)
    return PressResult(edit=edit, toast=context.words.alert_gone)


async def _list(
    chat_id: int,
    page: int,
    words: Words,
    services: Services,
    removed: Alert | None = None,
    *,
    now: datetime,
) -> Message:
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, chat_id)
        gone = [removed] if removed is not None else []
        shown = await reading.list_shown(conn, [*have, *gone], now)
    last = shown.pop() if gone else None
    return alert_list(shown, page, words, removed=last)


async def find_own(context: PressContext, alert_id: int, services: Services) -> Alert | None:
    """An alert of the pressed message's chat, or None."""
    async with services.database.reader() as conn:
        return await reading.find_own(conn, alert_id, context.press.chat_id)


async def below(
    context: PressContext, services: Services, *, first: int = 0
) -> tuple[Document | None, list[Alert]]:
    """The post of an alert's message, and those of its alerts that still exist.

    The field ``first`` is its ``doc_id``, the ids of alerts follow.
    """
    order = [number(context.fields, index) for index in range(first + 1, len(context.fields))]
    async with services.database.reader() as conn:
        document = await documents.find_document(conn, context.fields[first])
        if document is not None and document.deleted_at is not None:
            document = opening(document, await _find_copy(conn, context))
        have = await alerts.list_alerts(conn, context.press.chat_id)
    return document, [alert for alert in have if alert.id in order]


async def _find_copy(conn: Connection, context: PressContext) -> Document | None:
    """A copy, still there, of the deleted post that the message shows; None if there is none."""
    told = await traces.find_message(conn, context.press.chat_id, context.press.message_id)
    return await folded.find_standing(conn, told.id) if told else None
