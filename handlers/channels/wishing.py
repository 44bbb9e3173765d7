"""A channel that is not watched and that somebody came for: asked of the operators, once."""

from collections.abc import Sequence
from datetime import datetime

from handlers.channels import read_further
from handlers.channels.rendering import title_of
from handlers.conversation import command_context
from handlers.conversation.command_context import CommandContext
from handlers.conversation.press_context import PressContext, number
from handlers.conversation.removable import says_restored
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.cards import undo_row
from handlers.render.text.keyboards import (
    CHANNEL_PAGE,
    WATCH_OTHER,
    WISH_BACK,
    WISH_DENY,
    WISH_RESTORE,
    WISH_WATCH,
    data,
)
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, bold, fill
from handlers.sources import references
from handlers.sources.references import Reference
from handlers.texts.channels.linking import LinkingWords, linking_words
from handlers.texts.words import Words
from storage.channels import channels, wishes
from storage.channels.wishes import Wish
from storage.connection import Connection
from storage.records import Channel, Subscriber
from storage.subscribers import subscribers


async def find_watched(conn: Connection, reference: Reference) -> Channel | None:
    """The watched channel that is meant; None also where the name is another's by now."""
    found = await references.find(conn, reference)
    if found is None or reference.kind != "name":
        return found
    return found if references.has_name(found, reference.value) else None


async def name_target(conn: Connection, target: str, *, for_operator: bool = False) -> RichText:
    """What the channel is called that a link or a wish is for. What a private channel is called
    that is not watched (any more), an operator alone is told."""
    known = None
    if target.isdigit():
        known = await channels.find_channel(conn, channel_id=int(target))
    if known is None or not (for_operator or known.watched or known.username):
        return bold(target)
    return bold(title_of(known))


async def ask(context: CommandContext, target: str, services: Services) -> Message:
    """Ask the operators to watch a channel, unless that is done or too much is asked already."""
    said, chat_id, now = (
        linking_words(context.words.language),
        context.request.chat_id,
        context.request.now,
    )
    if command_context.is_operator(context.request.sender_id, services):
        async with services.database.reader() as conn:
            text = fill(
                said.not_watched, channel=await name_target(conn, target, for_operator=True)
            )
        return Message(text, ((Button(text=said.watch, data=data(WATCH_OTHER, target)),),))
    async with services.database.transaction() as tx:
        name = await name_target(tx, target)
        known = await wishes.find_wish(tx, chat_id, target, now=now)
        if known is not None and known.denied_at is not None:
            return Message(fill(said.denied_lately, channel=name))
        if known is not None:
            return Message(fill(said.asked_already, channel=name), _take_back(known, context.words))
        if not services.admins:
            return Message(fill(said.not_watched, channel=name))
        if not await wishes.may_ask(tx, chat_id):
            return Message(fill(said.too_many, channel=name))
        wish, is_first = await wishes.add_wish(
            tx, chat_id, target, now=now, topic=context.request.topic
        )
        if is_first:
            named = await name_target(tx, target, for_operator=True)
            await _tell_operators(tx, wish, named, services, now=now)
    return Message(fill(said.asked, channel=name), _take_back(wish, context.words))


async def take_back(context: PressContext, services: Services) -> PressResult:
    """Ask for it no more: the field is the wish's id."""
    said, chat_id = linking_words(context.words.language), context.press.chat_id
    async with services.database.transaction() as tx:
        id, now = number(context.fields, 0), context.press.now
        target = await wishes.remove_wish(tx, chat_id, id, now=now)
        if target is None:
            return PressResult(keyboard=(), toast=said.settled)
        name = await name_target(tx, target)
    undo = undo_row(data(WISH_RESTORE, id), context.words)
    return PressResult(edit=Message(fill(said.taken_back, channel=name), undo))


async def restore(context: PressContext, services: Services) -> PressResult:
    """Ask for it again: the field is the wish's id."""
    said, press, id = (
        linking_words(context.words.language),
        context.press,
        number(context.fields, 0),
    )
    async with services.database.transaction() as tx:
        target = await wishes.find_removed(tx, press.chat_id, id, now=press.now)
        is_new = (
            target is not None
            and await wishes.find_wish(tx, press.chat_id, target, now=press.now) is None
        )
        if target is not None and is_new and not await wishes.may_ask(tx, press.chat_id):
            full = fill(said.too_many, channel=await name_target(tx, target))
            return PressResult(toast=full.text)
        wish, is_first = await wishes.restore_wish(tx, press.chat_id, id, now=press.now)
        if wish is None:
            return PressResult(keyboard=(), toast=says_restored(False, context.words))
        name = await name_target(tx, wish.target)
        watched = await find_watched(tx, references.parse_reference(wish.target))
        if watched is not None:
            await wishes.grant(tx, wish.request)
            return PressResult(edit=_told_watched(watched, bold(title_of(watched)), said))
        if wish.denied_at is not None:
            return PressResult(edit=Message(fill(said.denied_lately, channel=name)))
        if is_first:
            named = await name_target(tx, wish.target, for_operator=True)
            await _tell_operators(tx, wish, named, services, now=press.now)
    text = fill(said.asked, channel=name)
    return PressResult(edit=Message(text, _take_back(wish, context.words)))


