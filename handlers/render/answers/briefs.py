"""A collection as a brief: each post with its channel, date, link, its words and the note. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from handlers.render.answers.collections import View, count_posts
from handlers.render.answers.html_page import link, page, plain
from handlers.render.text.dates import in_full, lasting
from handlers.render.text.headings import (
    address,
    author_name,
    channel_name,
    headline,
    origin_name,
)
from handlers.render.text.messages import shorten
from handlers.render.text.names import contained
from storage.document import Document
from storage.subscribers.collections import Collection, Saved

QUOTED_UNITS = 1500
"""The most units of a post's text that are quoted; the link leads to the rest."""


def brief_html(
    collection: Collection, saved: Sequence[Saved], found: Mapping[str, Document], view: View
) -> str:
    """The brief as a page; ``found`` are the posts that are kept still, by name."""
    about = [count_posts(collection, view.words), _made(view)]
    parts = [
        f'<h1 dir="auto">{plain(collection.name)}</h1>',
        f'<p class="soft">{plain(" · ".join(about))}</p>',
    ]
    parts += [_article(one, found.get(one.doc_id), view) for one in saved]
    return page(collection.name, "\n".join(parts), view.words.language)


def brief_text(
    collection: Collection, saved: Sequence[Saved], found: Mapping[str, Document], view: View
) -> str:
    """The same as plain text."""
    head = f"{_line(collection.name)}\n{count_posts(collection, view.words)} · {_made(view)}"
    entries = (
        "\n".join(_lines(number, one, found.get(one.doc_id), view))
        for number, one in enumerate(saved, 1)
    )
    return "\n\n".join((head, *entries)) + "\n"


def _article(saved: Saved, document: Document | None, view: View) -> str:
    if document is None:
        parts = [f"<h2>{plain(view.said.post_gone)}</h2>"]
    else:
        head, rest = _texts(document, view)
        parts = [f'<h2 dir="auto">{link(head, address(document))}</h2>']
        parts.append(f'<div class="soft">{plain(" · ".join(_facts(document, view)))}</div>')
        if rest:
            quoted = "<br>".join(plain(line) for line in rest.splitlines())
            parts.append(f'<blockquote dir="auto">{quoted}</blockquote>')
    if saved.note:
        parts.append(f'<p dir="auto"><em>{plain(_note(saved, view))}</em></p>')
    return f"<article>{''.join(parts)}</article>"


def _lines(number: int, saved: Saved, document: Document | None, view: View) -> Iterator[str]:
    if document is None:
        yield f"{number}. {view.said.post_gone}"
    else:
        head, rest = _texts(document, view)
        yield f"{number}. {_line(head)}"
        yield _line(" · ".join(_facts(document, view)))
        if (url := address(document)) is not None:
            yield _line(url)
        yield from (f"> {_line(line)}" for line in rest.splitlines())
    if saved.note:
        yield _line(_note(saved, view))


def _texts(document: Document, view: View) -> tuple[str, str]:
    """The headline, and the words that are quoted below it: without them where they say no more."""
    head = headline(document, view.words)
    texts = [text.strip() for text in document.texts() if text.strip()]
    if texts and shorten(texts[0], 160) == head and len(texts[0]) <= len(head):
        texts = texts[1:]
    return head, _shortened("\n".join(texts))


def _shortened(text: str) -> str:
    """The beginning of a text, with its line breaks."""
    kept: list[str] = []
    left = QUOTED_UNITS
    for line in text.splitlines():
        if left <= 0:
            return "\n".join([*kept, "…"])
        kept.append(shorten(line, left))
        left -= len(line) + 1
    return "\n".join(kept)


def _facts(document: Document, view: View) -> Iterator[str]:
    words = view.words
    yield channel_name(document, words)
    if (author := author_name(document)) is not None:
        yield author
    yield lasting(document.published_at, view.here, words) or words.unknown_date
    forward = document.forwarded_from
    if forward is not None and (name := origin_name(forward)) is not None:
        yield words.forwarded_from.replace("{name}", name)
    if document.deleted_at is not None:
        yield view.said.deleted


def _note(saved: Saved, view: View) -> str:
    return view.said.note.replace("{note}", saved.note)


def _made(view: View) -> str:
    return view.said.made.replace("{when}", in_full(view.here.now, view.here.zone))


def _line(text: str) -> str:
    return contained(" ".join(text.split()))
