"""Text as Telegram Desktop exports it: a string, or a list of strings and marked parts."""

from typing import Any

from handlers.normalize.fields import clean
from handlers.normalize.spans import target
from storage.document import Span, SpanKind

_KINDS: dict[str, SpanKind] = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "link": "link",
    "text_link": "link",
    "mention": "mention",
    "mention_name": "mention",
    "hashtag": "hashtag",
    "cashtag": "cashtag",
    "bot_command": "bot_command",
    "email": "email",
    "phone": "phone",
    "custom_emoji": "custom_emoji",
    "blockquote": "blockquote",
}


def read(value: Any) -> tuple[str, tuple[Span, ...]]:
    """The whole text and its spans, in characters. What is neither is nothing."""
    if isinstance(value, str):
        return clean(value), ()
    pieces: list[str] = []
    spans: list[Span] = []
    length = 0
    for part in value if isinstance(value, list) else ():
        text, span = _part(part, length)
        pieces.append(text)
        length += len(text)
        if span is not None:
            spans.append(span)
    return "".join(pieces), tuple(spans)


def _part(part: Any, start: int) -> tuple[str, Span | None]:
    if isinstance(part, str):
        return clean(part), None
    text = part.get("text") if isinstance(part, dict) else None
    if not isinstance(text, str):
        return "", None
    text = clean(text)
    name = part.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None or not text:
        return text, None
    return text, Span(kind=kind, start=start, end=start + len(text), url=_url(kind, part, text))


def _url(kind: SpanKind, part: dict[str, Any], text: str) -> str | None:
    if kind == "link":
        address = part.get("href")
        return clean(address) if isinstance(address, str) and address else target(text)
    user_id = part.get("user_id") if kind == "mention" else None
    return f"tg://user?id={user_id}" if isinstance(user_id, int) and user_id else None
