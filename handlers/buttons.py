"""Buttons: from the data of a pressed one to what is shown, always safe to press again."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from handlers import running
from handlers.access import access, invite, users
from handlers.alerts import (
    alert,
    alert_buttons,
    alert_page,
    alerts,
    bundles,
    from_search,
    held_channels,
    removing,
    sharing,
)
from handlers.channels import (
    channel_links,
    channel_page,
    channels,
    links,
    read_further,
    suggest,
    unwatch,
    watch,
    wishing,
)
from handlers.chats import forgetme, mine, settings_menu, waking
from handlers.collections import listing, saving
from handlers.conversation import behalf, command_context, dialogue
from handlers.conversation.press_context import ButtonError, PressContext, may_manage
from handlers.conversation.requests import Press, PressResult
from handlers.conversation.services import Services
from handlers.digests import review, turning
from handlers.feeds import feed
from handlers.plans import plan_buttons
from handlers.render.alerts import past_hits
from handlers.render.answers import digest_pages, review_pages
from handlers.render.text import keyboards
from handlers.render.text.examples import address_examples
from handlers.render.text.messages import shorten
from handlers.searching import copies, filter_buttons, quote_card, search, search_filters
from handlers.signals import silence, surge
from handlers.subscriptions import subscriptions
from handlers.translating import translating
from storage.errors import NotFoundError
from storage.outbox import topics
from storage.structs import replace
from storage.subscribers import subscribers

TOAST_UNITS = 200


class Verb(Struct, frozen=True):
    """What a kind of button does, and the least number of fields in its data.

    ``manages``: in groups only for managers. In a channel all see what a press changes, so only its
    managers press there, except buttons that are ``private`` to the person who presses.
    ``operators``: only for operators of the instance. ``strangers``: also for people who are not
    admitted.
    """

    handle: Callable[[PressContext, Services], Awaitable[PressResult]]
    fields: int
    manages: bool = True
    private: bool = False
    operators: bool = False
    strangers: bool = False


VERBS = {
    keyboards.SEARCH_PAGE: Verb(search.turn, 2, manages=False),
    filter_buttons.MENU: Verb(search_filters.menu, 3, manages=False),
    filter_buttons.CHOOSE: Verb(search_filters.choose, 3, manages=False),
    keyboards.MAKE_ALERT: Verb(from_search.make_alert, 1),
    past_hits.KEEP: Verb(alert.keep, 1),
    past_hits.NARROW: Verb(alert.ask_narrow, 1),
    past_hits.CHOOSE: Verb(alert.narrow, 3),
    past_hits.DROP: Verb(removing.drop, 1),
    past_hits.UNDO: Verb(removing.undo_drop, 1),
    past_hits.AGAIN: Verb(alert.show_again, 1),
    digest_pages.PAGE: Verb(turning.turn, 2, manages=False),
    digest_pages.WHY: Verb(turning.why, 2, manages=False),
    digest_pages.FILE: Verb(turning.page, 1),
    digest_pages.POSTS: Verb(turning.posts, 2, manages=False),
    digest_pages.REST: Verb(turning.rest, 2, manages=False),
    keyboards.PLAN_LIST: Verb(plan_buttons.turn, 1),
    keyboards.PLAN_NEW: Verb(plan_buttons.ask_new, 0),
    keyboards.PLAN_ADD: Verb(plan_buttons.add, 1),
    keyboards.PLAN_CARD: Verb(plan_buttons.show, 1),
    keyboards.PLAN_SET: Verb(plan_buttons.change, 3),
    keyboards.PLAN_TIMES: Verb(plan_buttons.choose_times, 1),
    keyboards.PLAN_HOW: Verb(plan_buttons.show_how, 1),
    keyboards.PLAN_CHANNELS: Verb(plan_buttons.choose_channels, 2),
    keyboards.PLAN_CHANNEL: Verb(plan_buttons.set_channel, 4),
    keyboards.PLAN_PREVIEW: Verb(plan_buttons.show_preview, 1),
    keyboards.PLAN_REMOVE: Verb(plan_buttons.remove, 1),
    keyboards.PLAN_RESTORE: Verb(plan_buttons.restore, 1),
    review_pages.PAGE: Verb(review.turn, 2, manages=False),
    keyboards.LIST_PAGE: Verb(alerts.turn, 1),
    keyboards.LIST_ASK: Verb(removing.remove, 2),
    keyboards.LIST_REMOVE: Verb(removing.remove, 2),
    keyboards.ALERT_UNDO: Verb(removing.undo, 2),
    keyboards.STOP_ASK: Verb(removing.remove_below, 2),
    keyboards.STOP: Verb(removing.remove_below, 2),
    keyboards.STOP_UNDO: Verb(removing.undo_below, 2),
    keyboards.STOP_KEEP: Verb(alerts.keep, 2, manages=False),
    keyboards.SNOOZE_ASK: Verb(alert_buttons.ask_snooze, 2),
    keyboards.SNOOZE: Verb(alert_buttons.snooze, 3),
    keyboards.MUTE: Verb(alert_buttons.mute, 2),
    keyboards.UNMUTE: Verb(alert_buttons.unmute, 2),
    keyboards.SIMILAR: Verb(alert_buttons.similar, 2, manages=False, private=True),
    keyboards.UNFOLD: Verb(alert_buttons.unfold, 2, manages=False),
    keyboards.QUOTE_CARD: Verb(quote_card.show, 3, manages=False),
    keyboards.COPIES: Verb(copies.open_hit, 4, manages=False),
    keyboards.ALSO: Verb(copies.open_alert, 1, manages=False),
    keyboards.ALSO_BACK: Verb(copies.close_alert, 0, manages=False),
    keyboards.BUNDLE_PAGE: Verb(bundles.turn, 2, manages=False),
    keyboards.BUNDLE_ALSO: Verb(copies.open_line, 3, manages=False),
    keyboards.BUNDLE_OPEN: Verb(bundles.open_post, 2, manages=False),
    keyboards.ALERT_PAGE: Verb(alert_page.show, 2),
    keyboards.ALERT_HOW: Verb(alert_page.show_how, 2),
    keyboards.ALERT_LATEST: Verb(alert_page.read_latest, 1),
    keyboards.ALERT_CHANNELS: Verb(held_channels.choose, 3),
    keyboards.ALERT_CHANNEL: Verb(held_channels.choose_one, 5),
    keyboards.ALERT_SET: Verb(alert_page.change, 4),
    keyboards.ALERT_UNMUTE: Verb(alert_page.unmute, 3),
    keyboards.SETTINGS_MENU: Verb(settings_menu.show, 1),
    keyboards.SETTINGS_SET: Verb(settings_menu.change, 2),
    keyboards.WATCH_OTHER: Verb(watch.watch_other, 1, operators=True),
    keyboards.CHANNEL_LIST: Verb(channels.turn, 1, manages=False),
    keyboards.CHANNEL_PAGE: Verb(channel_page.show, 2, manages=False),
    keyboards.CHANNEL_LATEST: Verb(channel_page.read_latest, 1, manages=False),
    keyboards.CHANNEL_FOLLOW: Verb(channel_page.follow, 3),
    keyboards.CHANNEL_UNFOLLOW: Verb(channel_page.unfollow, 2),
    keyboards.CHANNEL_UNDO: Verb(channel_page.undo, 3),
    keyboards.CHANNEL_MUTE: Verb(channel_page.mute, 2),
    keyboards.CHANNEL_UNMUTE: Verb(channel_page.unmute, 2),
    keyboards.CHANNEL_OFFICIAL: Verb(channel_page.mark_official, 3, manages=False, operators=True),
    keyboards.CHANNEL_REMOVE: Verb(channels.LIST.remove, 2, manages=False, operators=True),
    keyboards.CHANNEL_RESTORE: Verb(channels.LIST.restore, 2, manages=False, operators=True),
    keyboards.UNWATCH_UNDO: Verb(unwatch.undo, 1, manages=False, operators=True),
    keyboards.READ_STATE: Verb(read_further.show, 1, operators=True),
    keyboards.READ_ASK: Verb(read_further.ask, 1, operators=True),
    keyboards.READ_BACK: Verb(read_further.read, 2, operators=True),
    keyboards.READ_STOP: Verb(read_further.stop, 1, operators=True),
    keyboards.FORGET: Verb(forgetme.forget, 0, strangers=True),
    keyboards.FORGET_KEEP: Verb(forgetme.keep, 0, strangers=True),
    keyboards.SILENCE_LIST: Verb(silence.LIST.turn, 1),
    keyboards.SILENCE_CARD: Verb(silence.show, 2),
    keyboards.SILENCE_REMOVE: Verb(silence.LIST.remove, 2),
    keyboards.SILENCE_RESTORE: Verb(silence.LIST.restore, 2),
    keyboards.SURGE_LIST: Verb(surge.LIST.turn, 1),
    keyboards.SURGE_CARD: Verb(surge.show, 2),
    keyboards.SURGE_REMOVE: Verb(surge.LIST.remove, 2),
    keyboards.SURGE_RESTORE: Verb(surge.LIST.restore, 2),
    keyboards.SAVE: Verb(saving.press, 1, manages=False),
    keyboards.TRANSLATE: Verb(translating.press, 1, manages=False),
    keyboards.COLLECTION_LIST: Verb(listing.turn, 1, manages=False),
    keyboards.COLLECTION: Verb(listing.show, 2, manages=False),
    keyboards.COLLECTED_OUT: Verb(listing.take_out, 3),
    keyboards.COLLECTED_BACK: Verb(listing.put_back, 3),
    keyboards.COLLECTION_REMOVE: Verb(listing.remove, 1),
    keyboards.COLLECTION_RESTORE: Verb(listing.restore, 1),
    keyboards.COLLECTION_FILE: Verb(listing.send_file, 2, manages=False),
    keyboards.ACCESS_ASK: Verb(access.ask, 0, strangers=True),
    keyboards.ACCESS_ALLOW: Verb(access.allow, 1, operators=True),
    keyboards.ACCESS_DENY: Verb(access.deny, 1, operators=True),
    keyboards.USERS_PAGE: Verb(users.LIST.turn, 1, operators=True),
    keyboards.USERS_ASK: Verb(users.LIST.remove, 2, operators=True),
    keyboards.USERS_REVOKE: Verb(users.LIST.remove, 2, operators=True),
    keyboards.USERS_RESTORE: Verb(users.LIST.restore, 2, operators=True),
    keyboards.SHARE_SEARCH: Verb(sharing.share_search, 1, manages=False),
    keyboards.SHARE_ALERT: Verb(sharing.share_alert, 1),
    keyboards.LINK_REVOKE: Verb(links.remove_made, 1),
    keyboards.LINK_RESTORE: Verb(links.restore_made, 1),
    keyboards.LINKS_PAGE: Verb(links.LIST.turn, 1),
    keyboards.LINKS_REVOKE: Verb(links.LIST.remove, 2),
    keyboards.LINKS_RESTORE: Verb(links.LIST.restore, 2),
    keyboards.CHANNEL_SHARE: Verb(channel_links.share, 1),
    keyboards.SUGGEST_PAGE: Verb(suggest.turn, 1),
    keyboards.WISH_BACK: Verb(wishing.take_back, 1),
    keyboards.WISH_RESTORE: Verb(wishing.restore, 1),
    keyboards.WISH_WATCH: Verb(wishing.watch, 1, operators=True),
    keyboards.WISH_DENY: Verb(wishing.deny, 1, operators=True),
    keyboards.INVITE_REVOKE: Verb(invite.remove, 1, operators=True),
    keyboards.INVITES_PAGE: Verb(invite.LIST.turn, 1, operators=True),
    keyboards.INVITES_REMOVE: Verb(invite.LIST.remove, 2, operators=True),
    keyboards.INVITES_RESTORE: Verb(invite.LIST.restore, 2, operators=True),
    keyboards.FEEDS_PAGE: Verb(feed.LIST.turn, 1),
    keyboards.FEEDS_COLLECTION: Verb(feed.of_collection, 1),
    keyboards.FEEDS_REVOKE: Verb(feed.LIST.remove, 2),
    keyboards.FEEDS_RESTORE: Verb(feed.LIST.restore, 2),
    keyboards.MINE_PAGE: Verb(mine.turn, 1, manages=False),
    keyboards.FILE_PAGE: Verb(subscriptions.turn, 4),
    keyboards.FILE_TAKE: Verb(subscriptions.take, 3),
    keyboards.FILE_UNDO: Verb(subscriptions.undo, 4),
    keyboards.RUN: Verb(running.run, 1, manages=False),
    keyboards.ANSWER: Verb(running.answer, 2, manages=False),
    keyboards.TAKE: Verb(running.take, 1, manages=False),
    keyboards.CHANGE: Verb(dialogue.change, 1, manages=False),
    keyboards.CANCEL: Verb(dialogue.cancel, 1, manages=False),
}

GIVE_COMMANDS = frozenset({keyboards.RUN, keyboards.ANSWER, keyboards.TAKE})
"""A command says by itself what it woke up."""
ASKED_HERE = frozenset({keyboards.ANSWER, keyboards.TAKE, keyboards.CHANGE, keyboards.CANCEL})
"""Of a question that is about another chat: it was asked in this one."""


async def press(press: Press, services: Services) -> PressResult:
    """What a press leads to. Old, strange and forbidden ones lead to a toast, never to an error."""
    if not press.is_private:
        press = await _placed(press, services)
    about, data = behalf.split_data(press.data)
    if about is None:
        result = await _press(press, services)
    else:
        result = await _press_for(replace(press, chat_id=about, data=data), services)
    if press.is_private or result.edit is None:
        return result
    return replace(result, edit=address_examples(result.edit, services.bot_username))


async def _placed(press: Press, services: Services) -> Press:
    """A press in a group, with the topic of the message that it is below."""
    async with services.database.reader() as conn:
        topic = await topics.find_topic(conn, press.chat_id, press.message_id)
    return replace(press, topic=topic)


async def _press_for(press: Press, services: Services) -> PressResult:
    """A button in a private chat that is about another chat."""
    async with services.database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, press.chat_id)
    if chat is None or not press.is_private:
        words = command_context.words_for(None, press.language, services)
        return PressResult(toast=words.old_button)
    verb, fields = keyboards.fields_of(press.data)
    here = replace(press, chat_id=press.sender_id or 0)
    if verb in ASKED_HERE:
        return await _press(here, services)
    if verb == keyboards.RUN:
        given = f"{behalf.handle_of(chat)} /{' '.join(fields)}"
        return await _press(replace(here, data=keyboards.data(verb, "for", given)), services)
    if verb == keyboards.SETTINGS_SET:  # What was asked of the chat is answered by it.
        await services.questions.end(services.database, (here.chat_id, here.chat_id), "for")
    press = replace(press, topic=chat.topic, is_private=False, may_manage=None)
    result = await _press(press, services, whole=True)
    return behalf.mark_result(result, chat)


async def _press(press: Press, services: Services, *, whole: bool = False) -> PressResult:
    """Answer a press. ``whole``: the person must manage the chat, whatever the button does."""
    if press.data == keyboards.NOTHING:
        return PressResult()
    async with services.database.reader() as conn:
        known = await subscribers.find_subscriber(conn, press.chat_id)
    words = command_context.words_for(known, press.language, services)
    verb_name, fields = keyboards.fields_of(press.data)
    verb = VERBS.get(verb_name)
    if verb is None or len(fields) < verb.fields:
        return PressResult(toast=words.old_button)
    if not verb.strangers and not command_context.is_let_in(press, known, services):
        return PressResult(toast=words.old_button)
    in_channel = known is not None and known.is_channel and not verb.private
    if (verb.manages or whole or in_channel) and not await may_manage(press, services):
        return PressResult(toast=words.managers_only)
    try:
        asleep = await waking.look(known, services) if verb_name not in GIVE_COMMANDS else None
        is_ending = verb_name == keyboards.FORGET
        if known and asleep and asleep.lost and press.is_private and not is_ending:
            known = await waking.find_again(known, services, now=press.now)
        context = PressContext(
            press=press,
            fields=fields,
            subscriber=known,
            words=words,
            timezone=command_context.timezone_of(known, services),
        )
        if verb.operators and not command_context.is_operator(press.sender_id, services):
            result = PressResult(toast=words.operators_only)
        else:
            result = await verb.handle(context, services)
        result = await waking.tell(result, asleep, services, words)
    except (ButtonError, NotFoundError):  # or the chat was forgotten meanwhile
        return PressResult(toast=words.old_button)
    toast = shorten(result.toast, TOAST_UNITS) if result.toast else None
    return replace(result, toast=toast)
