"""The lines of a post: one block each, by the first rule of the schema that fits.

``📍`` is a location, ``Read in full`` a call to action, a line of hashtags stands alone, ``💬``
opens a quotation, bullets and emoji (but no flags) open list items, a short line with a colon at
its end heads what follows, a labelled question is one, and everything else is a paragraph.
"""

import operator
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from handlers.normalize.parsing import dates
from handlers.normalize.post import emoji
from storage.document import Block, BlockType, Span
from storage.query.words.folding import TAG

SHORT = 80
"""Characters: a speaker is at most this long, a subhead shorter."""

# What stands before the sign is looked at after it: a search that begins with a letter is fast.
HASHTAG = re.compile(r"#(?<![\w#&/]#)(?=[0-9_]*[^\W\d_])" + TAG)

_BLANK = " \t\r\f\v\xa0\u200b\u200e\u200f\u2060\ufeff"
_PIN = "📍"
_QUOTE = "💬"
_CTA = re.compile(
    r"(?:[📖📚🎥]\ufe0f?\s*)?"
    r"(?:(?:read\s+in\s+full|читать\s+полностью)\b.{0,80}"
    r"|(?:read\s+(?:more|the\s+full)|читать\s+(?:далее|целиком)|watch|смотреть|смотрите)\b"
    r"[^.!?]{0,60}[.!…]{0,3})",
    re.IGNORECASE,
)
_CTA_SIGNS = ("📖", "📚", "🎥")
_CTA_LETTERS = "RrWwЧчСс"
_QUESTION_LETTERS = "QqВв"
_ONLY_HASHTAGS = re.compile(rf"(?:#(?=[0-9_]*[^\W\d_]){TAG}\s*)+")
_SIMPLE_MARKER = re.compile(r"[•‣◦▪▫■□●○◆◇►▶◀◾◽◼◻]\ufe0f?|[-–—―−](?![0-9])")
_QUESTION = re.compile(
    r"(?:question|вопрос)(?:\s{0,2}(?:№|no\.)?\s{0,2}[0-9]{1,3})?\s{0,2}:", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?…][»”\"')]{0,3}(?=\s|$)")
_LAST_WORD = re.compile(r"\w*$")
_SHORTENED = "mr mrs ms dr st gen col lt sen prof rep им г"
_ABBREVIATIONS = frozenset(_SHORTENED.split())


class Line(Struct, frozen=True, kw_only=True):
    """One line of a text. ``gap``: newlines above it, null where that is not known.

    Spans count characters from the start of the line.
    """

    text: str
    gap: int | None = None
    spans: tuple[Span, ...] = ()


_Row = tuple[str, str, int | None, tuple[Span, ...]]
"""A line, what can be seen of it, its gap, its spans."""


def split(text: str, spans: Sequence[Span] = ()) -> tuple[Line, ...]:
    """The lines of a text that are not blank, each with its gap and its share of the spans.

    Spans come in characters over the whole text; one that covers several lines is cut at their
    ends. The first line's gap is null, the others' 1 or 2.
    """
    return tuple(Line(text=row, gap=gap, spans=share) for row, _, gap, share in _rows(text, spans))


def split_post(text: str, spans: Sequence[Span] = ()) -> tuple[str | None, tuple[Block, ...]]:
    """The first line of a text, without its spans, and a block for each of the others."""
    # Only what goes on after the first line break can lie outside the first line.
    end = text.find("\n")
    rows = _rows(text, [span for span in spans if span.end > end >= 0])
    if not rows:
        return None, ()
    title = rows[0][0]
    if len(rows) == 1:
        return title, ()
    row, bare, _, share = rows[1]
    return title, (_block(row, bare, None, share), *[_block(*row) for row in rows[2:]])


def blocks(lines: Iterable[Line]) -> tuple[Block, ...]:
    """A block for each line; the first one's gap is null."""
    return tuple(
        [
            _block(line.text, line.text.strip(_BLANK), line.gap if index else None, line.spans)
            for index, line in enumerate(lines)
        ]
    )


def block(line: Line) -> Block:
    """The block that a line is, by the first rule that fits."""
    return _block(line.text, line.text.strip(_BLANK), line.gap, line.spans)


def is_blank(text: str) -> bool:
    """Whether nothing of a line can be seen."""
    return not text.strip(_BLANK)


