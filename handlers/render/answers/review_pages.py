"""A review as messages: its sections by pages, every entry with a link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from handlers.outlines.headlines import head_of
from handlers.render.text.dates import Here, dated
from handlers.render.text.headings import address, channel_name, headline, published
from handlers.render.text.keyboards import pager
from handlers.render.text.messages import MESSAGE_SPANS, MESSAGE_UNITS, Message, shorten, truncate
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, bold, fill, join, link, rich, utf16_length
from handlers.render.text.wording_diff import word_diff
from handlers.reviews.review import Changed, Deleted, Name, Repeated, Review, Silent, Term
from handlers.texts.digests.reviewing import ReviewingWords, reviewing_words
from handlers.texts.words import Words
from storage import times
from storage.document import Document

PAGE = "rp"
"""The verb of the buttons that turn pages; its fields: the token, the page."""
NAME_UNITS = 40
TERM_UNITS = 100
HEAD_UNITS = 160
DIFF_UNITS = 500
QUERY_UNITS = 80
_ROOM = 3600
_SPANS = 90
"""A page is filled up to this number of spans: fewer than Telegram takes, so that nothing is ever
cut."""

Line = RichText | str


class ShownReview(Struct, frozen=True, kw_only=True):
    """A review that is stored under ``token``. ``documents``: the posts that its entries name, by
    ``doc_id``; ``title``: the name of its plan."""

    token: str
    since: datetime
    until: datetime
    review: Review
    documents: Mapping[str, Document]
    query: str | None = None
    title: str = ""


def named_posts(review: Review) -> set[str]:
    """The posts (``doc_id``) that its entries name."""
    return {
        *(one.doc_id for one in (*review.rising, *review.falling)),
        *(one.doc_id for one in review.names),
        *(one.doc_id for one in review.repeated),
        *(one.doc_id for one in review.changed),
        *(one.doc_id for one in review.deleted),
        *(one.last for one in review.silent),
    }


def review_page(shown: ShownReview, page: int, here: Here, words: Words) -> Message:
    """A page (from 0) of a review; beyond the end, the last one."""
    pages = _pages(shown, here, words)
    page = min(page, len(pages) - 1)
    turning = pager(PAGE, (shown.token,), page, len(pages), more=page + 1 < len(pages), words=words)
    return Message(join("\n", pages[page]), turning)


def _pages(shown: ShownReview, here: Here, words: Words) -> list[list[RichText]]:
    """The lines of each page: the title on each, a section's heading above what follows of it."""
    title = _title(shown, here, words)
    pages: list[list[RichText]] = [[title]]
    for heading, entries in _Sections(shown, here, words).list_all():
        line = RichText("\n") + heading
        if not entries:
            pages[-1].append(line)
        for place, entry in enumerate(entries):
            opening = [line] if not place else []
            if len(pages[-1]) > 1 and not _fits([*pages[-1], *opening, entry]):
                pages.append([title])
                opening = [line]
            pages[-1] += [*opening, entry]
    return pages


def _fits(lines: Sequence[RichText]) -> bool:
    units = sum(utf16_length(one.text) + 1 for one in lines)
    spans = sum(len(one.spans) for one in lines)
    return units <= min(_ROOM, MESSAGE_UNITS) and spans <= min(_SPANS, MESSAGE_SPANS)


def _title(shown: ShownReview, here: Here, words: Words) -> RichText:
    said = reviewing_words(words.language)
    since, until = (dated(at, here.zone, words) for at in (shown.since, shown.until))
    name = shorten(contained(shown.title), NAME_UNITS)
    lines: list[Line] = [bold(f"🗓 {name} · {since} – {until}" if name else f"🗓 {since} – {until}")]
    if shown.query:
        lines.append(fill(said.asked, query=shorten(shown.query, QUERY_UNITS)))
    posts = words.count(words.posts, shown.review.posts)
    lines.append(f"{posts} · {words.count(words.channels, shown.review.channels)}")
    if shown.review.older:
        lines.append(fill(said.older, count=shown.review.older))
    return join("\n", lines)


