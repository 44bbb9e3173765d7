"""The posts behind one row of results or one alert: a list with pages and a way back."""

from collections.abc import Sequence

from msgspec import Struct

from handlers.render.text.dates import Here
from handlers.render.text.headings import heading, headline
from handlers.render.text.keyboards import pager
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, fill, join
from handlers.texts.alerts.alert_lines import alert_lines_words
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.words import Words
from storage.document import Document

PER_PAGE = 8
WORDS_UNITS = 120
FOLDED = "＝ "
SAME_EVENT = "≈ "


class Copy(Struct, frozen=True):
    """A post of the list. ``is_folded``: it is counted at the message that was opened;
    ``is_event``: only as a post of the same event."""

    document: Document
    is_folded: bool = False
    is_event: bool = False


class Opened(Struct, frozen=True, kw_only=True):
    """A page (from 0) of ``count`` posts. ``verb`` and ``fields``: the data of its page buttons;
    ``back``: the data that leads back."""

    copies: Sequence[Copy]
    count: int
    page: int
    verb: str
    fields: tuple[int | str, ...]
    back: str


def copies_message(opened: Opened, here: Here, words: Words) -> Message:
    """The list: channel, time and first words of each post, which is a link to it."""
    said = alert_lines_words(words.language)
    lines: list[RichText] = [fill(said.also_title, posts=opened.count)]
    if any(copy.is_folded and not copy.is_event for copy in opened.copies):
        lines[0] = join("\n", (lines[0], said.also_folded))
    if any(copy.is_event for copy in opened.copies):
        lines[0] = join("\n", (lines[0], said.also_event))
    lines += [_entry(copy, here, words) for copy in opened.copies]
    pages = -(-opened.count // PER_PAGE)
    more = opened.page + 1 < pages
    turning = pager(opened.verb, opened.fields, opened.page, pages, more=more, words=words)
    back = Button(text=alert_settings_words(words.language).back, data=opened.back)
    return Message(join("\n\n", lines), (*turning, (back,)))


def _entry(copy: Copy, here: Here, words: Words) -> RichText:
    sign = FOLDED if copy.is_folded else ""
    sign = SAME_EVENT if copy.is_event else sign
    head = sign + heading(copy.document, here, words)
    return join("\n", (head, headline(copy.document, words, WORDS_UNITS)))
