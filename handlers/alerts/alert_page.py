"""The card of one alert: its query, channels and settings, changed by buttons."""

from handlers.alerts import alerts as list_of_alerts
from handlers.alerts import reading
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.alerts.alert_page import LIMITS, PERIODS, alert_page, how_page
from handlers.render.text.dates import Here, here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, fill
from handlers.searching import search
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.words import Words
from handlers.times import alert_timing
from storage.outbox import held
from storage.records import Alert
from storage.subscribers import alerts, mutes, subscribers

_SWITCHES = {"p": "paused", "u": "urgent", "s": "silent", "o": "once"}
_OF_CARD = frozenset({"p", "z"})
"""The settings on the card itself; others are on the page of how it is sent."""


async def show(context: PressContext, services: Services) -> PressResult:
    """Show the card. Fields: the alert's id, the page of the list, the page of muted channels."""
    return await _shown(context, services, mutes_page=_mutes_page(context, 2))


async def show_how(context: PressContext, services: Services) -> PressResult:
    """Show how the alert is sent. Fields as in ``show``."""
    return await _how(context, services)


async def read_latest(context: PressContext, services: Services) -> PressResult:
    """Show what it finds now, newest first, as a message of its own. The field is its id."""
    async with services.database.reader() as conn:
        alert = await reading.find_own(conn, number(context.fields, 0), context.press.chat_id)
    found = await search.search_again(context, alert.query, services) if alert else None
    if found is None:
        return PressResult(toast=context.words.alert_gone)
    return PressResult(reply=(found,))


async def change(context: PressContext, services: Services) -> PressResult:
    """Change one setting. Fields as in ``show``, then the setting and its value.

    When a snooze is ended, what was held for the alert is sent now, or at the end of quiet hours;
    when an alert is paused, what was held for it is dropped.
    """
    alert_id = number(context.fields, 0)
    chat_id, now = context.press.chat_id, context.press.now
    zone = alert_timing.zone_named(context.timezone)
    what = context.fields[2]
    change = _change(what, number(context.fields, 3))
    async with services.database.transaction() as tx:
        await alerts.update_alert(tx, alert_id, chat_id, **change)
        if what == "z":
            subscriber = await subscribers.get_subscriber(tx, chat_id)
            told_at = alert_timing.after_quiet_hours(subscriber, zone, now)
            await held.hold_until(tx, chat_id, [alert_id], told_at, now=now)
        elif change.get("paused"):
            await held.drop_held(tx, chat_id, [alert_id], now=now)
    toast = alert_settings_words(context.words.language).changed
    show_again = _shown if what in _OF_CARD else _how
    return await show_again(context, services, toast)


def _change(what: str, value: int) -> dict[str, object]:
    """The field of an alert that a button sets. Raises ButtonError for values that no button
    has."""
    match what:
        case "p" | "u" | "s" | "o" if value in (0, 1):
            return {_SWITCHES[what]: bool(value)}
        case "z":
            return {"snoozed_until": None}
        case "e" if (value or None) in PERIODS:
            return {"every_minutes": value or None}
        case "l" if (value or None) in LIMITS:
            return {"hourly_limit": value or None}
    raise ButtonError(f"{what!r} cannot be set to {value}")


async def unmute(context: PressContext, services: Services) -> PressResult:
    """Include a channel again. Fields: the alert's id, the page of the list, the muted channel, the
    page of muted channels."""
    alert = await list_of_alerts.find_own(context, number(context.fields, 0), services)
    if alert is None:
        return await _shown(context, services)
    channel = context.fields[2]
    async with services.database.transaction() as tx:
        known = {mute.channel: mute.title for mute in await mutes.list_mutes(tx, alert.id)}
        await mutes.remove_mute(tx, alert.id, channel)
    title = known.get(channel)
    said = alert_settings_words(context.words.language)
    toast = fill(said.unmuted, channel=title).text if title else None
    return await _shown(context, services, toast, mutes_page=_mutes_page(context, 3))


def _mutes_page(context: PressContext, index: int) -> int:
    """The page of muted channels, for buttons that name one; otherwise 0."""
    return number(context.fields, index) if len(context.fields) > index else 0


async def _shown(
    context: PressContext, services: Services, toast: str | None = None, *, mutes_page: int = 0
) -> PressResult:
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    alert = await list_of_alerts.find_own(context, alert_id, services)
    if alert is None:
        return await _gone(context, services)
    here = here_in(context.timezone, context.press.now)
    edit = await card(alert, page, here, context.words, services, mutes_page=mutes_page)
    return PressResult(edit=edit, toast=toast)


async def _how(context: PressContext, services: Services, toast: str | None = None) -> PressResult:
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    alert = await list_of_alerts.find_own(context, alert_id, services)
    if alert is None:
        return await _gone(context, services)
    async with services.database.reader() as conn:
        (shown,) = await reading.list_shown(conn, [alert], context.press.now)
    edit = how_page(shown, context.subscriber, page, words=context.words)
    return PressResult(edit=edit, toast=toast)


async def _gone(context: PressContext, services: Services) -> PressResult:
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    return await list_of_alerts.gone(context, alert_id, page, services)


async def card(
    alert: Alert,
    page: int,
    here: Here,
    words: Words,
    services: Services,
    *,
    head: RichText | str = "",
    mutes_page: int = 0,
) -> Message:
    """An alert's card. ``page``: the 0-based page of the list that its back button shows."""
    async with services.database.reader() as conn:
        (shown,) = await reading.list_shown(conn, [alert], here.now)
    told = await reading.read_particulars(shown.alert, services, here)
    return alert_page(shown, told, page, here=here, words=words, head=head, mutes_page=mutes_page)
