"""The buttons below an alert that reduce messages (snooze, mute the channel, find similar posts),
and those that show and hide them."""

from collections.abc import Sequence
from typing import cast, get_args

from handlers.alerts import alerts as list_of_alerts
from handlers.conversation.press_context import ButtonError, PressContext
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.dates import Here, coming
from handlers.render.text.headings import channel_name
from handlers.render.text.keyboards import below_alert
from handlers.render.text.messages import Keyboard, shorten
from handlers.render.text.rich import fill
from handlers.searching import copies, search
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.times import alert_timing
from handlers.times.alert_timing import Snooze
from storage.document import Document
from storage.outbox import held
from storage.records import Alert
from storage.subscribers import alerts, mutes, subscribers

LINK = "like_"
"""The beginning of the ``/start`` payload of a link to posts like an alert's; the alert's id
follows."""

QUERY_UNITS = 40
TITLE_UNITS = 100


async def unfold(context: PressContext, services: Services) -> PressResult:
    """Show all buttons. Fields as in ``ask_snooze``."""
    document, have = await list_of_alerts.below(context, services)
    muted = await _is_muted(document, have, services)
    keyboard = await _unfolded(context, document, have, services, muted=muted)
    return PressResult(keyboard=keyboard, toast=None if have else context.words.alert_gone)


async def _unfolded(
    context: PressContext,
    document: Document | None,
    have: Sequence[Alert],
    services: Services,
    *,
    muted: bool = False,
) -> Keyboard:
    """All buttons, with one that restores an alert removed here."""
    return below_alert(
        document,
        have,
        context.words,
        await list_of_alerts.find_removed(context, services),
        unfolded=True,
        muted=muted,
        behind=await copies.count_behind(context, services),
        translates=services.translate is not None,
    )


async def _is_muted(document: Document | None, have: Sequence[Alert], services: Services) -> bool:
    """Whether the post's channel is left out of all these alerts."""
    name = mutes.name_of(document.channel) if document else None
    if name is None or not have:
        return False
    async with services.database.reader() as conn:
        muting = await mutes.list_muting(conn, name, [alert.id for alert in have])
    return all(alert.id in muting for alert in have)


async def ask_snooze(context: PressContext, services: Services) -> PressResult:
    """Ask for how long. Fields: the document, the first alert's id, other alerts' ids."""
    document, have = await list_of_alerts.below(context, services)
    if not have:
        keyboard = await list_of_alerts.resting(context, document, have, services)
        return PressResult(keyboard=keyboard, toast=context.words.alert_gone)
    return PressResult(keyboard=below_alert(document, have, context.words, snoozing=True))


async def snooze(context: PressContext, services: Services) -> PressResult:
    """Snooze the alerts from now on. Fields: how long, then as in ``ask_snooze``."""
    choice = context.fields[0]
    if choice not in get_args(Snooze):
        raise ButtonError(f"{choice!r} is no length of a snooze")
    document, have = await list_of_alerts.below(context, services, first=1)
    keyboard = await list_of_alerts.resting(context, document, have, services)
    if not have:
        return PressResult(keyboard=keyboard, toast=context.words.alert_gone)
    zone, now = alert_timing.zone_named(context.timezone), context.press.now
    until = alert_timing.snooze_end(cast("Snooze", choice), zone, now=now)
    chat_id, ids = context.press.chat_id, [alert.id for alert in have]
    async with services.database.transaction() as tx:
        for alert_id in ids:
            await alerts.update_alert(tx, alert_id, chat_id, snoozed_until=until)
        subscriber = await subscribers.get_subscriber(tx, chat_id)
        told_at = alert_timing.after_quiet_hours(subscriber, zone, until)
        await held.hold_until(tx, chat_id, ids, told_at, now=now)
    said = alert_settings_words(context.words.language)
    toast = fill(said.snoozed, when=coming(until, Here(zone, now), context.words)).text
    return PressResult(keyboard=keyboard, toast=toast)


async def mute(context: PressContext, services: Services) -> PressResult:
    """Leave the post's channel out of the alerts. Fields as in ``ask_snooze``."""
    document, have = await list_of_alerts.below(context, services)
    keyboard = await list_of_alerts.resting(context, document, have, services)
    said = alert_settings_words(context.words.language)
    name = mutes.name_of(document.channel) if document else None
    if not have:
        return PressResult(keyboard=keyboard, toast=context.words.alert_gone)
    if document is None or name is None:
        return PressResult(keyboard=keyboard, toast=said.nothing_to_mute)
    title = shorten(channel_name(document, context.words), TITLE_UNITS)
    async with services.database.transaction() as tx:
        ids = [alert.id for alert in have]
        await mutes.add_mutes(tx, ids, name, title)
        chat_id = context.press.chat_id
        await held.drop_held(tx, chat_id, ids, channel=name, now=context.press.now)
    toast = fill(said.muted, channel=title, queries=_named(have)).text
    keyboard = await _unfolded(context, document, have, services, muted=True)
    return PressResult(keyboard=keyboard, toast=toast)


async def unmute(context: PressContext, services: Services) -> PressResult:
    """Include the post's channel in the alerts again. Fields as in ``ask_snooze``."""
    document, have = await list_of_alerts.below(context, services)
    name = mutes.name_of(document.channel) if document else None
    if document is None or name is None or not have:
        keyboard = await list_of_alerts.resting(context, document, have, services)
        return PressResult(keyboard=keyboard, toast=context.words.alert_gone)
    async with services.database.transaction() as tx:
        for alert in have:
            await mutes.remove_mute(tx, alert.id, name)
    title = shorten(channel_name(document, context.words), TITLE_UNITS)
    said = alert_settings_words(context.words.language)
    keyboard = await _unfolded(context, document, have, services)
    return PressResult(keyboard=keyboard, toast=fill(said.unmuted, channel=title).text)


async def similar(context: PressContext, services: Services) -> PressResult:
    """Show similar posts, as a message of its own. Fields as in ``ask_snooze``.

    A reader of a channel is sent to the private chat, since nobody else there asked for it.
    """
    _, have = await list_of_alerts.below(context, services)
    if have and context.subscriber is not None and context.subscriber.is_channel:
        start = f"{LINK}{have[0].id}"
        return PressResult(url=f"https://t.me/{services.bot_username}?start={start}")
    found = await search.search_again(context, have[0].query, services) if have else None
    if found is None:
        return PressResult(toast=context.words.alert_gone)
    return PressResult(reply=(found,))


def _named(have: Sequence[Alert]) -> str:
    return ", ".join(shorten(alert.query, QUERY_UNITS) for alert in have)