class _Sections(Struct, frozen=True):
    """The sections of a review in words."""

    shown: ShownReview
    here: Here
    words: Words

    @property
    def said(self) -> ReviewingWords:
        return reviewing_words(self.words.language)

    def list_all(self) -> Iterator[tuple[RichText, list[RichText]]]:
        """Headings with their entries, without empty sections."""
        review, said = self.shown.review, self.said
        sections: list[tuple[str, Iterable[Line | None]]] = [
            (said.rising, map(self._rising, review.rising)),
            (said.falling, map(self._falling, review.falling)),
            (said.names, map(self._name, review.names)),
            (said.repeated, map(self._repeated, review.repeated)),
            (said.count(said.changed, review.changes), map(self._changed, review.changed)),
            (said.count(said.deleted, review.deletions), map(self._deleted, review.deleted)),
            (said.silent, map(self._silent, review.silent)),
        ]
        if not review.compared:
            yield RichText(said.no_before), []
        for heading, entries in sections:
            lines = [rich(entry) for entry in entries if entry is not None]
            if lines:
                yield bold(heading), lines

    def _rising(self, term: Term) -> Line:
        return "• " + fill(
            self.said.rose,
            words=self._words(term),
            posts=self._posts(term.posts),
            channels=self._channels(term.channels),
            n=_average(term.before),
        )

    def _falling(self, term: Term) -> Line:
        posts = self._posts(term.posts)
        before = _average(term.before)
        return "• " + fill(self.said.fell, words=self._words(term), posts=posts, n=before)

    def _words(self, term: Term) -> RichText:
        told = shorten(", ".join(term.words), TERM_UNITS)
        return link(told, _address(self.shown.documents.get(term.doc_id)))

    def _name(self, name: Name) -> Line | None:
        document = self.shown.documents.get(name.doc_id)
        if document is None:
            return None
        return "• " + fill(
            self.said.name,
            name=link(shorten(name.name, NAME_UNITS), address(document)),
            posts=self._posts(name.posts),
            channels=self._channels(name.channels),
            channel=self._channel(document),
            time=self._time(document),
        )

    def _repeated(self, told: Repeated) -> Line | None:
        document = self.shown.documents.get(told.doc_id)
        if document is None:
            return None
        return "• " + fill(
            self.said.told,
            head=self._head(document),
            channels=self._channels(told.channels),
            channel=self._channel(document),
            time=self._time(document),
        )

    def _changed(self, changed: Changed) -> Line | None:
        document = self.shown.documents.get(changed.doc_id)
        differs = word_diff(changed.old, changed.new)
        if document is None or not differs:
            return None
        name = link(self._channel(document), address(document))
        at = dated(datetime.fromisoformat(changed.at), self.here.zone, self.words)
        return join(
            "", ("• ", name, f" {self._time(document)} → {at}: ", truncate(differs, DIFF_UNITS))
        )

    def _deleted(self, deleted: Deleted) -> Line | None:
        document = self.shown.documents.get(deleted.doc_id)
        if document is None:
            return None
        told = fill(
            self.said.gone,
            channel=self._channel(document),
            time=self._time(document),
            head=self._head(document),
        )
        notes: list[Line] = [told]
        at = times.from_instant(deleted.at)
        if at is not None:
            notes.append(fill(self.said.gone_at, time=dated(at, self.here.zone, self.words)))
        if deleted.others:
            notes.append(self.said.count(self.said.still, deleted.others))
        return "• " + join(" · ", notes)

    def _silent(self, silent: Silent) -> Line | None:
        document = self.shown.documents.get(silent.last)
        if document is None:
            return None
        told = fill(
            self.said.last,
            channel=link(self._channel(document), address(document)),
            time=self._time(document),
            n=_average(silent.before),
        )
        return "• " + (told if silent.is_read else told + f" · {self.said.unread}")

    def _posts(self, number: int) -> str:
        return self.words.count(self.words.posts, number)

    def _channels(self, number: int) -> str:
        return self.words.count(self.words.channels, number)

    def _channel(self, document: Document) -> str:
        return shorten(channel_name(document, self.words), NAME_UNITS)

    def _head(self, document: Document) -> RichText:
        said = head_of(document, HEAD_UNITS) or headline(document, self.words, HEAD_UNITS)
        return link(shorten(said, HEAD_UNITS), address(document))

    def _time(self, document: Document) -> str:
        at = times.from_instant(document.published_at)
        if at is None:
            return published(document, self.here, self.words)
        return dated(at, self.here.zone, self.words)


def _address(document: Document | None) -> str | None:
    return None if document is None else address(document)


def _average(number: float) -> str:
    return "<1" if 0 < number < 1 else str(round(number))
