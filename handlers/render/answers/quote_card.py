"""The card of a quote: who said what, where and when, which other channels have it, and how often
the speaker is quoted."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.render.text.bars import Matches, matches_text
from handlers.render.text.cards import Card, channels_line, goes_line
from handlers.render.text.dates import Here
from handlers.render.text.headings import address, channel_name, heading, origin, published
from handlers.render.text.keyboards import (
    ALERT_PAGE,
    MAKE_ALERT,
    QUOTE_CARD,
    RUN,
    SAVE,
    SEARCH_PAGE,
    data,
    translating,
)
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, code, fill, italic, link
from handlers.texts.cards import card_words
from handlers.texts.collecting import collection_words
from handlers.texts.querying import QueryingWords, querying_words
from handlers.texts.translating import translating_words
from handlers.texts.words import Words
from storage.document import Document
from storage.records import Alert, Subscriber

QUERY_UNITS = 200
NAME_UNITS = 60
SAID_UNITS = 1200
"""The most units shown of each quote."""
ALIKE = 5
"""The number of other posts with the quote that are named."""


class Quote(Struct, frozen=True):
    """Who is quoted, as the post calls them, and their words."""

    speaker: str
    said: str


class QuoteFound(Struct, frozen=True, kw_only=True):
    """A post with its quotes of the speaker that a search is for.

    ``token``: names the search; ``query``: its text; ``alike``: some of the ``others`` posts with
    the same quote; ``rows`` and ``strangers``: the channels that the query is limited to, as for an
    alert; ``alert``: the chat's alert with that query.
    """

    document: Document
    quotes: Sequence[Quote]
    token: str
    query: str
    page: int
    alike: Sequence[Document] = ()
    others: int = 0
    matches: Matches
    rows: Sequence[int] = ()
    titles: Mapping[int, str]
    strangers: Sequence[str] = ()
    alert: Alert | None = None
    chat: Subscriber | None = None
    translates: bool


def speakers_rows(names: Sequence[str]) -> Keyboard:
    """A button for each name, which searches for that speaker's quotes."""
    buttons = [
        Button(text=f"💬 {contained(name)}", data=chosen)
        for name in names
        if has_room(chosen := data(RUN, "quotes", f'"{name}"'))
    ]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def quotes_row(found: Sequence[int], first: int, token: str, page: int) -> Keyboard:
    """A row with a button for each quote of a page, by the row ids of their posts; ``first``: the
    number of the first one."""
    row = tuple(
        Button(text=f"💬 {number}", data=data(QUOTE_CARD, token, page, id))
        for number, id in enumerate(found, first)
    )
    return (row,) if row else ()


def quote_card(found: QuoteFound, here: Here, words: Words) -> Message:
    """All about one quote, with the buttons that follow it up."""
    said = querying_words(words.language)
    speakers = list(dict.fromkeys(quote.speaker for quote in found.quotes))
    lines: list[RichText | str] = [
        *(_said(quote, is_named=len(speakers) > 1) for quote in found.quotes),
        heading(found.document, here, words),
        origin(found.document, here, words) or "",
        *_alike(found, here, words, said),
        "",
        fill(said.quoted_by, query=code(shorten(found.query, QUERY_UNITS))),
        matches_text(found.matches, here, words),
        channels_line(found.rows, found.titles, words, found.strangers),
    ]
    if found.alert is not None:
        lines += [said.alert_is_set, goes_line(found.chat, found.alert.topic, words)]
    return Card(
        title="💬 " + shorten(", ".join(map(contained, speakers)), NAME_UNITS),
        lines=lines,
        rows=_rows(found, speakers[0] if speakers else "", words, said),
        back=Button(text=said.back, data=data(SEARCH_PAGE, found.token, found.page)),
    ).message(words)


def _said(quote: Quote, *, is_named: bool) -> RichText:
    words = italic(contained(shorten(quote.said, SAID_UNITS)))
    return bold(contained(quote.speaker)) + ": " + words if is_named else words


def _alike(
    found: QuoteFound, here: Here, words: Words, said: QueryingWords
) -> list[RichText | str]:
    """The other channels that have it: ``Also: Quay Watch · today 9:05``."""
    if not found.alike:
        return []
    told = [
        link(f"{channel_name(one, words)} · {published(one, here, words)}", address(one))
        for one in found.alike
    ]
    left = found.others - len(told)
    card = card_words(words.language)
    more = [RichText(card.count(card.more, left))] if left > 0 else []
    return [said.told_too, *("• " + one for one in (*told, *more))]


def _rows(found: QuoteFound, speaker: str, words: Words, said: QueryingWords) -> Keyboard:
    document, collecting = found.document, collection_words(words.language)
    alert = Button(text=said.make_alert, data=data(MAKE_ALERT, found.token))
    if found.alert is not None:
        alert = Button(text=said.open_alert, data=data(ALERT_PAGE, found.alert.id, 0))
    url = address(document)
    row = [Button(text=words.open_post, url=url)] if url else []
    save = data(SAVE, document.doc_id)
    if has_room(save):
        row.append(Button(text=collecting.save_button, data=save))
    if found.translates:
        row += translating(document, translating_words(words.language).button, words)
    return (
        (alert, Button(text=said.other_speaker, data=data(RUN, "quotes"))),
        _search(speaker, said),
        tuple(row),
    )


def _search(speaker: str, said: QueryingWords) -> tuple[Button, ...]:
    """A button that searches for the name anywhere; for the surname if the whole name is too long;
    none if that is too long as well."""
    bare = " ".join(speaker.replace('"', " ").split())
    for name in (bare, bare.rpartition(" ")[2]):
        query = f'"{name}"' if " " in name else name
        pressed = data(RUN, "search", query)
        if name and has_room(pressed):
            return (Button(text=fill(said.search_name, name=name).text, data=pressed),)
    return ()