async def watch(context: PressContext, services: Services) -> PressResult:
    """Watch what is asked for, and tell who asked: the field is the request."""
    words, now = context.words, context.press.now
    said = linking_words(words.language)
    async with services.database.transaction() as tx:
        asking = await wishes.list_asking(tx, context.fields[0])
        if not asking:
            return PressResult(keyboard=(), toast=said.settled)
        reference = references.parse_reference(asking[0].target)
        former = await references.find_former(tx, reference)
        channel = await references.watch(
            tx, reference, by_hand=True, now=now, anew=former is not None
        )
        await channels.note_change(tx)
        name = await name_target(tx, asking[0].target)
        await _tell(tx, asking, name, channel, services, now=now)
        await wishes.grant(tx, context.fields[0])
    keyboard = read_further.keyboard(channel, words) if channel is not None else ()
    return PressResult(edit=Message(fill(said.granted, channel=name), keyboard))


async def deny(context: PressContext, services: Services) -> PressResult:
    """Do not watch what is asked for, and tell who asked: the field is the request."""
    words, now = context.words, context.press.now
    said = linking_words(words.language)
    async with services.database.transaction() as tx:
        asking = await wishes.list_asking(tx, context.fields[0])
        if not asking:
            return PressResult(keyboard=(), toast=said.settled)
        name = await name_target(tx, asking[0].target)
        await _tell(tx, asking, name, None, services, now=now)
        await wishes.deny(tx, context.fields[0], now=now)
    return PressResult(edit=Message(fill(said.denied, channel=name)))


async def tell_watched(
    tx: Connection, channel: Channel, services: Services, *, now: datetime
) -> None:
    """A channel is put on the list by hand: tell who asked for it."""
    number = str(channel.channel_id) if channel.channel_id is not None else None
    name = f"@{channel.username}" if channel.username else None
    for request in await wishes.list_requests(tx, [one for one in (number, name) if one]):
        asking = await wishes.list_asking(tx, request)
        called = await name_target(tx, asking[0].target)
        await _tell(tx, asking, called, channel, services, now=now)
        await wishes.grant(tx, request)


def _take_back(wish: Wish, words: Words) -> tuple[tuple[Button, ...], ...]:
    text = linking_words(words.language).take_back
    return ((Button(text=text, data=data(WISH_BACK, wish.id)),),)


async def _tell_operators(
    tx: Connection, wish: Wish, name: RichText, services: Services, *, now: datetime
) -> None:
    """That a reader asks, not who: it is the channel that is decided on."""
    for admin in sorted(services.admins):
        words = _words_of(await subscribers.find_subscriber(tx, admin), services)
        said = linking_words(words.language)
        choice = (
            Button(text=said.watch, data=data(WISH_WATCH, wish.request)),
            Button(text=said.deny, data=data(WISH_DENY, wish.request)),
        )
        message = Message(fill(said.request, channel=name), (choice,))
        event = f"wish:{wish.request}"
        await services.outbox.queue_notice(tx, admin, event, message.to_payload(), now=now)


async def _tell(
    tx: Connection,
    asking: Sequence[Wish],
    name: RichText,
    channel: Channel | None,
    services: Services,
    *,
    now: datetime,
) -> None:
    """Tell who asked what came of it; ``channel``: it is watched."""
    for wish in asking:
        subscriber = await subscribers.find_subscriber(tx, wish.chat_id)
        if subscriber is None or not subscriber.active:
            continue
        said = linking_words(_words_of(subscriber, services).language)
        message = Message(fill(said.told_denied, channel=name))
        if channel is not None:
            message = _told_watched(channel, name, said)
        key = f"wish:{wish.request}:{wish.id}"
        told = message.to_payload()
        await services.outbox.queue_answer(tx, wish.chat_id, key, told, now=now, topic=wish.topic)


def _told_watched(channel: Channel, name: RichText, said: LinkingWords) -> Message:
    opening = Button(text=said.open_channel, data=data(CHANNEL_PAGE, channel.id, 0))
    return Message(fill(said.told_watched, channel=name), ((opening,),))


def _words_of(subscriber: Subscriber | None, services: Services) -> Words:
    return command_context.words_for(subscriber, None, services)
