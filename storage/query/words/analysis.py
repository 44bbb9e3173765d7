"""The analysis of texts and documents: tokens, terms, forms and marks.

A text becomes words: runs of letters and digits (``don't`` is one, ``dont``), emoji, and each
character of Chinese and Japanese, which have no spaces, so that a search can match anywhere in
them. A word has a *form* (folded: case, ``ё`` as ``е``, compatibility forms, accents on Latin
letters, though not what makes ``й`` of ``и``) and a *term*: all lexemes that the form may belong to
(storage/query/words/forms.py). A column marks the forms of words in capitals: ``us·`` for US and
U.S., not for us. *Beside* the words of a text are numbers and codes as one word: ``15000`` for 15
000 (storage/query/words/beside.py).

A document becomes the words of its title, the words of the rest, those of its attachments, and
*marks*, which filters ask for.

VERSION is increased whenever the same text would give other words, terms or marks: the database
stores the version by which a document was indexed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, chain, compress
from operator import not_
from typing import NamedTuple

from msgspec import Struct

from storage.document import Document
from storage.query.words import also, beside, contents, forms, name_keys, quotes, sites
from storage.query.words.contents import attached_texts as attached_texts
from storage.query.words.contents import is_label as is_label
from storage.query.words.folding import (
    CAPITAL,
    NOTE,
    WORD,
    capital_form,
    find_words,
    fold_plain,
    is_plain,
    may_be_capital,
)
from storage.query.words.folding import fold as fold
from storage.query.words.folding import fold_name as fold_name
from storage.query.words.folding import hashtags as hashtags
from storage.query.words.sites import Site
from storage.structs import replace

VERSION = 9000 + forms.VERSION

# Flags among the forms of a chunk: there are forms beside its words; it may be part of a number in
# groups, or of initials; its text may quote somebody; its words also say something (also the
# separator of these rows).
_BESIDE, _PART, _QUOTING, _ALSO = " ", "  ", " :", "   "

APART = CAPITAL
"""Stands in place of a word before each row of what the words of a text also say."""
FAR = 20
"""How many of these stand before the first row, so that no word of the text is near to it."""

_REMEMBERED, _LONGEST_REMEMBERED = 60_000, 64

_CHUNK = re.compile(r"\S+")
_PUNCTUATION = '.,:;!?()"«»“”„*…—–-'  # signs around a word that never belong to it


class Word(NamedTuple):
    """A word: its folded form, and the term that it is indexed by, with ``|`` between its
    readings."""

    form: str
    term: str


class Column(NamedTuple):
    """The words of a text in order: their terms, and their forms (``us·`` for capitals), followed
    by the forms beside them."""

    forms: tuple[str, ...]
    terms: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The forms of the words, without those beside them."""
        return self.forms[: len(self.terms)]

    @property
    def beside(self) -> tuple[str, ...]:
        """The forms that stand beside words."""
        return self.forms[len(self.terms) :]

    @property
    def written(self) -> "Column":
        """The words of the text itself, without what they also say."""
        return _written(self) if APART in self.terms else self


@lru_cache(maxsize=8)  # asked by many queries of one document
def _written(column: Column) -> Column:
    count = column.terms.index(APART)
    return Column(column.forms[:count], column.terms[:count])


NO_WORDS = Column((), ())


class _Chunks(dict[str, tuple[str, ...]]):
    """A cache from chunks (text between white space) to the form and term of each of their words,
    followed by the forms beside them with an empty term. It is a third faster than finding words
    one by one, and keeps between one and two times ``_REMEMBERED`` new chunks.
    """

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, tuple[str, ...]] = {}

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        found = self._former.get(chunk)
        if found is None:
            bare = chunk.strip(_PUNCTUATION)
            if not is_plain(bare) or also.is_stretched(bare) or also.plural_of(bare):
                found = self._take_apart(chunk)
            else:
                found = _plain_word(chunk) if bare == chunk else self[bare]
            if quotes.may_tell(chunk) and _QUOTING not in found:
                found = (*found, _QUOTING, "")
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self._former = self.copy()
                self.clear()
            self[chunk] = found
        return found

    def _take_apart(self, chunk: str) -> tuple[str, ...]:
        surfaces = find_words(chunk)
        found: tuple[str, ...]
        if surfaces == [chunk]:
            found = _word(chunk)
        else:
            found = tuple(chain.from_iterable([self[surface][:2] for surface in surfaces]))
        told: list[str] = []
        if also.may_be_there(chunk) and (rows := [*map(_as_told, also.rows(chunk))]):
            told += [_ALSO, *rows]
        if beside.may_be_there(chunk):
            joined = [form for _, _, form in _beside(chunk)]
            told += [*joined, _BESIDE] if joined else []
            told += [_PART] if beside.may_be_part(chunk) else []
        return (*found, *chain.from_iterable([(one, "") for one in told])) if told else found

    def forget(self) -> None:
        self._former = {}
        self.clear()


