"""Surges of queries as messages: what is told, and the list of what will be."""

from collections import Counter
from collections.abc import Sequence

from handlers.render.text.dates import Here
from handlers.render.text.headings import channel_name, heading, headline
from handlers.render.text.keyboards import LIST_ROWS, RUN, data
from handlers.render.text.messages import DATA_BYTES, Button, Message, shorten
from handlers.render.text.rich import RichText, bold, code, fill, join
from handlers.texts.signals import surge_words
from handlers.texts.words import Words
from storage.document import Document
from storage.subscribers.surges import Surge

EXAMPLE = "/surge {words}"
SHOWN = 3 * LIST_ROWS
POSTS = 8
CHANNELS = 6
QUERY_UNITS = 200
HEAD_UNITS = 120
HOUR = 3600


def surge_list(asked: Sequence[Surge], words: Words) -> Message:
    """What a chat is told of; how to begin, where that is nothing."""
    said = surge_words(words.language)
    if not asked:
        return Message(join("\n", (said.none, code(words.example(EXAMPLE)))))
    rows = [
        fill(said.row, number=number, query=_query(one.query))
        for number, one in enumerate(asked[:SHOWN], 1)
    ]
    buttons = tuple(
        (Button(text=said.remove.format(number=number), data=_off(one)),)
        for number, one in enumerate(asked[:SHOWN], 1)
    )
    return Message(join("\n", (bold(fill(said.title, count=len(asked))), *rows)), buttons)


def surge_made(surge: Surge, words: Words, *, is_new: bool) -> Message:
    """That a query's surges will be told."""
    said = surge_words(words.language)
    text = fill(said.made if is_new else said.known, query=_query(surge.query))
    return Message(text, ((_remove(surge, words), _list(words)),))


def surge_removed(surge: Surge, words: Words) -> Message:
    """That a query's surges are told no more; a button has them told again."""
    said = surge_words(words.language)
    again = data(RUN, "surge", surge.query)
    undo = (Button(text=said.undo, data=again),) if _fits(again) else ()
    text = fill(said.removed, query=_query(surge.query))
    return Message(text, ((*undo, _list(words)),))


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
    search = data(RUN, "search", surge.query)
    found = (Button(text=said.search, data=search),) if _fits(search) else ()
    return Message(text, ((*found, _remove(surge, words)),))


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


def _remove(surge: Surge, words: Words) -> Button:
    return Button(text=surge_words(words.language).remove_this, data=_off(surge))


def _off(surge: Surge) -> str:
    return data(RUN, "surge", f"off #{surge.id}")


def _list(words: Words) -> Button:
    return Button(text=surge_words(words.language).all_surges, data=data(RUN, "surge"))


def _fits(pressed: str) -> bool:
    return len(pressed.encode()) <= DATA_BYTES
