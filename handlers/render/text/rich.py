"""Text with formatting as characters and spans, never as markup: outside text stays text."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import Formatter
from typing import Literal, get_args

from msgspec import Struct

Kind = Literal[
    "bold", "italic", "strike", "link", "code", "pre", "spoiler", "blockquote", "command"
]
"""``command``: a tap gives it; Telegram finds commands by itself, so it is never said to it."""
KINDS: frozenset[str] = frozenset(get_args(Kind))


class Span(Struct, frozen=True):
    """A formatted stretch; offsets count characters, end exclusive; ``url`` for links only."""

    kind: Kind
    start: int
    end: int
    url: str | None = None


class WireSpan(Struct, frozen=True):
    """A span as Telegram counts it: offset and length in UTF-16 units."""

    kind: Kind
    offset: int
    length: int
    url: str | None = None


class RichText(Struct, frozen=True):
    """Characters and the spans over them. Raises ValueError for a span outside the text."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        for span in self.spans:
            if not 0 <= span.start < span.end <= len(self.text):
                raise ValueError(f"{span} is outside a text of {len(self.text)} characters")

    def __add__(self, other: "RichText | str") -> "RichText":
        return join("", (self, other))

    def __radd__(self, other: str) -> "RichText":
        return join("", (other, self))

    def __bool__(self) -> bool:
        return bool(self.text)

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int) -> "RichText":
        """The characters from ``start`` to ``end``, with what of each span lies among them."""
        spans = (
            Span(span.kind, max(span.start, start) - start, min(span.end, end) - start, span.url)
            for span in self.spans
            if span.start < end and span.end > start
        )
        return RichText(self.text[start:end], tuple(spans))

    def stripped(self) -> "RichText":
        """Without white space at both ends, as Telegram would show it."""
        start = len(self.text) - len(self.text.lstrip())
        end = max(start, len(self.text.rstrip()))
        return self.cut(start, end)

    def inserted(self, places: Sequence[int], new: str) -> "RichText":
        """With ``new`` before the characters at these places, in order; spans go on over it."""
        parts = [self.text[start:end] for start, end in pairwise([0, *places, len(self.text)])]
        spans = (
            Span(
                span.kind,
                span.start + len(new) * bisect_right(places, span.start),
                span.end + len(new) * bisect_left(places, span.end),
                span.url,
            )
            for span in self.spans
        )
        return RichText(new.join(parts), tuple(spans))

    def wire_spans(self) -> tuple[WireSpan, ...]:
        """The spans in UTF-16 units, by offset, as Telegram's entities want them."""
        edges = sorted({edge for span in self.spans for edge in (span.start, span.end)})
        units = {0: 0}
        for before, after in pairwise([0, *edges]):
            units[after] = units[before] + utf16_length(self.text[before:after])
        ordered = sorted(self.spans, key=lambda span: (span.start, -span.end))
        return tuple(
            WireSpan(span.kind, units[span.start], units[span.end] - units[span.start], span.url)
            for span in ordered
        )


def utf16_length(text: str) -> int:
    """The length of a text in UTF-16 units, which is how Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def rich(value: RichText | str) -> RichText:
    """A value as rich text; a string is taken literally, character by character."""
    return value if isinstance(value, RichText) else RichText(value)


def styled(kind: Kind, value: RichText | str, url: str | None = None) -> RichText:
    """A value under one more span. Empty text carries no span."""
    inner = rich(value)
    if not inner.text:
        return inner
    return RichText(inner.text, (Span(kind, 0, len(inner.text), url), *inner.spans))


def bold(value: RichText | str) -> RichText:
    """A value in bold."""
    return styled("bold", value)


def strike(value: RichText | str) -> RichText:
    """A value struck through."""
    return styled("strike", value)


def italic(value: RichText | str) -> RichText:
    """A value in italics."""
    return styled("italic", value)


def code(value: str) -> RichText:
    """A value in code font: a tap copies it."""
    return styled("code", value)


def command(value: str) -> RichText:
    """A command that stands alone: a tap gives it."""
    return styled("command", value)


def link(value: RichText | str, url: str | None) -> RichText:
    """A value that leads to ``url``; as it is where there is no address to open."""
    return styled("link", value, url) if url and openable(url) else rich(value)


def openable(url: str) -> bool:
    """Whether Telegram takes an address in links and buttons: http(s) with a host, no spaces."""
    scheme, separator, rest = url.partition("://")
    host = rest.partition("/")[0]
    named = scheme.lower() in ("http", "https") and bool(separator) and "." in host.strip(".")
    return named and len(url) <= 2048 and not any(char.isspace() for char in url)


def followable(url: str) -> bool:
    """Whether a link in a text from outside may lead there: what ``openable`` accepts, and
    Telegram's own links."""
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in url):
        return False
    own = url.lower().startswith("tg://") and not url.lower().startswith("tg://user")
    return openable(url) or (own and len(url) <= 2048 and not any(map(str.isspace, url)))


def join(separator: RichText | str, parts: Iterable[RichText | str]) -> RichText:
    """The parts with a separator between them, spans moved along."""
    texts: list[str] = []
    spans: list[Span] = []
    offset = 0
    between = rich(separator)
    for index, part in enumerate(parts):
        for piece in (between, rich(part)) if index else (rich(part),):
            texts.append(piece.text)
            spans += [Span(s.kind, s.start + offset, s.end + offset, s.url) for s in piece.spans]
            offset += len(piece.text)
    return RichText("".join(texts), tuple(spans))


def fill(template: str, **values: RichText | str | int) -> RichText:
    """A template of our own with its ``{names}`` replaced by values, which are never parsed.

    Raises KeyError when a name has no value.
    """
    parts: list[RichText | str] = []
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            value = values[name]
            parts.append(str(value) if isinstance(value, int) else value)
    return join("", parts)


def marked(text: str, spans: Iterable[tuple[int, int]], kind: Kind = "bold") -> RichText:
    """A text with character ranges under one kind of span; empty ranges are left out."""
    return RichText(text, tuple(Span(kind, start, end) for start, end in spans if start < end))
