"""The pages of a post and of a story, without anything to press."""

from collections.abc import Sequence

from msgspec import Struct

from handlers.render.answers.html_page import link, page, plain, rich
from handlers.render.feeds.entries import clean, told_html
from handlers.render.text.dates import Here, lasting
from handlers.render.text.headings import (
    address,
    author_name,
    channel_name,
    headline,
)
from handlers.render.text.own_text import own_passage
from handlers.render.text.rich import RichText
from handlers.texts.feeding import feeding_words
from handlers.texts.words import Words
from storage.document import Document

PAGE_UNITS = 100_000
"""How much of a text a page shows, in UTF-16 units."""


class Member(Struct, frozen=True, kw_only=True):
    """A post of a story, and the address of its page within this server."""

    document: Document
    path: str


def post_page(
    document: Document, here: Here, words: Words, story: str | None = None, others: int = 0
) -> str:
    """The page of a post. ``story``: the address of its story's page, where it has ``others``."""
    said = feeding_words(words.language)
    title = headline(document, words)
    text = own_passage(document, (), opening=PAGE_UNITS)
    shown = RichText(title)
    if text.text.partition("\n")[0].rstrip() == title:
        shown, text = text.cut(0, len(title)), text.cut(len(title), len(text)).stripped()
    parts = [
        f'<h1 dir="auto">{rich(shown)}</h1>',
        f'<p class="soft">{plain(_facts(document, here, words))}</p>',
        told_html(document, text, here, words),
    ]
    links = [link(said.original, address(document))] if address(document) else []
    if story is not None and others:
        links.append(_within(said.story, story) + f" ({others + 1})")
    if links:
        parts.append(f"<p>{' · '.join(links)}</p>")
    return clean(page(title, "\n".join(parts), words.language))


def story_page(members: Sequence[Member], here: Here, words: Words, more: int = 0) -> str:
    """The page of a story: its posts in the order in which they came; ``more`` are left out."""
    first = members[0].document
    title = headline(first, words)
    count = words.count(words.posts, len(members) + more)
    lines = "".join(
        f'<li><span class="soft">{plain(_facts(one.document, here, words))}</span><br>'
        f'<span dir="auto">{_within(headline(one.document, words), one.path)}</span></li>'
        for one in members
    )
    parts = [
        f'<h1 dir="auto">{plain(title)}</h1>',
        f'<p class="soft">{plain(count)}</p>',
        f'<ul class="posts">{lines}</ul>',
    ]
    if more:
        said = feeding_words(words.language)
        parts.append(f'<p class="soft">{plain(said.more.format(count=more))}</p>')
    return clean(page(title, "\n".join(parts), words.language))


def _facts(document: Document, here: Here, words: Words) -> str:
    date = lasting(document.published_at, here, words) or words.unknown_date
    parts = (channel_name(document, words), author_name(document), date)
    return " · ".join(part for part in parts if part)


def _within(text: str, path: str) -> str:
    """A link to another page of this server: the path is our own."""
    return f'<a href="{plain(path)}">{plain(text)}</a>'
