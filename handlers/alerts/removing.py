"""Removes and restores alerts: in the list, below their messages, and right after they were
made."""

from datetime import datetime

from handlers.alerts import alerts as list_of_alerts
from handlers.alerts import reading
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.alerts.past_hits import UNDO, restored_message
from handlers.render.text.cards import removed_line, undo_row
from handlers.render.text.keyboards import ALERT_LATEST, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, code, fill
from handlers.searching import matches
from handlers.texts.alerts.alert_settings import AlertSettingsWords, alert_settings_words
from handlers.texts.cards import card_words
from storage.outbox import held
from storage.records import Alert
from storage.subscribers import alerts, removed_alerts
from storage.subscribers.removed_alerts import Removed


async def remove(context: PressContext, services: Services) -> PressResult:
    """Remove an alert of the list; a button restores it. Fields: its id, the page."""
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    removed = await _remove(context, alert_id, services)
    if removed is None:
        return await list_of_alerts.gone(context, alert_id, page, services)
    edit = await list_of_alerts.list_page(context, page, services, removed=removed)
    return PressResult(edit=edit)


async def undo(context: PressContext, services: Services) -> PressResult:
    """Restore an alert in the list. Fields as in ``remove``."""
    said, found = await restore(context, number(context.fields, 0), services)
    edit = await list_of_alerts.list_page(context, number(context.fields, 1), services)
    return PressResult(edit=edit, toast=said.text if not found else None, reply=found)


async def remove_below(context: PressContext, services: Services) -> PressResult:
    """Remove an alert below its message. Fields: the document, the alert's id, other alerts'
    ids."""
    removed = await _remove(
        context, number(context.fields, 1), services, below=context.press.message_id
    )
    document, have = await list_of_alerts.below(context, services)
    keyboard = await list_of_alerts.resting(context, document, have, services)
    toast = _removed(removed, context).text if removed else context.words.alert_gone
    return PressResult(keyboard=keyboard, toast=toast)


async def undo_below(context: PressContext, services: Services) -> PressResult:
    """Restore an alert below its message. Fields as in ``remove_below``."""
    said, found = await restore(context, number(context.fields, 1), services)
    document, have = await list_of_alerts.below(context, services)
    keyboard = await list_of_alerts.resting(context, document, have, services)
    return PressResult(keyboard=keyboard, toast=said.text if not found else None, reply=found)


async def drop(context: PressContext, services: Services) -> PressResult:
    """Remove an alert that was made just now. The field is its id."""
    alert = await _remove(context, number(context.fields, 0), services)
    if alert is None:
        return await made_gone(context, services)
    return PressResult(edit=_dropped(alert, context))


async def made_gone(context: PressContext, services: Services) -> PressResult:
    """The answer to a press on an alert made just now that is gone: it can be restored as long as
    it is kept. The first field is its id."""
    async with services.database.reader() as conn:
        kept = await removed_alerts.find_removed(
            conn, number(context.fields, 0), context.press.chat_id
        )
    toast = context.words.alert_gone
    if kept is None:
        return PressResult(keyboard=(), toast=toast)
    return PressResult(edit=_dropped(kept.alert, context), toast=toast)


def _dropped(alert: Alert, context: PressContext) -> Message:
    return Message(_removed(alert, context), undo_row(data(UNDO, alert.id), context.words))


async def undo_drop(context: PressContext, services: Services) -> PressResult:
    """Restore an alert dropped right after it was made. The field is its id."""
    alert_id = number(context.fields, 0)
    said, found = await restore(context, alert_id, services)
    async with services.database.reader() as conn:
        alert = await reading.find_own(conn, alert_id, context.press.chat_id)
    if alert is None:
        return PressResult(keyboard=(), toast=said.text)
    return PressResult(edit=restored_message(said, alert, context.words), reply=found)


def _removed(alert: Alert, context: PressContext) -> RichText:
    return removed_line(code(alert.query), context.words)


async def _remove(
    context: PressContext, alert_id: int, services: Services, *, below: int | None = None
) -> Alert | None:
    """Remove an alert of this chat, below the message ``below`` if given; None if the chat has no
    alert with that id."""
    chat_id, now = context.press.chat_id, context.press.now
    async with services.database.transaction() as tx:
        alert = await reading.find_own(tx, alert_id, chat_id)
        if alert is None:
            return None
        dropped = await held.drop_held(tx, chat_id, [alert_id], now=now)
        await removed_alerts.remove(tx, alert, held=dropped, below=below, now=now)
    return alert


async def restore(
    context: PressContext, alert_id: int, services: Services
) -> tuple[RichText, tuple[Message, ...]]:
    """Restore an alert of this chat. Returns what to say, and a message about posts that came
    meanwhile and were not sent, if there are any."""
    chat_id, now, words = context.press.chat_id, context.press.now, context.words
    said = alert_settings_words(words.language)
    async with services.database.transaction() as tx:
        removed = await removed_alerts.find_removed(tx, alert_id, chat_id)
        if removed is None:
            present = await reading.find_own(tx, alert_id, chat_id)
            text = fill(said.restored, query=code(present.query)) if present else None
            return text or RichText(words.alert_gone), ()
        have = await alerts.list_alerts(tx, chat_id)
        if any(one.query == removed.alert.query for one in have):
            return fill(words.alert_known, query=code(removed.alert.query)), ()
        if len(have) >= services.alerts_per_person:
            count = words.count(words.alerts, services.alerts_per_person)
            return fill(words.alert_limit, alerts=count), ()
        alert = await removed_alerts.restore(tx, removed, now=now)
        await held.put_back(tx, chat_id, removed.held, alert, dropped_at=removed.removed_at)
    text = fill(said.restored, query=code(alert.query))
    return text, await _missed(removed, said, context, services, until=now)


async def _missed(
    removed: Removed,
    said: AlertSettingsWords,
    context: PressContext,
    services: Services,
    *,
    until: datetime,
) -> tuple[Message, ...]:
    """A message about the posts that came while the alert was removed; empty if there were none."""
    muted = [channel for channel, _ in removed.muted]
    count = await matches.count_stored(
        removed.alert, services, muted=muted, since=removed.removed_at, until=until
    )
    if count == 0:
        return ()
    if count is None:
        text = said.missed_unknown
    elif count > matches.MOST_MISSED:
        text = fill(said.missed_many, n=matches.MOST_MISSED).text
    else:
        text = said.count(said.missed, count)
    show = Button(text=card_words(said.language).latest, data=data(ALERT_LATEST, removed.alert.id))
    whole = fill(said.restored, query=code(removed.alert.query)) + "\n" + text
    return (Message(whole, ((show,),)),)
