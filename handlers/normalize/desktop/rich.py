"""Rich messages in Telegram Desktop's ``result.json``, as Telegram has them.

Desktop (7.2) writes them in words of its own: page blocks and rich texts have a ``type``. Here they
get the names of Telegram's schema back, and are read as those of Telethon are. Facts are from
Desktop's own writer (export_output_json.cpp).
"""

from collections.abc import Callable, Iterator, Mapping

from handlers.normalize.desktop import media
from handlers.normalize.parsing.fields import Record, words_of
from handlers.normalize.telethon import rich
from handlers.normalize.telethon.rich import Rich
from storage.document import Media, MediaState, MediaType
from storage.structs import replace

DEEPEST = 100
_TEXTS = {
    "bold": "TextBold",
    "italic": "TextItalic",
    "underline": "TextUnderline",
    "strikethrough": "TextStrike",
    "code": "TextFixed",
    "text_link": "TextUrl",
    "mention": "TextMention",
    "mention_name": "TextMentionName",
    "hashtag": "TextHashtag",
    "cashtag": "TextCashtag",
    "bot_command": "TextBotCommand",
    "link": "TextAutoUrl",
    "bank_card": "TextBankCard",
    "spoiler": "TextSpoiler",
    "formatted_date": "TextDate",
    "diff": "TextDiff",
    "button": "TextButton",
}
_BLOCKS = {
    "heading": "Heading1",
    "paragraph": "Paragraph",
    "footer": "Footer",
    "thinking": "Thinking",
    "author_date": "AuthorDate",
    "code": "Preformatted",
    "divider": "Divider",
    "anchor": "Anchor",
    "embed": "Embed",
    "embed_post": "EmbedPost",
    "collage": "Collage",
    "slideshow": "Slideshow",
    "channel": "Channel",
    "table": "Table",
    "details": "Details",
    "related_articles": "RelatedArticles",
    "map": "Map",
    "input_map": "Map",
    "button_row": "ButtonRow",
    "unsupported": "Unsupported",
    "math": "Math",
    "cover": "Cover",
}
_FILES: Mapping[str, MediaType] = {
    "photo": "photo",
    "video": "video",
    "audio": "audio",
    "file": "document",
}
_STATES: Mapping[str, MediaState] = {"file_size": "too_big", "file_type": "not_included"}


_NONE = Rich()


def read(message: Mapping[str, object]) -> Rich:
    """The rich part of an exported message, empty where it has none."""
    page = message.get("rich_message")
    if not isinstance(page, dict):
        return _NONE
    blocks = [_block(each, 0) for each in _dicts(page, "blocks")]
    named = {"_": "RichMessage", "part": page.get("part"), "blocks": blocks}
    found = rich.read(Record({"rich_message": named}))
    return replace(found, media=(*_files(page), *found.media))


def _block(value: Mapping[str, object], depth: int) -> dict[str, object]:
    """A page block under Telegram's names."""
    kind = words_of(value, "type") or ""
    if depth > DEEPEST:
        return {"_": "PageBlockParagraph", "text": _plain(value)}
    name = _BLOCKS.get(kind, "Figure")
    if kind == "list":
        name = "OrderedList" if value.get("kind") == "ordered" else "List"
    elif kind == "quote":
        name = "BlockquoteBlocks" if "blocks" in value else "Blockquote"
    made: dict[str, object] = {"_": f"PageBlock{name}"}
    for member, held in value.items():
        if member not in _UNREAD:
            made[_MEMBERS.get(member, member)] = _member(member, held, depth)
    return made


def _member(name: str, value: object, depth: int) -> object:
    if isinstance(value, list):
        make = _LISTS.get(name)
        return [make(each, depth + 1) for each in value if isinstance(each, dict)] if make else None
    if not isinstance(value, dict):
        return value
    if name == "block":
        return _block(value, depth + 1)
    if name == "caption" and "type" not in value:
        return {"_": "PageCaption", **{part: _text(value.get(part), 0) for part in _CAPTION}}
    if name == "geo":
        return {"lat": value.get("latitude"), "long": value.get("longitude")}
    return value if name == "channel" else _text(value, 0)


