"""A flattened channel page, or the canonical text of one post, read into documents.

An extractor has made lines of a page of ``t.me/s``. Forward lines, placeholders and hidden pairs
cut it for certain; where bodies are repeated the copies say where posts end; where they are not,
blank lines and calls to action do, and the boundary is flagged as inferred.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from handlers.normalize.page import blanks, copies, replies
from handlers.normalize.page import header as page_header
from handlers.normalize.page import parts as page_parts
from handlers.normalize.page.copies import Reading
from handlers.normalize.page.parts import Part
from handlers.normalize.post import guards, headers, lines, page_marks
from handlers.normalize.post.lines import Line
from storage.document import (
    Artefact,
    Channel,
    Document,
    Flag,
    Forward,
    Furniture,
    Media,
    Reply,
    Source,
)
from storage.structs import replace

# A page with blank lines repeats its bodies only if it does so at some length.
_TELLING = 40


class _Post(Struct, frozen=True, kw_only=True):
    """One post of a page: its part's marks as far as they are its own, and its reading."""

    part: Part
    reading: Reading | None
    first: bool
    last: bool
    flags: tuple[Flag, ...] = ()


class _Page(Struct, frozen=True, kw_only=True):
    """The lines of a file that are not blank, with their numbers in it."""

    header: headers.Header | None = None
    lines: Sequence[Line] = ()
    rows: Sequence[int] = ()
    has_blanks: bool = False
    places: Sequence[int] = ()

    def block_of(self, row: int) -> int:
        """The block (blank lines part them) that a line of the file stands in."""
        at = bisect_right(self.rows, row) - 1
        return self.places[at] if at >= 0 else 0


def read_page(text: str, *, file: str, file_hash: str) -> list[Document]:
    """The posts of a flattened page, in order, not yet finished. Never fails."""
    page = _open(text)
    top = page_header.read([line.text for line in page.lines])
    kept, rows = page.lines[top.count :], page.rows[top.count :]
    parts = page_parts.cut(kept, rows, names=(top.title,) if top.title else ())
    posts = list(_list_posts(parts, page))
    documents = [
        _document(post, page, doc_id=f"txt:{file_hash[:16]}#{number}", file=file, title=top.title)
        for number, post in enumerate(posts, start=1)
    ]
    if documents and page.header is not None:
        documents[0] = _dated(documents[0], page.header)
    if documents and top.count:
        documents[0] = _with_header(documents[0], top, page)
    return documents


def _open(text: str) -> _Page:
    header = headers.match(text)
    start = header.end if header else 0
    kept: list[Line] = []
    rows: list[int] = []
    places: list[int] = []
    newlines, place = 0, 0
    for row, raw in enumerate(text[start:].split("\n")):
        line = raw.removesuffix("\r")
        if not lines.is_blank(line) or guards.role(line):
            gap = min(newlines, 2) if kept else None
            place += gap == 2
            kept.append(Line(text=line, gap=gap))
            rows.append(row)
            places.append(place)
            newlines = 0
        newlines += 1
    has_blanks = any(line.gap == 2 for line in kept)
    return _Page(header=header, lines=kept, rows=rows, has_blanks=has_blanks, places=places)


def _list_posts(parts: Sequence[Part], page: _Page) -> Iterator[_Post]:
    certain = True
    for part, readings in zip(parts, _read_parts(parts, page), strict=True):
        for post in _posts_of(part, readings):
            starts = certain or (post.first and part.forward is not None)
            yield replace(post, flags=_flags(post, inferred=not starts))
            certain = _ends_certainly(post)


def _read_parts(parts: Sequence[Part], page: _Page) -> list[tuple[Reading, ...]]:
    stretches = [
        copies.Stretch(
            lines=[line.text for line in part.lines],
            hidden=part.hidden,
            last=index == len(parts) - 1,
            opened=part.opened,
        )
        for index, part in enumerate(parts)
    ]
    if any(guards.role(line.text) for line in page.lines):
        return [copies.whole(stretch) for stretch in stretches]
    readings = [copies.explain(stretch) for stretch in stretches]
    if readings and not _is_terse(readings):
        readings[-1] = copies.explain(replace(stretches[-1], terse=False))
    if _repeats(parts, readings, _TELLING if page.has_blanks else 0):
        return replies.join(parts, readings)
    if page.has_blanks:
        return [blanks.split(part.lines) for part in parts]
    return [copies.whole(stretch) for stretch in stretches]


def _is_terse(readings: Sequence[tuple[Reading, ...]]) -> bool:
    """Whether a fifth of a page's posts, those before its last stretch, are single lines."""
    sizes = [reading.body_end - reading.head for found in readings[:-1] for reading in found]
    sizes += [reading.body_end - reading.head for reading in readings[-1] if reading.copy != "none"]
    return 5 * sizes.count(1) > len(sizes)


def _repeats(parts: Sequence[Part], readings: Sequence[tuple[Reading, ...]], least: int) -> bool:
    """Whether any post is read as having a copy, of at least ``least`` characters."""
    return any(
        sum(len(line.text) for line in part.lines[reading.body_end : reading.copy_end]) >= least
        for part, found in zip(parts, readings, strict=True)
        for reading in found
        if reading.copy != "none"
    )


