"""The page of one alert in ``/alerts``: how it is told, changed by its buttons."""

from handlers.alerts import alerts as list_of_alerts
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.alerts.alert_page import LIMITS, PERIODS, alert_page
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.render.text.rich import fill
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.times import alert_timing
from storage.outbox import held
from storage.subscribers import alerts, mutes, subscribers

_SWITCHES = {"p": "paused", "u": "urgent", "s": "silent", "o": "once"}


async def show(context: PressContext, services: Services) -> PressResult:
    """The page. Fields: the alert's id, the page of the list."""
    return await _shown(context, services)


async def change(context: PressContext, services: Services) -> PressResult:
    """Set one thing. Fields as in ``show``, then what, and the value.

    What is held for an alert that is woken up is told now, or when quiet hours end; what is held
    for one that is paused is not told.
    """
    alert_id = number(context.fields, 0)
    chat_id, now = context.press.chat_id, context.press.now
    zone = alert_timing.zone_named(context.timezone)
    change = _change(context.fields[2], number(context.fields, 3))
    async with services.database.transaction() as tx:
        await alerts.update_alert(tx, alert_id, chat_id, **change)
        if context.fields[2] == "z":
            subscriber = await subscribers.get_subscriber(tx, chat_id)
            told_at = alert_timing.after_quiet_hours(subscriber, zone, now)
            await held.hold_until(tx, chat_id, [alert_id], told_at, now=now)
        elif change.get("paused"):
            await held.drop_held(tx, chat_id, [alert_id], now=now)
    return await _shown(context, services, alert_settings_words(context.words.language).changed)


def _change(what: str, value: int) -> dict[str, object]:
    """The field of an alert that a button sets. Raises ButtonError for what no button sets."""
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
    """Hear a channel again. Fields as in ``show``, then the channel as it is muted."""
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
    return await _shown(context, services, toast)


async def _shown(
    context: PressContext, services: Services, toast: str | None = None
) -> PressResult:
    alert_id, page = number(context.fields, 0), number(context.fields, 1)
    alert = await list_of_alerts.find_own(context, alert_id, services)
    if alert is None:
        edit: Message = await list_of_alerts.list_page(context, page, services)
        return PressResult(edit=edit, toast=context.words.alert_gone)
    async with services.database.reader() as conn:
        muted = await mutes.list_mutes(conn, alert.id)
    shown = list_of_alerts.awake(alert, context.press.now)
    here = here_in(context.timezone, context.press.now)
    return PressResult(
        edit=alert_page(shown, muted, page, here=here, words=context.words), toast=toast
    )
