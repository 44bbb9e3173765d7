"""Telegram's entities as spans: UTF-16 units become characters, names become the schema's kinds."""

import bisect
import re
from collections.abc import Iterable, Iterator

from handlers.normalize.parsing import addresses
from handlers.normalize.parsing.fields import kind, whole, words
from storage.document import Span, SpanKind

_KINDS: dict[str, SpanKind] = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strike": "strike",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "Url": "link",
    "TextUrl": "link",
    "Email": "email",
    "Phone": "phone",
    "Mention": "mention",
    "MentionName": "mention",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "BotCommand": "bot_command",
    "CustomEmoji": "custom_emoji",
    "Blockquote": "blockquote",
    "FormattedDate": "date",
    "BankCard": "bank_card",
    "DiffInsert": "inserted",
    "DiffDelete": "deleted",
    "DiffReplace": "replaced",
}
MOST = 1000
"""The most entities of a message that are read: ten times what Telegram allows
(core.telegram.org/api/entities). Thousands of links, each as long as the text, would fill
memory."""
_PREFIXES = ("InputMessageEntity", "MessageEntity")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def from_entities(text: str, entities: Iterable[object]) -> tuple[Span, ...]:
    """The spans of a Telethon message's entities, in characters of ``text``, in order.

    Unknown kinds, what lies outside the text, what is said twice and what is behind the first
    ``MOST`` are left out.
    """
    characters = Characters(text)
    once: dict[Span, None] = {}
    for entity in entities:
        span = _span(text, characters, entity)
        if span is not None:
            once[span] = None
            if len(once) == MOST:
                break
    return tuple(sorted(once, key=lambda span: (span.start, -span.end)))


class Characters:
    """Turns offsets in UTF-16 code units (what Telegram counts) into characters of a text."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        # The second code unit of each character outside the Basic Multilingual Plane.
        self._seconds = [
            match.start() + index + 1 for index, match in enumerate(_ASTRAL.finditer(text))
        ]

    def at(self, unit: int) -> int:
        """The character that starts at ``unit``; one cut in half counts as passed."""
        passed = bisect.bisect_left(self._seconds, unit)
        return min(max(unit - passed, 0), self._length)


def target(address: str) -> str:
    """A link's target as Telegram opens it: an address without a scheme gets ``http://``."""
    return address if _SCHEME.match(address) else f"http://{address}"


def shifted(spans: Iterable[Span], by: int) -> Iterator[Span]:
    """Spans of a text that was put ``by`` characters further into another."""
    for span in spans:
        yield Span(kind=span.kind, start=span.start + by, end=span.end + by, url=span.url)


def _span(text: str, characters: Characters, entity: object) -> Span | None:
    name = kind(entity)
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    known = _KINDS.get(name)
    offset, length = whole(entity, "offset"), whole(entity, "length")
    if known is None or offset is None or length is None:
        return None
    start, end = characters.at(offset), characters.at(offset + length)
    if start >= end:
        return None
    return Span(kind=known, start=start, end=end, url=_url(name, entity, text[start:end]))


def _url(name: str, entity: object, text: str) -> str | None:
    if name == "Url":
        return target(text)
    if name == "TextUrl":
        return words(entity, "url")
    if name == "FormattedDate":
        return addresses.of_time(getattr(entity, "date", None))
    return addresses.of_user(whole(entity, "user_id")) if name == "MentionName" else None
