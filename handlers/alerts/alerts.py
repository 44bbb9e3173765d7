"""``/alerts``: the list, to remove from; and the stop buttons below each alert."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.alerts.alerts import alert_list
from handlers.render.text.keyboards import (
    below_alert,
    event_row,
    folded_below_alert,
    opening,
    removal,
)
from handlers.render.text.messages import Keyboard, Message
from handlers.render.text.rich import code, fill
from handlers.searching import copies
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.outbox import held, traces
from storage.records import Alert
from storage.stories import folded
from storage.subscribers import alerts


async def handle(context: CommandContext, services: Services) -> Reply:
    """The chat's alerts, first page."""
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, context.request.chat_id)
    shown = [awake(alert, context.request.now) for alert in have]
    return Reply((alert_list(shown, 0, context.words),))


async def turn(context: PressContext, services: Services) -> PressResult:
    """A page of the list, in place: the field is the 0-based page."""
    return PressResult(edit=await list_page(context, number(context.fields, 0), services))


async def ask(context: PressContext, services: Services) -> PressResult:
    """Ask before removing an alert of the list: fields are its id and the page."""
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    alert = await find_own(context, alert_id, services)
    if alert is None:
        edit = await list_page(context, page, services)
        return PressResult(edit=edit, toast=context.words.alert_gone)
    question = fill(context.words.alert_remove_ask, query=code(alert.query))
    return PressResult(edit=Message(question, removal(alert, page, context.words)))


async def remove(context: PressContext, services: Services) -> PressResult:
    """Remove an alert of the list: fields are its id and the page to return to."""
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    toast = await _remove(context, alert_id, services)
    return PressResult(edit=await list_page(context, page, services), toast=toast)


async def ask_stop(context: PressContext, services: Services) -> PressResult:
    """Below an alert: ask before stopping it. Fields: document, its id, other alerts' ids."""
    document, have = await below(context, services)
    asked = number(context.fields, 1)
    if all(alert.id != asked for alert in have):
        keyboard = await resting(context, document, have, services)
        return PressResult(keyboard=keyboard, toast=context.words.alert_gone)
    return PressResult(keyboard=below_alert(document, have, context.words, asking=asked))


async def stop(context: PressContext, services: Services) -> PressResult:
    """Below an alert: stop it and leave the other buttons. Fields as in ``ask_stop``."""
    toast = await _remove(context, number(context.fields, 1), services)
    document, have = await below(context, services)
    return PressResult(keyboard=await resting(context, document, have, services), toast=toast)


async def keep(context: PressContext, services: Services) -> PressResult:
    """Below an alert: back to its buttons. Fields as in ``ask_stop``."""
    document, have = await below(context, services)
    return PressResult(keyboard=await resting(context, document, have, services))


async def resting(
    context: PressContext, document: Document | None, have: Sequence[Alert], services: Services
) -> Keyboard:
    """The buttons below an alert as it came: folded in a channel."""
    if context.subscriber is not None and context.subscriber.is_channel:
        return folded_below_alert(document, have, context.words)
    posts = await copies.count_event(context, services)
    return below_alert(document, have, context.words) + event_row(posts, context.words)


async def list_page(context: PressContext, page: int, services: Services) -> Message:
    """The chat's alerts at a 0-based page."""
    async with services.database.reader() as conn:
        have = await alerts.list_alerts(conn, context.press.chat_id)
    shown = [awake(alert, context.press.now) for alert in have]
    return alert_list(shown, page, context.words)


def awake(alert: Alert, now: datetime) -> Alert:
    """The alert without a snooze that is over."""
    over = alert.snoozed_until is not None and alert.snoozed_until <= now
    return replace(alert, snoozed_until=None) if over else alert


async def find_own(context: PressContext, alert_id: int, services: Services) -> Alert | None:
    """An alert of this chat: ids in buttons can be forged, so whose it is counts."""
    async with services.database.reader() as conn:
        alert = await alerts.find_alert(conn, alert_id)
    return alert if alert and alert.chat_id == context.press.chat_id else None


async def _remove(context: PressContext, alert_id: int, services: Services) -> str:
    """Remove an alert of this chat, once or again; gives what to say for a moment."""
    alert = await find_own(context, alert_id, services)
    if alert is None:
        return context.words.alert_gone
    async with services.database.transaction() as tx:
        removed = await alerts.remove_alert(tx, alert_id, context.press.chat_id)
        if removed:
            await held.drop_held(tx, context.press.chat_id, [alert_id], now=context.press.now)
    if not removed:
        return context.words.alert_gone
    return fill(context.words.alert_removed, query=alert.query).text


async def below(
    context: PressContext, services: Services, *, first: int = 0
) -> tuple[Document | None, list[Alert]]:
    """The post that an alert told of, and those of its alerts that are still there.

    Its ``doc_id`` is the field ``first``, the ids of alerts follow it.
    """
    order = [number(context.fields, index) for index in range(first + 1, len(context.fields))]
    async with services.database.reader() as conn:
        document = await documents.find_document(conn, context.fields[first])
        if document is not None and document.deleted_at is not None:
            document = opening(document, await _find_copy(conn, context))
        have = await alerts.list_alerts(conn, context.press.chat_id)
    return document, [alert for alert in have if alert.id in order]


async def _find_copy(conn: Connection, context: PressContext) -> Document | None:
    """A copy that stands of the deleted post that the message told of."""
    told = await traces.find_message(conn, context.press.chat_id, context.press.message_id)
    return await folded.find_standing(conn, told.id) if told else None
