"""One watched channel: read the latest, follow it, leave it out of alerts."""

from handlers.alerts import removing
from handlers.alerts.alert import manner
from handlers.channels import channels as list_of_channels
from handlers.channels.channel_cards import muted_as, show_card
from handlers.channels.rendering import title_of
from handlers.conversation import command_context
from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.dates import here_in
from handlers.render.text.rich import fill
from handlers.searching import search
from handlers.sources import following
from handlers.sources.following import FOLLOWS, Follow
from handlers.texts.channels.listing import listing_words
from storage.channels import channels
from storage.outbox import held
from storage.query.reading import syntax
from storage.records import Channel
from storage.structs import replace
from storage.subscribers import alerts, mutes, removed_alerts


async def show(context: PressContext, services: Services) -> PressResult:
    """The channel. Fields: its row, the page of the list that leads back."""
    return await _shown(context, services)


async def read_latest(context: PressContext, services: Services) -> PressResult:
    """Its latest posts, as a message of their own. The field is its row."""
    channel = await _find(context, services)
    query = following.channel_query(channel) if channel is not None else None
    found = await search.search_again(context, query, services) if query else None
    if found is None:
        return PressResult(toast=listing_words(context.words.language).gone)
    return PressResult(reply=(found,))


async def follow(context: PressContext, services: Services) -> PressResult:
    """Tell the chat of all that it posts, or of all but forwards. Fields as in ``show``, then which
    of them: in place of the other, where that was told."""
    how = next((one for one in FOLLOWS if one == context.fields[2]), None)
    if how is None or context.subscriber is None:
        raise ButtonError(f"{context.fields[2]!r} follows nothing")
    channel = await _find(context, services)
    if channel is None:
        return await _shown(context, services)
    if not context.subscriber.active:
        await command_context.revive_chat(context.press.chat_id, services, now=context.press.now)
    is_told = await _follow(context, channel, how, services)
    if not is_told:
        most = context.words.count(context.words.alerts, services.alerts_per_person)
        toast = fill(context.words.alert_limit, alerts=most).text
        return await _shown(context, services, toast)
    said = listing_words(context.words.language)
    return await _shown(context, services, said.followed[how])


async def unfollow(context: PressContext, services: Services) -> PressResult:
    """Follow it no more. Fields as in ``show``."""
    chat_id, now = context.press.chat_id, context.press.now
    channel = await _find(context, services)
    if channel is None:
        return await _shown(context, services)
    async with services.database.transaction() as tx:
        have = await alerts.list_alerts(tx, chat_id)
        follows = following.list_following(have, channel)
        former = [alert for alert in have if alert.id in follows]
        for alert in former:
            dropped = await held.drop_held(tx, chat_id, [alert.id], now=now)
            await removed_alerts.remove(tx, alert, held=dropped, now=now)
    said = listing_words(context.words.language).unfollowed
    last = former[-1].id if former else None
    return await _shown(context, services, said, unfollowed=last)


async def undo(context: PressContext, services: Services) -> PressResult:
    """Follow it again as before. Fields as in ``show``, then the alert that was removed."""
    said, found = await removing.restore(context, number(context.fields, 2), services)
    shown = await _shown(context, services, said.text if not found else None)
    return replace(shown, reply=found)


async def mute(context: PressContext, services: Services) -> PressResult:
    """Leave it out of all alerts that the chat has. Fields as in ``show``."""
    said, chat_id = listing_words(context.words.language), context.press.chat_id
    channel = await _find(context, services)
    name = muted_as(channel) if channel is not None else None
    if channel is None or name is None:
        return await _shown(context, services)
    async with services.database.transaction() as tx:
        ids = [alert.id for alert in await alerts.list_alerts(tx, chat_id)]
        await mutes.add_mutes(tx, ids, name, title_of(channel))
        await held.drop_held(tx, chat_id, ids, channel=name, now=context.press.now)
    count = context.words.count(context.words.alerts, len(ids))
    toast = fill(said.muted_now, alerts=count).text if ids else said.nothing_to_mute
    return await _shown(context, services, toast)


async def unmute(context: PressContext, services: Services) -> PressResult:
    """Take it into all alerts of the chat again. Fields as in ``show``."""
    channel = await _find(context, services)
    name = muted_as(channel) if channel is not None else None
    if name is None:
        return await _shown(context, services)
    async with services.database.transaction() as tx:
        for alert in await alerts.list_alerts(tx, context.press.chat_id):
            await mutes.remove_mute(tx, alert.id, name)
    return await _shown(context, services, listing_words(context.words.language).unmuted_now)


async def mark_official(context: PressContext, services: Services) -> PressResult:
    """The operator says that it is an official channel, or none. Fields as in ``show``, then 1 or
    0."""
    value = number(context.fields, 2)
    channel = await _find(context, services)
    if value not in (0, 1):
        raise ButtonError(f"{value} marks nothing")
    if channel is None:
        return await _shown(context, services)
    async with services.database.transaction() as tx:
        await channels.set_official(tx, channel.id, bool(value))
    said = listing_words(context.words.language)
    return await _shown(context, services, said.official if value else said.unofficial)


async def _follow(context: PressContext, channel: Channel, how: Follow, services: Services) -> bool:
    """Put an alert in place of those that follow the channel already; False where the chat has as
    many as it may. What is held for the former is told all the same."""
    written = following.follow_query(channel, how)
    if written is None:
        raise ButtonError("the channel is not found yet")
    query, chat_id = syntax.parse(written).written, context.press.chat_id
    async with services.database.transaction() as tx:
        have = await alerts.list_alerts(tx, chat_id)
        follows = following.list_following(have, channel)
        former = [alert for alert in have if alert.id in follows]
        if len(have) - len(former) >= services.alerts_per_person:
            return False
        gone = [alert for alert in former if alert.query != query]
        for alert in gone:
            await alerts.remove_alert(tx, alert.id, chat_id)
        press = context.press
        new = await alerts.add_alert(
            tx, chat_id=chat_id, query=query, now=press.now, topic=press.topic
        )
        told = {**manner((former or [new])[0]), "paused": False, "snoozed_until": None}
        new = await alerts.update_alert(tx, new.id, chat_id, **told) or new
        if name := muted_as(channel):
            await mutes.remove_mute(tx, new.id, name)
    return True


async def _shown(
    context: PressContext,
    services: Services,
    toast: str | None = None,
    *,
    unfollowed: int | None = None,
) -> PressResult:
    """The channel in place; the list where it is watched no more."""
    row, page = number(context.fields, 0), number(context.fields, 1)
    here, words = here_in(context.timezone, context.press.now), context.words
    card = await show_card(
        services,
        row,
        context.press.chat_id,
        page,
        here,
        words,
        may_mark=command_context.is_operator(context.press.sender_id, services),
        unfollowed=unfollowed,
    )
    if card is not None:
        return PressResult(edit=card, toast=toast)
    edit = await list_of_channels.list_page(page, here, words, services)
    return PressResult(edit=edit, toast=listing_words(words.language).gone)


async def _find(context: PressContext, services: Services) -> Channel | None:
    """The watched channel that a button names, or None."""
    async with services.database.reader() as conn:
        return await channels.find_watched(conn, number(context.fields, 0))