def _word(surface: str) -> tuple[str, str]:
    """Form, with its capitals marked, and term; strings that are the same are one."""
    form = surface if surface == (folded := fold(surface)) else folded
    term = forms.normal_form(form)
    marked = f"{form}{CAPITAL}"
    return marked if capital_form(surface) == marked else form, form if term == form else term


def _plain_word(surface: str) -> tuple[str, str]:
    """Form and term of a word that ``is_plain``."""
    form = surface if surface == (plain := fold_plain(surface)) else plain
    term = forms.normal_form(form)
    if surface.isupper() and may_be_capital(form):
        return f"{form}{CAPITAL}", term
    return form, form if term == form else term


def _as_told(row: also.Row) -> str:
    """A row of what is also said, as the cache stores it: forms and terms alternating."""
    pairs = [_word(surface) for _, _, surface in row]
    return f"{_ALSO}{' '.join(chain.from_iterable(pairs))}"


def find_joined(text: str) -> Iterator[tuple[int, int, str]]:
    """The numbers in groups and codes of a text: start, end, and the form of all of it."""
    yield from beside.numbers(text)
    for match in _CHUNK.finditer(text):
        for start, end, joined in beside.codes(match[0]):
            yield match.start() + start, match.start() + end, fold(joined)


def _beside(chunk: str) -> Iterator[tuple[int, int, str]]:
    """The forms beside the words of a chunk: start, end and form."""
    for match in WORD.finditer(chunk) if beside.has_raised(chunk) else ():
        if note := NOTE.search(match[0]):
            yield *match.span(), f"{fold(match[0])}{fold(note[0])}"
    for start, end, joined in beside.codes(chunk):
        yield start, end, fold(joined)


def forget() -> None:
    """Empty the caches."""
    _CHUNKS.forget()


_CHUNKS = _Chunks()


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    flat = tuple(chain.from_iterable(map(_CHUNKS.__getitem__, text.split())))
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return [Word(form.removesuffix(CAPITAL), term) for form, term in pairs if term]


def column(text: str) -> Column:
    """The words of a text in order, and the forms beside them."""
    return _read(text, map(_CHUNKS.__getitem__, text.split()))[0]


def _read(text: str, pieces: Iterable[tuple[str, ...]]) -> tuple[Column, bool]:
    """The column of a text, and whether it may have quotes."""
    flat = tuple(chain.from_iterable(pieces))
    found, terms = flat[::2], flat[1::2]
    grouped = beside.may_have_groups(text)
    if not grouped and "" not in terms:
        return Column(found, terms), False
    besides = dict.fromkeys(compress(found, map(not_, terms)))
    if grouped or _PART in besides:
        besides.update((form, None) for _, _, form in _beyond(text))
    rows = [one.split() for one in besides if one.startswith(_ALSO) and one != _ALSO]
    rows = [[APART, APART] * (FAR - 2), *rows] if rows else rows
    said = [*chain.from_iterable([(APART, APART, *row) for row in rows])]
    held = (*compress(found, terms), *said[::2], *[one for one in besides if " " not in one])
    return Column(held, (*filter(None, terms), *said[1::2])), _QUOTING in besides


def _beyond(text: str) -> Iterator[tuple[int, int, str]]:
    """The forms beside words across white space: start, end and form."""
    yield from beside.numbers(text)
    for start, end, joined in beside.initials(text):
        yield start, end, f"{joined.lower()}{CAPITAL}"


