"""The channels that are watched, as readers see them: a page of the list, and one channel."""

from collections.abc import Sequence

from msgspec import Struct

from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import remove_button, undo_row
from handlers.render.text.dates import Here, moment
from handlers.render.text.headings import NAME_UNITS
from handlers.render.text.keyboards import (
    CHANNEL_FOLLOW,
    CHANNEL_LATEST,
    CHANNEL_LIST,
    CHANNEL_MUTE,
    CHANNEL_OFFICIAL,
    CHANNEL_PAGE,
    CHANNEL_REMOVE,
    CHANNEL_SHARE,
    CHANNEL_UNDO,
    CHANNEL_UNFOLLOW,
    CHANNEL_UNMUTE,
    LABEL_UNITS,
    LIST_ROWS,
    data,
    pager,
)
from handlers.render.text.lists import ticked
from handlers.render.text.messages import Button, Keyboard, Message, shorten
from handlers.render.text.names import contained, name_of
from handlers.render.text.rich import RichText, bold, fill, join, link
from handlers.sources.following import FOLLOWS, Follow
from handlers.stories import officials
from handlers.texts.channels.listing import ListingWords, listing_words
from handlers.texts.words import Words
from storage.channels.watched import Watched
from storage.records import Channel


class Row(Struct, frozen=True, kw_only=True):
    """A channel of the list with how many posts a day it has."""

    watched: Watched
    a_day: float


class Page(Struct, frozen=True, kw_only=True):
    """A page of the list: ``number`` 0-based; ``total`` channels on all of them."""

    rows: Sequence[Row]
    number: int
    total: int


class Card(Struct, frozen=True, kw_only=True):
    """A channel for its card. ``follow``: how the chat follows it; ``alerts``: how many alerts
    leave it out; ``page``: the page of the list that leads back; ``may_mark``: the reader may mark
    it as official; ``matches``: its posts a day; ``unfollowed``: the alert that was just removed
    and can be restored."""

    row: Row
    follow: Follow | None
    muted: int
    alerts: int
    page: int
    is_group: bool = False
    may_mark: bool = False
    matches: Matches | None = None
    unfollowed: int | None = None

    @property
    def is_official(self) -> bool:
        """Whether it speaks for a ministry or the like: as the operator says, else by its title."""
        return officials.is_channel_official(self.row.watched.channel)


def title_of(channel: Channel) -> str:
    """What a channel is called."""
    title = " ".join(contained(channel.title or "").split())
    return shorten(title or name_of(channel), NAME_UNITS)


def list_message(page: Page, progress: RichText | None, here: Here, words: Words) -> Message:
    """A page of the list; ``progress``: what is said of channels that are still being read."""
    said = listing_words(words.language)
    title = fill(words.channels_title, count=words.count(words.channels, page.total))
    head = [bold(title), *([progress] if progress else []), RichText(said.hint)]
    entries = [_entry(row, here, words) for row in page.rows]
    rows = tuple(
        (
            Button(
                text=shorten(title_of(row.watched.channel), LABEL_UNITS),
                data=data(CHANNEL_PAGE, row.watched.channel.id, page.number),
            ),
        )
        for row in page.rows
    )
    pages = -(-page.total // LIST_ROWS)
    more = page.number + 1 < pages
    turns = pager(CHANNEL_LIST, (), page.number, pages, more=more, words=words)
    return Message(join("\n\n", [join("\n", head), *entries]), rows + turns)


def card_message(card: Card, here: Here, words: Words) -> Message:
    """One channel with its buttons."""
    said = listing_words(words.language)
    lines = [_entry(card.row, here, words)]
    if card.matches is not None:
        lines.append(matches_text(card.matches, here, words))
    if card.is_official:
        is_guess = card.row.watched.channel.official is None
        lines.append(RichText(said.official_guess if is_guess else said.official))
    if card.follow is not None:
        gets = said.gets_group if card.is_group else said.gets
        lines.append(RichText(gets[card.follow]))
    if card.muted:
        alerts = words.count(words.alerts, card.alerts)
        lines.append(fill(said.muted, muted=card.muted, total=card.alerts, alerts=alerts))
    return Message(join("\n", lines), _card_keyboard(card, words))


def _card_keyboard(card: Card, words: Words) -> Keyboard:
    said, channel = listing_words(words.language), card.row.watched.channel
    back = Button(text=said.back, data=data(CHANNEL_LIST, card.page))
    removing: tuple[Button, ...] = ()
    if card.may_mark:
        removing = (remove_button(data(CHANNEL_REMOVE, card.page, channel.id), words),)
    if channel.channel_id is None and channel.username is None:
        return ((back, *removing),)
    row = (channel.id, card.page)
    latest = Button(text=said.latest, data=data(CHANNEL_LATEST, channel.id))
    follows = [
        Button(
            text=ticked(said.follow[follow], follow == card.follow),
            data=data(CHANNEL_FOLLOW, *row, follow),
        )
        for follow in FOLLOWS
    ]
    none = ticked(said.unfollow, card.follow is None)
    follows.append(Button(text=none, data=data(CHANNEL_UNFOLLOW, *row)))
    muting = []
    if card.muted < card.alerts:
        muting.append(Button(text=said.mute, data=data(CHANNEL_MUTE, *row)))
    if card.muted:
        muting.append(Button(text=said.unmute, data=data(CHANNEL_UNMUTE, *row)))
    share = Button(text=said.share, data=data(CHANNEL_SHARE, channel.id))
    marking = _marking(card, said) if card.may_mark else ()
    undo: Keyboard = ()
    if card.unfollowed is not None:
        undo = undo_row(data(CHANNEL_UNDO, *row, card.unfollowed), words)
    rows = (*undo, (latest, share), tuple(follows), tuple(muting), marking, (back, *removing))
    return tuple(buttons for buttons in rows if buttons)


def _marking(card: Card, said: ListingWords) -> tuple[Button, ...]:
    value = int(not card.is_official)
    pressed = data(CHANNEL_OFFICIAL, card.row.watched.channel.id, card.page, value)
    return (Button(text=said.mark_official if value else said.mark_unofficial, data=pressed),)


def _entry(row: Row, here: Here, words: Words) -> RichText:
    """``Harbour News @harbour`` and, below, when it last posted and how busy it is."""
    channel, last = row.watched.channel, row.watched.last_post_at
    url = f"https://t.me/{channel.username}" if channel.username else None
    title = title_of(channel)
    name: RichText | str = link(title, url)
    if channel.username and title != f"@{channel.username}":
        name = join(" ", (bold(title), link(f"@{channel.username}", url)))
    lines = [name, _busy(row, here, words) if last else words.watching.quiet]
    if channel.error:
        reason = words.watching.trouble_of(channel.error)
        lines.append(fill(words.watching.trouble, reason=reason))
    return join("\n", lines)


def _busy(row: Row, here: Here, words: Words) -> RichText:
    """``last post today 9:05 · 12 posts a day``."""
    said = listing_words(words.language)
    if row.watched.last_post_at is None:
        return RichText(words.watching.quiet)
    when = moment(row.watched.last_post_at, here, words)
    if row.a_day >= 1:
        rate = words.count(said.per_day, round(row.a_day))
    elif row.a_day > 0:
        rate = words.count(said.per_week, max(1, round(7 * row.a_day)))
    else:
        rate = said.silent
    return join(" · ", (fill(said.last_post, when=when), rate))