def _item(value: Mapping[str, object], depth: int) -> dict[str, object]:
    """An item of a list, or a block of a collage."""
    if "content" not in value:
        return _block(value, depth)
    state = value.get("task_state")
    return {
        "text": _text(value.get("text"), 0),
        "blocks": [_block(each, depth) for each in _dicts(value, "blocks")],
        "num": value.get("num"),
        "value": value.get("value"),
        "checkbox": state not in (None, "none"),
        "checked": state == "checked",
    }


def _row(value: Mapping[str, object], depth: int) -> dict[str, object]:
    return {"cells": [{"text": _text(each.get("text"), 0)} for each in _dicts(value, "cells")]}


def _button(value: Mapping[str, object], depth: int) -> dict[str, object]:
    return {"text": _text(value.get("text"), 0), "type": value.get("button")}


def _article(value: Mapping[str, object], depth: int) -> dict[str, object]:
    return dict(value)


def _text(value: object, depth: int) -> dict[str, object] | None:
    """A rich text under Telegram's names."""
    if isinstance(value, str):
        return {"_": "TextPlain", "text": value}
    if not isinstance(value, dict):
        return None
    kind, inner = words_of(value, "type"), value.get("text")
    if depth > DEEPEST:
        return _plain(value)
    if kind == "concat":
        texts = [_text(each, depth + 1) for each in _dicts(value, "text")]
        return {"_": "TextConcat", "texts": texts}
    if kind == "custom_emoji":
        return {"_": "TextCustomEmoji", "alt": inner}
    if kind == "math":
        return {"_": "TextMath", "source": value.get("source")}
    if kind in ("email", "phone"):
        name = f"Text{'' if kind in value else 'Auto'}{kind.title()}"
        return {"_": name, kind: value.get(kind), "text": _text(inner, depth + 1)}
    user_id = words_of(value, "user_id")
    return {
        "_": _TEXTS.get(kind or "", "TextOther"),
        "text": _text(inner, depth + 1),
        "url": value.get("href"),
        "user_id": int(user_id) if user_id and user_id.isdecimal() else None,
        "date": value.get("date_unixtime"),
        "type": value.get("button"),
    }


def _plain(top: object) -> dict[str, object]:
    """The words of what lies too deep, in order."""
    found, stack = [], [top]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            stack += reversed(value)
        elif isinstance(value, dict):
            stack += [value[name] for name in reversed(value) if name in _WORDY]
    return {"_": "TextPlain", "text": " ".join(filter(None, found))}


def _files(page: Mapping[str, object]) -> Iterator[Media]:
    """The pictures, films and files of a page, in order."""
    stack = list(reversed(_dicts(page, "blocks")))
    while stack:
        block = stack.pop()
        kind = _FILES.get(words_of(block, "type") or "")
        if kind is not None:
            yield _file(block, kind)
        inner = [*_dicts(block, "blocks"), *_dicts(block, "items"), block.get("block")]
        stack += [each for each in reversed(inner) if isinstance(each, dict)]


def _file(block: Mapping[str, object], kind: MediaType) -> Media:
    member = "photo" if kind == "photo" else "file"
    shown = {**block, member: words_of(block, member) or ""}
    (found,) = media.read(shown, message_id=None)
    reason = words_of(block, f"{member}_skip_reason")
    state = found.state if reason is None else _STATES.get(reason, "missing")
    declared = kind if found.type == "document" else found.type
    return replace(found, type=declared, state=state)


def _dicts(value: Mapping[str, object], name: str) -> list[dict[str, object]]:
    found = value.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


_CAPTION = ("text", "credit")
_WORDY = frozenset({"text", "blocks", "items", "block", "caption", "credit", "title", "source"})
_UNREAD = frozenset({"type", "kind", "content", "html", "language", "name", "source_type"})
_MEMBERS = {"formula": "source", "block": "cover"}
_LISTS: Mapping[str, Callable[[Mapping[str, object], int], dict[str, object]]] = {
    "blocks": _block,
    "items": _item,
    "rows": _row,
    "buttons": _button,
    "articles": _article,
}
