"""Surges of queries as messages: the notice, the list, the card."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import (
    Card,
    channels_line,
    goes_line,
    remove_button,
    undo_row,
)
from handlers.render.text.dates import Here, moment
from handlers.render.text.headings import channel_name, heading, headline
from handlers.render.text.keyboards import (
    LABEL_UNITS,
    RUN,
    SURGE_CARD,
    SURGE_LIST,
    SURGE_REMOVE,
    SURGE_RESTORE,
    data,
)
from handlers.render.text.lists import Removed, page_of
from handlers.render.text.messages import Button, Message, has_room, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts.cards import card_words
from handlers.texts.signals import surge_words
from handlers.texts.words import Words
from storage.document import Document
from storage.records import Subscriber
from storage.subscribers.surges import Surge

EXAMPLE = "/surge {words}"
POSTS = 8
CHANNELS = 6
QUERY_UNITS = 200
HEAD_UNITS = 120
HOUR = 3600


class Particulars(Struct, frozen=True, kw_only=True):
    """What a card shows besides the query: how many posts matched, the channels that it is limited
    to (as for an alert), and the chat."""

    matches: Matches
    rows: Sequence[int] = ()
    titles: Mapping[int, str]
    strangers: Sequence[str] = ()
    chat: Subscriber | None = None


def surge_list(
    asked: Sequence[Surge], page: int, words: Words, *, removed: Removed | None = None
) -> Message:
    """A page (from 0) of a chat's queries, a button for each; how to begin if there are none.
    ``removed`` was just removed."""
    said, shown = surge_words(words.language), page_of(asked, page)
    title = join("\n", (bold(fill(said.title, count=len(asked))), said.hint))
    if not asked:
        title = join("\n", (said.none, code(words.example(EXAMPLE))))
    buttons = [
        Button(
            text=f"📈 {shorten(one.query, LABEL_UNITS)}",
            data=data(SURGE_CARD, shown.number, one.id),
        )
        for one in shown.items
    ]
    return shown.message(title, (), buttons, SURGE_LIST, words, removed=removed)


def surge_card(
    surge: Surge, told: Particulars, page: int, here: Here, words: Words, *, head: str = ""
) -> Message:
    """Everything about one query; ``page``: the page of the list that leads back, from 0."""
    said = surge_words(words.language)
    last = surge.told_at
    return Card(
        title="📈 " + _query(surge.query),
        lines=[
            matches_text(told.matches, here, words),
            channels_line(told.rows, told.titles, words, told.strangers),
            said.rule,
            fill(said.last_told, when=moment(last, here, words)) if last is not None else "",
            goes_line(told.chat, surge.topic, words),
        ],
        rows=((_edit(surge, words), *_search(surge, words)),),
        back=Button(text=said.all_surges, data=data(SURGE_LIST, page)),
        remove=data(SURGE_REMOVE, page, surge.id),
        head=head,
    ).message(words)


def surge_made(surge: Surge, words: Words, *, is_new: bool) -> Message:
    """Says that the chat will be told when a query surges."""
    said = surge_words(words.language)
    text = fill(said.made if is_new else said.known, query=_query(surge.query))
    return Message(text, ((_remove(surge, words), _list(words)),))


def surge_removed(surge: Surge, words: Words) -> Message:
    """Says that the chat will not be told any more; a button undoes that."""
    text = fill(surge_words(words.language).removed, query=_query(surge.query))
    undo = undo_row(data(SURGE_RESTORE, 0, surge.id), words)
    return Message(text, ((*undo[0], _list(words)),))


def surge_gone(words: Words) -> Message:
    """That it was removed before."""
    return Message(RichText(surge_words(words.language).gone), ((_list(words),),))


def surge_told(
    surge: Surge,
    posts: Sequence[Document],
    seconds: int,
    usual: float,
    here: Here,
    words: Words,
) -> Message:
    """That more was posted in the last ``seconds`` than is ``usual``: the ``posts``, newest first,
    and their channels."""
    said = surge_words(words.language)
    channels = Counter(channel_name(post, words) for post in posts)
    head = fill(
        said.told,
        query=_query(surge.query),
        posts=words.count(words.posts, len(posts)),
        channels=said.count(said.of_channels, len(channels)),
        span=_span(seconds, words),
    )
    expected = round(usual)
    line: RichText | str = said.usual_none
    if expected:
        line = fill(said.usual, usual=words.count(words.posts, expected))
    listed = [
        join("\n", (heading(post, here, words), headline(post, words, HEAD_UNITS)))
        for post in posts[:POSTS]
    ]
    if len(posts) > POSTS:
        listed.append(RichText(said.count(said.more, len(posts) - POSTS)))
    text = join("\n\n", (join("\n", (head, line, _channels(channels, words))), *listed))
    return Message(text, ((*_search(surge, words), _remove(surge, words)),))


def _channels(channels: Counter[str], words: Words) -> str:
    """``Harbour News (4), Quay (2)``, those with most first."""
    said = surge_words(words.language)
    named = [f"{name} ({count})" for name, count in channels.most_common(CHANNELS)]
    left = len(channels) - CHANNELS
    return ", ".join(named) + (f" {said.count(said.more, left)}" if left > 0 else "")


def _span(seconds: int, words: Words) -> str:
    said = surge_words(words.language)
    if seconds == HOUR:
        return said.last_hour
    return said.count(said.last_minutes, seconds // 60)


def _query(query: str) -> RichText:
    return code(shorten(query, QUERY_UNITS))


def _search(surge: Surge, words: Words) -> tuple[Button, ...]:
    pressed = data(RUN, "search", surge.query)
    text = surge_words(words.language).search
    return (Button(text=text, data=pressed),) if has_room(pressed) else ()


def _edit(surge: Surge, words: Words) -> Button:
    text = card_words(words.language).edit_query
    return Button(text=text, data=data(RUN, "surge", f"edit:{surge.id}"))


def _remove(surge: Surge, words: Words) -> Button:
    return remove_button(_off(surge), words)


def _off(surge: Surge) -> str:
    return data(RUN, "surge", f"off #{surge.id}")


def _list(words: Words) -> Button:
    return Button(text=surge_words(words.language).all_surges, data=data(RUN, "surge"))