def _posts_of(part: Part, readings: tuple[Reading, ...]) -> Iterator[_Post]:
    if not readings:
        yield _Post(part=part, reading=None, first=True, last=True)
    for index, reading in enumerate(readings):
        yield _Post(part=part, reading=reading, first=index == 0, last=index == len(readings) - 1)


def _ends_certainly(post: _Post) -> bool:
    """Whether the end of a post is known: by the hidden pair, or by the end of an exact copy."""
    if post.last and post.part.hidden:
        return True
    reading = post.reading
    exact = reading is not None and reading.copy == "exact" and reading.end == reading.copy_end
    return exact and not (post.last and post.part.counters)


def _flags(post: _Post, *, inferred: bool) -> tuple[Flag, ...]:
    reading = post.reading
    copy = reading.copy if reading else "none"
    found: list[tuple[bool, Flag]] = [
        (copy != "none", "body_repeated"),
        (copy == "lossy", "lossy_copy"),
        (copy == "cut", "copy_cut"),
        (inferred, "boundary_inferred"),
        (reading is not None and reading.guessed, "boundary_unsure"),
        (reading is None and post.part.hidden, "text_withheld"),
    ]
    return tuple(flag for applies, flag in found if applies)


def _document(post: _Post, page: _Page, *, doc_id: str, file: str, title: str | None) -> Document:
    part, reading = post.part, post.reading
    texts = list(part.lines[reading.head : reading.body_end]) if reading else []
    reply = _reply(post)
    untitled = bool(texts) and guards.role(texts[0].text) == "body"
    kept = [
        Line(text=guards.unprotect(line.text), gap=line.gap if page.has_blanks else None)
        for line in texts
    ]
    head = None if untitled or not kept else kept[0].text
    body = lines.blocks(kept if untitled else kept[1:])
    return Document(
        kind="post",
        doc_id=doc_id,
        source=Source(type="text", file=file, lines=_range(post)),
        channel=Channel(title=title) if title else None,
        forwarded_from=Forward(name=part.forward) if post.first and part.forward else None,
        reply_to=Reply(quote=reply[1]) if reply else None,
        title=head,
        body=body,
        media=tuple(_media(post)),
        furniture=tuple(_furniture(post, page)),
        artefact=Artefact(
            copy=reading.copy if reading else "none",
            keep=reading.keep if reading else (),
            hidden_fallback=post.last and part.hidden,
        ),
        flags=post.flags,
        content_hash="",
    )


def _range(post: _Post) -> tuple[int, int]:
    """First and last line of a post in its file, from 1."""
    part, reading = post.part, post.reading
    if reading is None:
        return part.start + 1, part.end
    first = reading.head if reading.start is None else reading.start
    start = part.start if post.first else part.rows[first]
    end = part.end if post.last else part.rows[reading.end - 1] + 1
    return start + 1, end


def _reply(post: _Post) -> tuple[str, str] | None:
    """The name and the words that a post answers."""
    reading = post.reading
    if reading is not None and reading.start is not None:
        name, words = post.part.lines[reading.start : reading.head]
        return name.text, words.text
    return post.part.reply if post.first else None


def _previewed(post: _Post) -> list[str]:
    reading = post.reading
    if reading is None:
        return []
    return [line.text for line in post.part.lines[reading.copy_end : reading.end]]


def _media(post: _Post) -> Iterator[Media]:
    for mark in post.part.placeholders if post.first else ():
        if mark == page_marks.TOO_BIG:
            yield Media(type="video", state="too_big")
        else:
            yield Media(type="unknown", state="not_in_browser")
    preview = _previewed(post)
    if preview:
        yield Media(type="webpage", name=preview[0], title="\n".join(preview[1:3]) or None)


def _furniture(post: _Post, page: _Page) -> Iterator[Furniture]:
    part = post.part
    at = page.block_of(_range(post)[0] - 1)
    reply = _reply(post)
    if reply is not None:
        yield Furniture(kind="section", text=reply[0], at=at)
    for text in _previewed(post):
        yield Furniture(kind="tail", text=text, at=page.block_of(_range(post)[1] - 1))
    for text in part.counters if post.last else ():
        yield Furniture(kind="counter", text=text, at=page.block_of(part.end - 1))


def _dated(document: Document, header: headers.Header) -> Document:
    """The first post of a file under the file's header."""
    return replace(
        document,
        source=replace(document.source, lines=(1, *document.source.lines[1:])),
        header_date=header.date,
        published_at=header.published_at,
        published_precision=header.precision,
        published_basis="header" if header.published_at else "none",
    )


def _with_header(document: Document, top: page_header.Top, page: _Page) -> Document:
    """The first post of a page, with the page's header as its furniture."""
    head = [
        Furniture(kind=kind, text=line.text, at=place)
        for kind, line, place in zip(top.kinds, page.lines, page.places, strict=False)
    ]
    return replace(
        document,
        source=replace(document.source, lines=(1, *document.source.lines[1:])),
        furniture=(*head, *document.furniture),
    )
