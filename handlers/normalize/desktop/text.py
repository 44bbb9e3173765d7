"""Text as Telegram Desktop exports it: a string, or a list of strings and marked parts."""

from handlers.normalize.parsing.fields import clean
from handlers.normalize.parsing.spans import target
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

_WITH_TARGET = ("link", "mention")


def read(value: object) -> tuple[str, tuple[Span, ...]]:
    """The whole text and its spans, in characters. What is neither is nothing."""
    if isinstance(value, str):
        return clean(value), ()
    pieces: list[str] = []
    spans: list[Span] = []
    length = 0
    for part in value if isinstance(value, list) else ():
        text = part if isinstance(part, str) else _words(part)
        if not text:
            continue
        span = _span(part, text, length) if text is not part else None
        if span is not None:
            spans.append(span)
        pieces.append(text)
        length += len(text)
    return clean("".join(pieces)), tuple(spans)


def _words(part: object) -> str:
    text = part.get("text") if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""


def _span(part: dict[str, object], text: str, start: int) -> Span | None:
    name = part.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        return None
    url = _url(kind, part, clean(text)) if kind in _WITH_TARGET else None
    return Span(kind=kind, start=start, end=start + len(text), url=url)


def _url(kind: SpanKind, part: dict[str, object], text: str) -> str | None:
    if kind == "link":
        address = part.get("href")
        return clean(address) if isinstance(address, str) and address else target(text)
    user_id = part.get("user_id") if kind == "mention" else None
    return f"tg://user?id={user_id}" if isinstance(user_id, int) and user_id else None