class WordSpans:
    """The words of a text in order, with their places, computed on demand."""

    def __init__(self, text: str) -> None:
        self._chunks = [*map(_CHUNKS.__getitem__, text.split())]
        self.column = _read(text, self._chunks)[0]
        self._text = text
        self._ends, self._stretches = list[int](), list[tuple[int, int]]()
        self._found: dict[int, list[tuple[int, int]]] = {}
        self._also: list[tuple[int, int]] | None = None

    def span(self, index: int) -> tuple[int, int]:
        """The character offsets of a word, or of the text that also says it; end exclusive."""
        if not self._stretches:
            self._stretches = [match.span() for match in _CHUNK.finditer(self._text)]
            self._ends = [*accumulate(len(one) // 2 - one.count("") for one in self._chunks)]
        place = bisect_right(self._ends, index)
        if place == len(self._ends):
            return self._list_also()[index - self._ends[-1]]
        if place not in self._found:  # Once for all: a chunk may have thousands of words.
            found = WORD.finditer(self._text, *self._stretches[place])
            self._found[place] = [match.span() for match in found]
        return self._found[place][index - (self._ends[place - 1] if place else 0)]

    def _list_also(self) -> list[tuple[int, int]]:
        """The places of the text that also says the words appended to those of the text, in
        order."""
        if self._also is None:
            places: dict[str, list[tuple[int, int]]] = {}
            for match in _CHUNK.finditer(self._text):
                for row in also.rows(match[0]) if also.may_be_there(match[0]) else ():
                    spans = [(match.start() + start, match.start() + end) for start, end, _ in row]
                    places.setdefault(_as_told(row), [spans[0], *spans])
            self._also = [*chain.from_iterable(places.values())]
            self._also[:0] = self._also[:1] * (FAR - 1)
        return self._also

    def beside(self, form: str) -> list[tuple[int, int]]:
        """Where a form stands that the column has beside its words."""
        if form not in self.column.beside:
            return []
        found = [span for *span, other in _beyond(self._text) if other == form]
        for at, chunk in ((one.start(), one[0]) for one in _CHUNK.finditer(self._text)):
            found += [[at + a, at + b] for a, b, other in _beside(chunk) if other == form]
        return sorted((start, end) for start, end in found)


@lru_cache(maxsize=10_000)
def label(text: str) -> str:
    """A title or a name as one comparable string: its words' forms, without emoji."""
    return " ".join(word.form for word in words(text) if any(map(str.isalnum, word.form)))


class Analysed(Struct, frozen=True):
    """A document as queries see it: the words of its title, of the rest and of its attachments; its
    marks; the sites that it links to; and the texts with these words."""

    title: Column
    body: Column
    marks: frozenset[str]
    attached: Column = NO_WORDS
    sites: tuple[Site, ...] = ()
    texts: tuple[str, str, str] = ("", "", "")

    @property
    def columns(self) -> tuple[Column, Column, Column]:
        """Where words are looked for."""
        return self.title, self.body, self.attached

    @property
    def own(self) -> "Analysed":
        """The document by its own words alone."""
        return self if self.attached is NO_WORDS else replace(self, attached=NO_WORDS)

    @property
    def written(self) -> "Analysed":
        """The document with the words of its texts only, without what they also say."""
        title, body, attached = (column.written for column in self.columns)
        return replace(self, title=title, body=body, attached=attached)


def title_text(document: Document) -> str:
    """The text that ``title:`` searches."""
    return document.title or ""


def body_text(document: Document) -> str:
    """The searchable text below the title: deck, a dateline that was cut, blocks."""
    parts = [document.deck] if document.deck else []
    if document.kind == "article" and document.dateline is not None:
        parts.append(document.dateline.raw)
    parts.extend(block.text for block in document.body)
    return "\n".join(parts)


def analyse_document(document: Document) -> Analysed:
    """A document's words and marks."""
    title, body = title_text(document), body_text(document)
    attached = attached_texts(document) if document.media else []
    beyond = "\n".join([text for _, text in attached]) if attached else ""
    linked = sites.list_sites(document) if document.links or document.media else ()
    read = [_read(text, map(_CHUNKS.__getitem__, text.split())) for text in (title, body)]
    found = marks(document, title, body, may_quote=read[0][1] or read[1][1])
    return Analysed(
        read[0][0],
        read[1][0],
        frozenset(chain(found, *[_link_marks(site.host) for site in linked]) if linked else found),
        column(beyond) if attached else NO_WORDS,
        linked,
        (title, body, beyond),
    )


def mark(kind: str, value: str) -> str:
    """The mark that a filter of this kind and (folded) value asks for."""
    return f"{kind}:{value}"


def marks(document: Document, title: str, body: str, *, may_quote: bool) -> Iterator[str]:
    """The marks of a document; ``title`` and ``body`` are its searchable texts."""
    for text in (title, body):
        for _, _, name in hashtags(text):
            yield mark("tag", name)
    if document.channel is not None:
        channel = document.channel
        yield from _owner_marks("channel", channel.id, channel.username, channel.title)
    if document.forwarded_from is not None:
        origin = document.forwarded_from
        yield from _owner_marks("from", origin.channel_id, origin.username, origin.name)
    if document.author is not None:
        author = document.author
        yield from _owner_marks("by", author.id, author.username, author.name)
    if document.lang:
        yield mark("lang", document.lang)
    for name in contents.list_places(document):
        for word in words(name):
            for reading in forms.readings(word.form):
                yield mark("place", reading)
    for speaker in quotes.list_speakers(f"{title}\n{body}") if may_quote else ():
        for key in name_keys.held_of(speaker):
            yield mark("who", key)
    for value in contents.list_contents(document):
        yield mark("has", value)
    for value in contents.list_states(document):
        yield mark("is", value)


@lru_cache(maxsize=2_000)
def _link_marks(host: str) -> tuple[str, ...]:
    return tuple([mark("link", name) for name in sites.names(host)])


@lru_cache(maxsize=2_000)
def _owner_marks(
    kind: str, number: int | None, username: str | None, name: str | None
) -> tuple[str, ...]:
    names = [] if number is None else [str(number)]
    if username:
        names.append(fold_name(username))
    if name and (folded := label(name)):
        names.append(folded)
    return tuple([mark(kind, one) for one in names])
