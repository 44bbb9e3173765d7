"""Silences of channels as messages: the notice, the list, the card."""

from datetime import datetime

from msgspec import Struct

from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import Card, goes_line, remove_button, undo_row
from handlers.render.text.dates import Here, coming, moment
from handlers.render.text.headings import NAME_UNITS, post_address
from handlers.render.text.keyboards import (
    CHANNEL_LATEST,
    CHANNEL_PAGE,
    LABEL_UNITS,
    RUN,
    SILENCE_CARD,
    SILENCE_LIST,
    SILENCE_REMOVE,
    SILENCE_RESTORE,
    data,
)
from handlers.render.text.lists import ListPage, Removed
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill, join, link
from handlers.texts.channels.listing import listing_words
from handlers.texts.signals import silence_words
from handlers.texts.words import Words
from storage.records import Channel, Subscriber

EXAMPLE = "/silence @example_mfa"
HOUR, DAY = 3600, 86400


class State(Struct, frozen=True, kw_only=True):
    """The pauses of a channel. ``at``: when the present pause becomes a silence, None if unknown;
    ``usual``: the usual pause at that time of the week, in seconds."""

    channel: Channel
    at: datetime | None = None
    usual: int = 0
    is_read: bool = True


def name_of(channel: Channel) -> RichText:
    """What a channel is called, leading to it."""
    handle = f"@{channel.username}" if channel.username else None
    title = " ".join(contained(channel.title or "").split())
    name = shorten(title or handle or str(channel.channel_id or channel.reference), NAME_UNITS)
    return link(bold(name), f"https://t.me/{channel.username}" if channel.username else None)


class Particulars(Struct, frozen=True, kw_only=True):
    """What a card shows besides: how many posts the channel has, the topic that is notified, and
    the chat."""

    matches: Matches | None = None
    topic: int | None = None
    chat: Subscriber | None = None


def silence_list(
    shown: ListPage[State],
    count: int,
    here: Here,
    words: Words,
    *,
    removed: Removed | None = None,
) -> Message:
    """A page of the ``count`` channels whose silence a chat is told of; how to begin if there are
    none. ``removed`` was just removed."""
    said = silence_words(words.language)
    title = join("\n", (bold(fill(said.title, count=count)), said.hint))
    if not count:
        title = join("\n", (said.none, code(words.example(EXAMPLE))))
    rows = [
        fill(said.row, channel=name_of(state.channel), state=state_line(state, here, words))
        for state in shown.items
    ]
    buttons = [
        Button(
            text=shorten(f"🔇 {name_of(state.channel).text}", LABEL_UNITS),
            data=data(SILENCE_CARD, shown.number, state.channel.id),
        )
        for state in shown.items
    ]
    return shown.message(title, rows, buttons, SILENCE_LIST, words, between="\n", removed=removed)


def silence_card(state: State, told: Particulars, page: int, here: Here, words: Words) -> Message:
    """Everything about one channel's silence; ``page``: the page of the list that leads back, from
    0."""
    said, channel = silence_words(words.language), state.channel
    usual = fill(said.usual, usual=span(state.usual, words)) if state.usual >= HOUR else ""
    latest = Button(
        text=listing_words(words.language).latest, data=data(CHANNEL_LATEST, channel.id)
    )
    opening = Button(text=said.channel_button, data=data(CHANNEL_PAGE, channel.id, 0))
    return Card(
        title="🔇 " + name_of(channel),
        lines=[
            matches_text(told.matches, here, words) if told.matches is not None else "",
            usual,
            "🕗 " + state_line(state, here, words),
            goes_line(told.chat, told.topic, words),
        ],
        rows=((latest, opening),),
        back=Button(text=said.all_silences, data=data(SILENCE_LIST, page)),
        remove=data(SILENCE_REMOVE, page, channel.id),
    ).message(words)


def state_line(state: State, here: Here, words: Words) -> str:
    """When the channel would be silent, in a line."""
    said = silence_words(words.language)
    if not state.is_read:
        return said.unread
    if state.at is None:
        return said.too_few
    if state.at <= here.now:
        return said.is_silent
    return said.will_say.replace("{when}", coming(state.at, here, words))


def silence_made(state: State, here: Here, words: Words, *, is_new: bool) -> Message:
    """Says that the chat will be told when a channel falls silent."""
    said = silence_words(words.language)
    head = fill(said.made if is_new else said.known, channel=name_of(state.channel))
    return Message(
        join("\n", (head, state_line(state, here, words))),
        ((_remove(state.channel, words), _list(words)),),
    )


def silence_removed(channel: Channel, words: Words, *, was_told: bool) -> Message:
    """Says that the chat will not be told any more; a button undoes that."""
    said = silence_words(words.language)
    if not was_told:
        return Message(fill(said.not_told, channel=name_of(channel)), ((_list(words),),))
    undo = undo_row(data(SILENCE_RESTORE, 0, channel.id), words)
    return Message(fill(said.removed, channel=name_of(channel)), ((*undo[0], _list(words)),))


def silence_told(
    channel: Channel, last: datetime, message_id: int, usual: int, here: Here, words: Words
) -> Message:
    """Says that a channel is silent since its last post; ``usual``: its usual pause in seconds."""
    said = silence_words(words.language)
    pause = int((here.now - last).total_seconds())
    head = fill(
        said.silent,
        channel=name_of(channel),
        when=moment(last, here, words),
        pause=span(pause, words),
    )
    lines = [head]
    if usual >= HOUR:
        lines.append(fill(said.usual, usual=span(usual, words)))
    url = post_address(channel.username, channel.channel_id, message_id)
    opening = (Button(text=said.open_post, url=url),) if url else ()
    return Message(join("\n", lines), ((*opening, _remove(channel, words)),))


def not_read_told(channel: Channel, since: datetime, here: Here, words: Words) -> Message:
    """That a channel could not be read since then."""
    said = silence_words(words.language)
    text = fill(said.not_read, channel=name_of(channel), when=moment(since, here, words))
    return Message(text, ((_remove(channel, words),),))


def span(seconds: int, words: Words) -> str:
    """A span of time in hours, of two days or more in days."""
    said = silence_words(words.language)
    if seconds < 2 * DAY:
        return said.count(said.hours, max(1, seconds // HOUR))
    return said.count(said.days, seconds // DAY)


def _remove(channel: Channel, words: Words) -> Button:
    return remove_button(data(RUN, "silence", f"off #{channel.id}"), words)


def _list(words: Words) -> Button:
    return Button(text=silence_words(words.language).all_silences, data=data(RUN, "silence"))
