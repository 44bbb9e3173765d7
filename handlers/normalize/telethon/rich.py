"""Rich messages (https://core.telegram.org/type/RichMessage) as blocks and media.

Such a message has no text of its own: its words are page blocks, as those of Instant View. Headings
are subheads, items of lists bullets, rows of tables ``table``, quotations and code what they are,
and everything else is ``para``, a caption where it stands. What is of a kind that is not known yet
is read through to the words in it. Duck-typed: knows no Telethon.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from handlers.normalize.parsing.fields import as_whole, kind, listed, members, whole, words
from handlers.normalize.post import lines
from handlers.normalize.telethon import links as telethon_links
from handlers.normalize.telethon import media as telethon_media
from handlers.normalize.telethon import rich_lists, rich_words
from handlers.normalize.telethon.rich_words import Words
from storage.document import Block, BlockType, Link, Media
from storage.structs import replace

DEEPEST = 40
"""How deep blocks may stand inside blocks; what lies deeper is read for its words alone."""

_APART = 2
_TOLD = ("title", "text", "source", "author", "description")
"""Members of an unknown kind that are text if they are strings."""


class Rich(Struct, frozen=True):
    """The content of a rich message. ``is_whole``: nothing is known to be left out; ``links``:
    addresses without a text of their own."""

    blocks: tuple[Block, ...] = ()
    media: tuple[Media, ...] = ()
    links: tuple[Link, ...] = ()
    is_whole: bool = True


_NONE = Rich()


def read(message: object) -> Rich:
    """The rich part of a message, empty where it has none."""
    page = getattr(message, "rich_message", None)
    if page is None:
        return _NONE
    reader = _Reader(_by_id(page, "photos"), _by_id(page, "documents"))
    blocks = tuple(reader.all(listed(page, "blocks"), 0))
    is_whole = not getattr(page, "part", None) and not reader.is_lacking
    return Rich(blocks, tuple(reader.media), tuple(reader.links), is_whole)


@dataclass(slots=True)
class _Reader:
    """Reads the blocks of one message; ``media`` and ``links`` are what it met on its way."""

    photos: Mapping[int, object]
    documents: Mapping[int, object]
    media: list[Media] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    is_lacking: bool = False

    def all(self, nodes: Iterable[object], depth: int) -> Iterator[Block]:
        for node in nodes:
            yield from self.block(node, depth)

    def block(self, node: object, depth: int) -> Iterator[Block]:
        """The blocks that a page block is."""
        name = kind(node).removeprefix("PageBlock")
        if depth > DEEPEST:
            yield from _loose(node)
        elif name in _TEXTS:
            yield from said(_TEXTS[name], rich_words.read(getattr(node, "text", None)))
        elif name in _READERS:
            yield from _READERS[name](self, node, depth)
        else:
            yield from self.unknown(node, depth)

    def unknown(self, node: object, depth: int) -> Iterator[Block]:
        """A block of a kind that is not known: whatever in it is words or blocks, in order."""
        for name, value in members(node).items():
            for each in value if isinstance(value, list | tuple) else [value]:
                if kind(each).startswith("Text"):
                    yield from said("para", rich_words.read(each))
                elif isinstance(each, str) and name in _TOLD:
                    yield from said("para", Words(each))
                elif kind(each).startswith("Page"):
                    yield from self.block(each, depth + 1)

    def inside(self, node: object, depth: int) -> Iterator[Block]:
        yield from self.all(listed(node, "blocks"), depth + 1)

    def caption(self, node: object) -> Iterator[Block]:
        """``PageCaption``: what is shown, and whose it is; older pages have a text alone."""
        found = getattr(node, "caption", None)
        if kind(found) != "PageCaption":
            yield from said("para", rich_words.read(found), gap=1)
            return
        for name in ("text", "credit"):
            yield from said("para", rich_words.read(getattr(found, name, None)), gap=1)

    def address(self, node: object) -> None:
        """Note the address that a block leads to."""
        url = words(node, "url")
        if url is not None:
            text = rich_words.read(getattr(getattr(node, "caption", None), "text", None)).text
            self.links.append(Link(text=text, url=url))


def said(type: BlockType, spoken: Words, *, gap: int = _APART) -> Iterator[Block]:
    """A text as blocks of one type, a line each; ``gap`` stands above the first."""
    for number, line in enumerate(lines.split(spoken.text, spoken.spans)):
        yield Block(type=type, text=line.text, spans=line.spans, gap=line.gap if number else gap)


def _quote(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from said("blockquote", rich_words.read(getattr(node, "text", None)))
    yield from reader.caption(node)


def _quoted_blocks(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    for block in reader.inside(node, depth):
        yield replace(block, type="blockquote") if block.type == "para" else block
    yield from reader.caption(node)


def _author(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from said("para", rich_words.read(getattr(node, "author", None)))


def _list(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    """Items as bullets; further lines and blocks of an item are what they are."""
    gap = _APART
    for item, marker in rich_lists.items(node):
        inner = list(said("para", rich_words.read(getattr(item, "text", None))))
        inner += reader.inside(item, depth)
        if inner:
            yield replace(rich_lists.bullet(inner[0], marker), gap=gap)
            yield from inner[1:]
            gap = 1


def _table(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    title = list(said("subhead", rich_words.read(getattr(node, "title", None))))
    yield from title
    for number, row in enumerate(listed(node, "rows")):
        cells = [rich_words.read(getattr(cell, "text", None)) for cell in listed(row, "cells")]
        joined = rich_lists.row(cells)
        yield from said("table", joined, gap=1 if number or title else _APART)


def _details(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from said("subhead", rich_words.read(getattr(node, "title", None)))
    yield from reader.inside(node, depth)


def _photo(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    number = whole(node, "photo_id")
    reader.media.append(telethon_media.photo(reader.photos.get(number or 0)))
    reader.address(node)
    yield from reader.caption(node)


def _file(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    number = whole(node, "video_id") or whole(node, "audio_id") or whole(node, "document_id")
    declared = {"PageBlockVideo": "video", "PageBlockAudio": "audio"}.get(kind(node), "document")
    found = reader.documents.get(number or 0)
    reader.media.append(telethon_media.document(found, declared=declared))  # type: ignore[arg-type]
    yield from reader.caption(node)


def _cover(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from reader.block(getattr(node, "cover", None), depth + 1)


def _pictures(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from reader.all(listed(node, "items"), depth + 1)
    yield from reader.caption(node)


def _embedded(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    """A page, or a post of elsewhere, that is shown inside."""
    reader.media.append(Media(type="webpage", name=words(node, "author"), url=words(node, "url")))
    reader.address(node)
    yield from said("para", Words(words(node, "author") or ""))
    yield from reader.inside(node, depth)
    yield from reader.caption(node)


def _channel(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    found = getattr(node, "channel", None)
    active = (name for name in listed(found, "usernames") if getattr(name, "active", None))
    username = words(found, "username") or words(next(active, None), "username")
    title = words(found, "title")
    url = f"https://t.me/{username}" if username else None
    yield from said("para", rich_words.linked(title or username or "", url))


def _map(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    reader.media.append(telethon_media.place(getattr(node, "geo", None)))
    yield from reader.caption(node)


def _related(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from said("subhead", rich_words.read(getattr(node, "title", None)))
    for number, article in enumerate(listed(node, "articles")):
        url = words(article, "url")
        title = rich_words.linked(words(article, "title") or url or "", url)
        yield from said("bullet", title, gap=1 if number else _APART)
        for name in ("description", "author"):
            yield from said("para", Words(words(article, name) or ""), gap=1)


def _math(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from said("para", Words(words(node, "source") or ""))


def _buttons(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    for button in listed(node, "buttons"):
        label = rich_words.read(getattr(button, "text", None))
        url = telethon_links.target(button)
        yield from said("para", rich_words.linked(label.text, url) if url else label, gap=1)


def _lack(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    reader.is_lacking = True
    yield from ()


def _nothing(reader: _Reader, node: object, depth: int) -> Iterator[Block]:
    yield from ()


def _loose(top: object) -> Iterator[Block]:
    """The words of a block that is nested too deeply, in order."""
    stack = [top]
    while stack:
        node = stack.pop()
        if kind(node).startswith("Text"):
            yield from said("para", rich_words.read(node))
        elif isinstance(node, list | tuple):
            stack += reversed(node)
        else:
            stack += reversed(list(members(node).values()))


def _by_id(page: object, name: str) -> dict[int, object]:
    found = ((as_whole(getattr(each, "id", None)), each) for each in listed(page, name))
    return {number: each for number, each in found if number is not None}


_HEADINGS = ("Title", "Subtitle", "Header", "Subheader", *(f"Heading{n}" for n in range(1, 7)))
_TEXTS: Mapping[str, BlockType] = {
    **dict.fromkeys(_HEADINGS, "subhead"),
    "Paragraph": "para",
    "Footer": "para",
    "Kicker": "para",
    "Thinking": "para",
    "Preformatted": "code",
}
_READERS: Mapping[str, Callable[[_Reader, object, int], Iterator[Block]]] = {
    "Blockquote": _quote,
    "Pullquote": _quote,
    "BlockquoteBlocks": _quoted_blocks,
    "AuthorDate": _author,
    "List": _list,
    "OrderedList": _list,
    "Table": _table,
    "Details": _details,
    "Photo": _photo,
    "Video": _file,
    "Audio": _file,
    "Document": _file,
    "Cover": _cover,
    "Collage": _pictures,
    "Slideshow": _pictures,
    "Embed": _embedded,
    "EmbedPost": _embedded,
    "Channel": _channel,
    "Map": _map,
    "RelatedArticles": _related,
    "Math": _math,
    "ButtonRow": _buttons,
    "Unsupported": _lack,
    "Anchor": _nothing,
    "Divider": _nothing,
}
