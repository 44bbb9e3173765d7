"""Silences of channels as messages: what is told, and the list of what will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.render.text.dates import Here, coming, moment
from handlers.render.text.headings import NAME_UNITS, post_address
from handlers.render.text.keyboards import LIST_ROWS, RUN, data
from handlers.render.text.messages import Button, Message, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill, join, link
from handlers.texts.signals import silence_words
from handlers.texts.words import Words
from storage.records import Channel

EXAMPLE = "/silence @example_mfa"
SHOWN = 3 * LIST_ROWS
HOUR, DAY = 3600, 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a channel's pauses. ``at``: when the pause that runs becomes a silence, None
    where that is not known; ``usual``: the seconds that pauses last at that time of the week."""

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


def silence_list(states: Sequence[State], here: Here, words: Words) -> Message:
    """What a chat is told of; how to begin, where that is nothing."""
    said = silence_words(words.language)
    if not states:
        return Message(join("\n", (said.none, code(words.example(EXAMPLE)))))
    rows: list[RichText] = [
        fill(
            said.row,
            number=number,
            channel=name_of(state.channel),
            state=state_line(state, here, words),
        )
        for number, state in enumerate(states[:SHOWN], 1)
    ]
    buttons = tuple(
        (Button(text=said.remove.format(number=number), data=_run("off", state.channel)),)
        for number, state in enumerate(states[:SHOWN], 1)
    )
    title = bold(fill(said.title, count=len(states)))
    return Message(join("\n", (title, *rows)), buttons)


def state_line(state: State, here: Here, words: Words) -> str:
    """What is to be expected of a channel."""
    said = silence_words(words.language)
    if not state.is_read:
        return said.unread
    if state.at is None:
        return said.too_few
    if state.at <= here.now:
        return said.is_silent
    return said.will_say.replace("{when}", coming(state.at, here, words))


def silence_made(state: State, here: Here, words: Words, *, is_new: bool) -> Message:
    """That a channel's silence will be told."""
    said = silence_words(words.language)
    head = fill(said.made if is_new else said.known, channel=name_of(state.channel))
    return Message(
        join("\n", (head, state_line(state, here, words))),
        ((_remove(state.channel, words), _list(words)),),
    )


def silence_removed(channel: Channel, words: Words, *, was_told: bool) -> Message:
    """That a channel's silence is told no more; a button has it told again."""
    said = silence_words(words.language)
    if not was_told:
        return Message(fill(said.not_told, channel=name_of(channel)), ((_list(words),),))
    undo = Button(text=said.undo, data=_run("", channel))
    return Message(fill(said.removed, channel=name_of(channel)), ((undo, _list(words)),))


def silence_told(
    channel: Channel, last: datetime, message_id: int, usual: int, here: Here, words: Words
) -> Message:
    """That a channel is silent since its last post; ``usual``: the seconds of its pauses."""
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
    return Button(text=silence_words(words.language).remove_this, data=_run("off", channel))


def _list(words: Words) -> Button:
    return Button(text=silence_words(words.language).all_silences, data=data(RUN, "silence"))


def _run(what: str, channel: Channel) -> str:
    return data(RUN, "silence", f"{what} #{channel.id}".strip())
