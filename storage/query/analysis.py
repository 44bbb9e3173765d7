"""Text and documents taken apart into what can be asked for.

A text becomes words: runs of letters and digits (``don't`` is one, ``dont``), emoji, and each
character of Chinese and Japanese, which are written without spaces: what is searched for may stand
anywhere in such a run. A word has a *form* (folded: case, ``ё`` as ``е``, compatibility forms,
accents on Latin letters, though not what makes ``й`` of ``и``) and a *term*: all that the
form may be a form of (storage/query/forms.py). A document becomes the words of its title, the words
of the rest, those of what is attached, and *marks*: what filters ask for.

VERSION counts up whenever the same text would give other words, terms or marks: the database
remembers under which version a document was indexed.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain, islice
from typing import NamedTuple

from storage.document import Document, Media
from storage.query import forms, sites
from storage.query.sites import Site

VERSION = 3000 + forms.VERSION

_REMEMBERED = 60_000
_LONGEST_REMEMBERED = 32

_IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_APOSTROPHES = "'\u2019\u02bc\u2018`\u00b4"
_PICTURE = "[\u203c\u2049\u2139\u231a-\u23ff\u24c2\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff]"
_TINT = "[\ufe0f\U0001f3fb-\U0001f3ff]"
# A flag of a region is a black flag and its letters, as signs that nobody sees.
_REGION = "[\U000e0020-\U000e007f]"
_ALONE = (
    "\u3021-\u3029\u3038-\u303a\u3041-\u309e\u30a0-\u30fe\u3190-\u319f\u3220-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
# What stands upon or beside letters and is no letter itself: accents, Hebrew and Arabic vowels; and
# the blocks of India's scripts, where vowels are such marks.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u3099\u309a"
)
_LETTER = rf"[^\W_{_ALONE}\u309f\u30ff]"  # the last two are two letters in one, and hardly used
_WORD = re.compile(
    # The keycaps come first, for they begin with a digit.
    "[0-9]\ufe0f?\u20e3"
    rf"|{_LETTER}+(?:(?:[{_MARKS}{_IGNORED}]+|[{_APOSTROPHES}](?={_LETTER})){_LETTER}*)*"
    f"|[{_ALONE}][\u3099\u309a]?"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    f"|{_PICTURE}{_TINT}*{_REGION}*(?:\u200d{_PICTURE}{_TINT}*)*"
)
_CHUNK = re.compile(r"\S+")
_TINTS = re.compile(_TINT)
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}]s$", re.IGNORECASE)
_SIMPLER = str.maketrans("ıłøǿđ", "ilood", "\u0640")  # the last only makes Arabic words longer
_PLAIN = re.compile("[0-9a-z\u0430-\u044f\u0451]+")
_HASHTAG = re.compile(r"#(\w*[^\W\d_]\w*)")

_VIDEO = frozenset({"video", "round_video", "animation"})


class Word(NamedTuple):
    """A word as it is compared: folded, and as the term that stands for it in the index.

    Of ASCII, both hold letters and digits alone, and ``|`` between the readings of a term.
    """

    form: str
    term: str


class Column(NamedTuple):
    """The words of a text, in order: their forms, and beside them their terms."""

    forms: tuple[str, ...]
    terms: tuple[str, ...]


NO_WORDS = Column((), ())


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between white space → form and term of each of its words, one after the other.

    Nearly every chunk of a post has been seen before, and no word holds white space: to cut there
    and look up is a third faster than to find the words one by one. What was not seen among the
    last ``_REMEMBERED`` new chunks and those before them is forgotten.
    """

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, tuple[str, ...]] = {}

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        found = self._former.get(chunk)
        if found is None:
            surfaces = _WORD.findall(chunk)
            if surfaces == [chunk]:
                found = _word(chunk)
            else:
                found = tuple(chain.from_iterable([self[surface] for surface in surfaces]))
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self._former = self.copy()
                self.clear()
            self[chunk] = found
        return found

    def forget(self) -> None:
        self._former = {}
        self.clear()


def _word(surface: str) -> tuple[str, str]:
    """Form and term; strings that are the same are one."""
    form = fold(surface)
    if form == surface:
        form = surface
    term = forms.normal_form(form)
    return form, form if term == form else term


_CHUNKS = _Chunks()


def forget() -> None:
    """Empty what is remembered of words; nothing but time is lost."""
    _CHUNKS.forget()


def fold(surface: str) -> str:
    """A word's form: what it is when case, accents and ways of typing are left aside."""
    lower = surface.lower()
    if _PLAIN.fullmatch(lower):
        return lower.replace("ё", "е")
    if not any(map(str.isalnum, surface)):
        return _TINTS.sub("", surface) or surface
    base = _POSSESSIVE.sub("", surface)
    folded = unicodedata.normalize("NFKC", "".join(filter(_is_kept, _simplified(base))))
    if not folded[:1].isalnum():  # a vowel whose letter is left aside
        folded = "".join(filter(str.isalnum, folded))
    return folded or "".join(filter(str.isalnum, base.casefold()))


def _simplified(text: str) -> str:
    """Without case, compatibility forms, ``ё``, and accents on Latin letters."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(map(_without_accent, text.translate(_SIMPLER))).replace("ё", "е")


def _without_accent(char: str) -> str:
    """A Latin letter for one with accents. Accents that stand by themselves are no letters."""
    if char.isascii():
        return char
    parts = unicodedata.normalize("NFKD", char)
    plain = parts[0].isascii() and parts[0].isalpha() and all(map(unicodedata.combining, parts[1:]))
    return parts[0] if plain else char


def _is_kept(char: str) -> bool:
    """Letters and digits, and the vowels of India's scripts."""
    return char.isalnum() or ("\u0900" <= char <= "\u0dff" and unicodedata.category(char)[0] == "M")