def place_and_date(text: str) -> tuple[str | None, str | None]:
    """``Vienna, March 13, 2023`` as its place and its partial ISO date, null where none is found.

    The date may stand first or be missing; a place of more than 80 characters or of several
    sentences is none.
    """
    bare = text.strip(_BLANK + ".")
    date = dates.parse_date(bare)
    if date is not None:
        return None, date
    for cut in _cuts(bare):
        after = dates.parse_date(bare[cut:].lstrip(" \xa0,.;|–—-"))
        if after is not None:
            return _place(bare[:cut]), after
    before = dates.match_date(bare)
    if before is not None and bare[before.end :].lstrip().startswith((",", ".")):
        return _place(bare[before.end :]), before.date
    return _place(bare), None


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends inside or at the end of a text; initials and titles end none."""
    for found in _SENTENCE_END.finditer(text):
        before = _LAST_WORD.search(text[max(0, found.start() - 12) : found.start()])
        word = before.group().lower() if before else ""
        if text[found.start()] != "." or (len(word) > 1 and word not in _ABBREVIATIONS):
            return True
    return False


def _cuts(text: str) -> list[int]:
    """Where the date behind a place may begin: at the last few separators, the leftmost first."""
    found = [match.start() for match in re.finditer(r"[,.;|]|\s[–—-]\s", text[-60:])]
    offset = max(0, len(text) - 60)
    return [offset + position for position in found]


def _place(text: str) -> str | None:
    place = text.strip(_BLANK + ",.;|–—-")
    if not place or len(place) > SHORT or ends_sentence(place + " "):
        return None
    return place


def _speaker(text: str) -> str | None:
    name, colon, _ = text.partition(": ")
    name = name.strip(_BLANK)
    if not colon or not name or len(name) > SHORT or ends_sentence(name + " "):
        return None
    return name


def _marker(text: str) -> str | None:
    found = _SIMPLE_MARKER.match(text)
    return found.group() if found else emoji.leading_cluster(text)


def _rows(text: str, spans: Sequence[Span]) -> list[_Row]:
    rows: list[_Row] = []
    position, gap = 0, None
    shares = _Shares(spans) if spans else None
    for raw in text.split("\n"):
        kept = raw.removesuffix("\r")
        bare = kept.strip(_BLANK)
        if bare:
            share = shares.take(position, position + len(kept)) if shares else ()
            rows.append((kept, bare, gap, share))
            gap = 1
        elif gap:
            gap = 2
        position += len(raw) + 1
    return rows


def _block(text: str, bare: str, gap: int | None, spans: tuple[Span, ...]) -> Block:
    framed = _frame(text, spans) if spans else None
    if framed is not None:
        rest = tuple(span for span in spans if span is not framed)
        kind: BlockType = "code" if framed.kind == "pre" else "blockquote"
        return Block(type=kind, text=text, gap=gap, spans=rest)
    # Nearly every line opens with a letter, which leaves few rules (ℹ is one, and a marker).
    if bare[:1].isalpha() and not "\u2100" <= bare[0] <= "\u2bff":
        return Block(type=_type_of_words(bare), text=text, gap=gap, spans=spans)
    kind, found = _read(bare)
    return Block(type=kind, text=text, gap=gap, spans=spans, **found)


def _type_of_words(bare: str) -> BlockType:
    if bare[0] in _CTA_LETTERS and _CTA.fullmatch(bare):
        return "cta"
    if bare.endswith(":") and len(bare) < SHORT:
        return "subhead"
    return "question" if bare[0] in _QUESTION_LETTERS and _QUESTION.match(bare) else "para"


def _read(bare: str) -> tuple[BlockType, dict[str, str | None]]:
    """The type of a line that opens with no letter, and what it says besides."""
    if bare.startswith(_PIN):
        place, date = place_and_date(bare.removeprefix(_PIN).lstrip("\ufe0f"))
        return "location", {"place": place, "date": date}
    if bare.startswith(_CTA_SIGNS) and _CTA.fullmatch(bare):
        return "cta", {}
    if bare.startswith("#") and _ONLY_HASHTAGS.fullmatch(bare):
        return "hashtags", {}
    if bare.startswith(_QUOTE):
        return "quote", {"speaker": _speaker(bare.removeprefix(_QUOTE).lstrip("\ufe0f"))}
    marker = _marker(bare)
    if marker is not None:
        return "bullet", {"marker": marker}
    return ("subhead" if bare.endswith(":") and len(bare) < SHORT else "para"), {}


def _frame(text: str, spans: Iterable[Span]) -> Span | None:
    """The code block or block quotation that the whole line lies in, if any."""
    for span in spans:
        if span.kind in ("pre", "blockquote") and (span.start, span.end) == (0, len(text)):
            return span
    return None


_extent = operator.attrgetter("start", "end")
_MOST_SHARES = 20_000
"""The most spans of all lines together, spans over several lines counted once per line: nine kinds
over a text with one character a line. Hundreds of spans over thousands of lines would take
minutes."""


class _Shares:
    """Hands each line its share of spans, in one pass over both."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._waiting: Iterator[Span] = iter(sorted(spans, key=_extent))
        self._next = next(self._waiting, None)
        self._open: list[Span] = []
        self._left = _MOST_SHARES

    def take(self, start: int, end: int) -> tuple[Span, ...]:
        if not self._open and (self._next is None or self._next.start >= end):
            return ()
        while self._next is not None and self._next.start < end:
            self._open.append(self._next)
            self._next = next(self._waiting, None)
        self._open = [span for span in self._open if span.end > start]
        # Those that begin first come first: only the last are left out.
        taken = self._open[: self._left]
        self._left -= len(taken)
        return tuple(
            [
                Span(
                    kind=span.kind,
                    start=max(span.start, start) - start,
                    end=min(span.end, end) - start,
                    url=span.url,
                )
                for span in taken
            ]
        )
