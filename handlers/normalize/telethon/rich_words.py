"""Telegram's rich texts (https://core.telegram.org/type/RichText) as text with spans.

Duck-typed: knows no Telethon. Walked without recursion, as what comes from outside nests at will;
a kind that is not known yet is read through to the words in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from handlers.normalize.parsing import addresses
from handlers.normalize.parsing.fields import clean, kind, listed, members, whole, words
from handlers.normalize.parsing.spans import target
from handlers.normalize.telethon import links
from storage.document import Span, SpanKind

_KINDS: dict[str, SpanKind] = {
    "TextBold": "bold",
    "TextItalic": "italic",
    "TextUnderline": "underline",
    "TextStrike": "strike",
    "TextSpoiler": "spoiler",
    "TextFixed": "code",
    "TextMath": "code",
    "TextUrl": "link",
    "TextAutoUrl": "link",
    "TextButton": "link",
    "TextEmail": "email",
    "TextAutoEmail": "email",
    "TextPhone": "phone",
    "TextAutoPhone": "phone",
    "TextMention": "mention",
    "TextMentionName": "mention",
    "TextHashtag": "hashtag",
    "TextCashtag": "cashtag",
    "TextBotCommand": "bot_command",
    "TextBankCard": "bank_card",
    "TextCustomEmoji": "custom_emoji",
    "TextDate": "date",
    "TextDiff": "replaced",
}
_OWN_WORDS = {"TextPlain": "text", "TextCustomEmoji": "alt", "TextMath": "source"}
_ADDRESSED = frozenset({"TextAutoUrl", "TextEmail", "TextPhone"})
_UNSAID = frozenset({"old_text", "type", "style"})
"""Members that are not text: what a correction took out, and what a button does."""


class Words(Struct, frozen=True):
    """A text with its spans, in characters."""

    text: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(slots=True)
class _Element:
    """A rich text that is being read, from where its words begin: character and piece."""

    node: object
    start: int
    piece: int


@dataclass(slots=True)
class _Reading:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)

    def put(self, text: str) -> None:
        self.pieces.append(clean(text))
        self.length += len(text)

    def close(self, element: _Element) -> None:
        """Give the span of an element whose words are read."""
        name = kind(element.node)
        span = _KINDS.get(name)
        if span is None or element.start == self.length:
            return
        inner = "".join(self.pieces[element.piece :]) if name in _ADDRESSED else ""
        said, url = _meaning(span, name, element.node, inner)
        if said is not None:
            self.spans.append(Span(kind=said, start=element.start, end=self.length, url=url))


def read(node: object) -> Words:
    """The words of a rich text; nothing for what is none."""
    reading = _Reading()
    stack: list[object] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, _Element):
            reading.close(item)
        elif isinstance(item, str):
            reading.put(item)
        elif item is not None:
            stack.append(_Element(item, reading.length, len(reading.pieces)))
            stack += reversed(list(_inside(item)))
    spans = sorted(reading.spans, key=lambda span: (span.start, -span.end))
    return Words("".join(reading.pieces), tuple(spans))


def linked(text: str, url: str | None) -> Words:
    """A text that leads somewhere as a whole."""
    if url is None or not text:
        return Words(text)
    return Words(text, (Span(kind="link", start=0, end=len(text), url=url),))


def _inside(node: object) -> Iterator[object]:
    """What a rich text holds, in order: strings, and rich texts."""
    name = kind(node)
    if name in _OWN_WORDS:
        yield words(node, _OWN_WORDS[name])
    elif name == "TextConcat":
        yield from listed(node, "texts")
    elif name in _KINDS or isinstance(getattr(node, "text", None), str):
        yield getattr(node, "text", None)
    else:
        for member, value in members(node).items():
            if member not in _UNSAID:
                several = value if isinstance(value, list | tuple) else [value]
                yield from (each for each in several if kind(each).startswith("Text"))


def _meaning(
    span: SpanKind, name: str, node: object, inner: str
) -> tuple[SpanKind | None, str | None]:
    """The kind and the target of a span; ``inner`` is what its text reads, for some."""
    if name == "TextUrl":
        return span, words(node, "url")
    if name == "TextAutoUrl":
        return span, target(inner)
    if name == "TextButton":
        url = links.target(node)
        return (span, url) if url else (None, None)
    if name == "TextMentionName":
        return span, addresses.of_user(whole(node, "user_id"))
    if name == "TextDate":
        return span, addresses.of_time(getattr(node, "date", None))
    hidden = words(node, "email") or words(node, "phone")
    if hidden and hidden not in inner:
        return "link", f"{'mailto' if span == 'email' else 'tel'}:{hidden}"
    return span, None