def _flat(text: str) -> tuple[str, ...]:
    """Form and term of each word, one after the other."""
    return tuple(chain.from_iterable(map(_CHUNKS.__getitem__, text.split())))


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    flat = _flat(text)
    return list(map(Word, flat[::2], flat[1::2]))


def column(text: str) -> Column:
    """The words of a text, in order."""
    flat = _flat(text)
    return Column(flat[::2], flat[1::2])


class Placed:
    """The words of a text, in order, and where each of them stands, which is found when asked."""

    def __init__(self, text: str) -> None:
        chunks = [*map(_CHUNKS.__getitem__, text.split())]
        flat = tuple(chain.from_iterable(chunks))
        self.column = Column(flat[::2], flat[1::2])
        self._text = text
        self._ends = [*accumulate(map(len, chunks))]  # twice as many as there are words up to there
        self._stretches: list[tuple[int, int]] = []

    def span(self, index: int) -> tuple[int, int]:
        """The character offsets of a word, end exclusive."""
        if not self._stretches:
            self._stretches = [match.span() for match in _CHUNK.finditer(self._text)]
        place = bisect_right(self._ends, 2 * index)
        before = self._ends[place - 1] // 2 if place else 0
        found = _WORD.finditer(self._text, *self._stretches[place])
        return next(islice(found, index - before, None)).span()


def hashtags(text: str) -> Iterator[tuple[int, int, str]]:
    """Each hashtag: start (of its ``#``), end, folded name without the ``#``."""
    if "#" in text:
        for match in _HASHTAG.finditer(text):
            yield match.start(), match.end(), fold_name(match[1])


def fold_name(name: str) -> str:
    """A hashtag or user name folded: its underscores stay, so ``a_b`` is not ``ab``."""
    return "".join(char for char in _simplified(name) if _is_kept(char) or char == "_")


@lru_cache(maxsize=10_000)
def label(text: str) -> str:
    """A title or a name as one comparable string: its words' forms, without emoji."""
    return " ".join(word.form for word in words(text) if any(map(str.isalnum, word.form)))


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document as queries see it: the words of the title, of the rest and of what is attached;
    marks; and the sites that it links to."""

    title: Column
    body: Column
    marks: frozenset[str]
    attached: Column = NO_WORDS
    sites: tuple[Site, ...] = ()

    @property
    def columns(self) -> tuple[Column, Column, Column]:
        """Where words are looked for."""
        return self.title, self.body, self.attached

    @property
    def own(self) -> "Analysed":
        """The document by its own words alone."""
        return self if self.attached is NO_WORDS else replace(self, attached=NO_WORDS)


def title_text(document: Document) -> str:
    """What ``title:`` looks at."""
    return document.title or ""


def body_text(document: Document) -> str:
    """The searchable text below the title: deck, a dateline that was cut, blocks."""
    parts = [document.deck] if document.deck else []
    if document.kind == "article" and document.dateline is not None:
        parts.append(document.dateline.raw)
    parts.extend(block.text for block in document.body)
    return "\n".join(parts)


def attached_texts(document: Document) -> list[tuple[Media, str]]:
    """The words of what is attached, line by line, each with the medium that it stands in: titles,
    performers, descriptions, the names of files."""
    return [
        (medium, line)
        for medium in document.media
        for text in (medium.title, None if is_label(medium) else medium.name)
        if text is not None
        for line in text.split("\n")
    ]


def is_label(medium: Media) -> bool:
    """Whether a medium's name only says what it is (``fact-check``), and nobody wrote it."""
    return medium.type == "unknown" and medium.title is not None


def analyse_document(document: Document) -> Analysed:
    """A document's words and marks."""
    title, body = title_text(document), body_text(document)
    attached = attached_texts(document) if document.media else []
    linked = sites.list_sites(document) if document.links or document.media else ()
    found = marks(document, title, body)
    return Analysed(
        column(title),
        column(body),
        frozenset(chain(found, *[_link_marks(site.host) for site in linked]) if linked else found),
        column("\n".join([text for _, text in attached])) if attached else NO_WORDS,
        linked,
    )


def mark(kind: str, value: str) -> str:
    """The mark that a filter of this kind and (folded) value asks for."""
    return f"{kind}:{value}"


def marks(document: Document, title: str, body: str) -> Iterator[str]:
    """What filters can ask of a document; ``title`` and ``body`` are its searchable texts."""
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
    for name in _places(document):
        for word in words(name):
            for reading in forms.readings(word.form):
                yield mark("place", reading)
    for value in _contents(document):
        yield mark("has", value)
    for value in _states(document):
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


def _places(document: Document) -> Iterator[str]:
    if document.event is not None:
        yield document.event.place
    if document.dateline is not None and document.dateline.place:
        yield document.dateline.place
    for block in document.body:
        if block.place:
            yield block.place


def _contents(document: Document) -> Iterator[str]:
    for media in document.media:
        yield "video" if media.type in _VIDEO else media.type
    if document.media:
        yield "media"
    if document.links:
        yield "link"
    if len(document.album_ids) > 1:
        yield "album"
    if document.forwarded_from is not None:
        yield "forward"


def _states(document: Document) -> Iterator[str]:
    if document.edited_at is not None:
        yield "edited"
    if document.deleted_at is not None:
        yield "deleted"
    if document.forwarded_from is None:
        yield "original"
