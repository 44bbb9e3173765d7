"""The text of an HTML element, with its formatting as spans.

Both of Telegram's writers put a text on one line, with ``<br>`` for its line ends: a line end in
the source is indentation, added by Telegram Desktop around the text, and inside it by the program
that saved the page.
"""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from handlers.normalize.parsing.fields import clean
from storage.document import Span, SpanKind

_TAGS: dict[str, SpanKind] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "del": "strike",
    "strike": "strike",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
_BLOCKS = frozenset({"blockquote", "pre"})
_SILENT = frozenset({"script", "style", "svg", "template", "video", "audio", "-comment"})
_HANDLERS: dict[str, SpanKind] = {
    "ShowHashtag": "hashtag",
    "ShowCashtag": "cashtag",
    "ShowBotCommand": "bot_command",
    "ShowMentionName": "mention",
    "ShowNotLoadedEmoji": "custom_emoji",
    "ShowNotAvailableEmoji": "custom_emoji",
}
_HANDLER = re.compile(r"\b(Show\w+)\(")
_PARTS = (
    "tgme_",
    "message_media",
    "media_",
    "signature",
    "reaction",
    "pull_",
    "from_name",
    "forwarded",
)
_TEXTS = frozenset({"tgme_widget_message_text"})
_INDENTATION = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
_EDGES = " \t\r\n\f"


def read(node: LexborNode) -> tuple[str, tuple[Span, ...]]:
    """The text of an element and its spans in characters, white space around it left out."""
    reader = _Reader()
    reader.walk(node)
    return reader.result()


def plain(node: LexborNode | None) -> str | None:
    """The text alone, on one line; None where there is none."""
    if node is None:
        return None
    text, _ = read(node)
    return re.sub(r"\s*\n\s*", " ", text).strip() or None


@dataclass(slots=True)
class _Element:
    """An element that is being read; its span starts with the first text in it."""

    tag: str
    kind: SpanKind | None
    url: str | None
    start: int | None = None


class _Reader:
    """Collects text in the order of the page; without recursion, as pages nest at will."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._text_end = 0
        self._spans: list[Span] = []
        self._waiting: list[_Element] = []
        self._line_ended = True
        self._break_due = False
        self._space_due = False

    def walk(self, top: LexborNode) -> None:
        """Reads everything below an element."""
        # An element stands on the stack a second time, as its end.
        stack: list[LexborNode | _Element] = [top]
        inside_pre = 0
        while stack:
            item = stack.pop()
            if isinstance(item, _Element):
                self._close(item)
                inside_pre -= item.tag == "pre"
                continue
            tag = item.tag or ""
            if tag == "-text":
                self._text(item.text_content or "", exactly=inside_pre > 0)
            elif tag == "br":
                self._line_end()
            elif tag not in _SILENT and (item is top or not _is_foreign(item)):
                element = _Element(tag, *_meaning(item, tag))
                self._break_due = self._break_due or (tag in _BLOCKS and not self._line_ended)
                self._waiting.append(element)
                inside_pre += tag == "pre"
                stack.append(element)
                stack += reversed(list(item.iter(include_text=True)))

    def result(self) -> tuple[str, tuple[Span, ...]]:
        """What was read: the text without white space at its ends, its spans in order."""
        whole = clean("".join(self._pieces))
        text = whole.strip(_EDGES)
        cut = len(whole) - len(whole.lstrip(_EDGES))
        spans = []
        for span in self._spans:
            start, end = max(span.start - cut, 0), min(span.end - cut, len(text))
            if start < end:
                spans.append(Span(kind=span.kind, start=start, end=end, url=span.url))
        return text, tuple(sorted(spans, key=lambda span: (span.start, -span.end)))

    def _text(self, text: str, *, exactly: bool) -> None:
        if not exactly and "\n" in text:
            text = _INDENTATION.sub("\n", text)
            leads, trails = text.startswith("\n"), text.endswith("\n") and len(text) > 1
            text = text.strip("\n").replace("\n", " ")
            self._space_due = self._space_due or leads
            self._put(text)
            self._space_due = self._space_due or trails
        else:
            self._put(text)

    def _put(self, text: str) -> None:
        if not text:
            return
        if self._break_due:
            self._break_due = False
            if not text.startswith("\n"):
                self._line_end()
        if self._space_due and not self._line_ended and not self._pieces[-1].endswith(" "):
            self._append(" ")
        self._space_due = False
        for element in self._waiting:
            element.start = self._length
        self._waiting.clear()
        self._append(text)
        self._text_end = self._length
        self._line_ended = text.endswith("\n")

    def _line_end(self) -> None:
        self._break_due = self._space_due = False
        self._append("\n")
        self._line_ended = True

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _close(self, element: _Element) -> None:
        self._break_due = self._break_due or (element.tag in _BLOCKS and not self._line_ended)
        if element.start is None:
            # Elements close in the order against that of their opening: it is the last.
            self._waiting.pop()
        elif element.kind is not None and element.start < self._text_end:
            span = Span(kind=element.kind, start=element.start, end=self._text_end, url=element.url)
            self._spans.append(span)


def _is_foreign(node: LexborNode) -> bool:
    """Whether an element is another part of the message: a text that never closes takes it in."""
    names = (node.attributes.get("class") or "").split()
    return any(name == "text" or (name.startswith(_PARTS) and name not in _TEXTS) for name in names)


def _meaning(node: LexborNode, tag: str) -> tuple[SpanKind | None, str | None]:
    if tag == "a":
        return _link(node)
    names = node.attributes.get("class") or ""
    if tag == "i" and "emoji" in names.split():
        return None, None
    # Ordinary emoji are drawn as <i class="emoji"><b>…</b></i>.
    parent = node.parent
    if tag == "b" and parent is not None and "emoji" in (parent.attributes.get("class") or ""):
        return None, None
    if tag == "span" and "spoiler" in names.split():
        return "spoiler", None
    return _TAGS.get(tag), None


def _link(node: LexborNode) -> tuple[SpanKind | None, str | None]:
    href = clean((node.attributes.get("href") or "").strip())
    words = node.text(deep=True)
    handler = _HANDLER.search(node.attributes.get("onclick") or "")
    if handler is not None and handler[1] in _HANDLERS:
        return _HANDLERS[handler[1]], None
    if href.startswith("?q=%23") or href.startswith("?q=#"):
        return "hashtag", None
    if href.startswith("?q=%24"):
        return "cashtag", None
    if href.startswith("mailto:"):
        return "email", None
    if href.startswith("tel:"):
        return "phone", None
    if words.startswith("@") and re.fullmatch(r"https?://t(?:elegram)?\.me/\w+/?", href):
        return "mention", None
    if not href or not re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", href, re.IGNORECASE):
        return _relative(href)
    return "link", f"https:{href}" if href[:2] == "//" else href


def _relative(href: str) -> tuple[SpanKind | None, str | None]:
    """A file beside an exported page is a custom emoji; addresses may lack their scheme."""
    if href.startswith(("stickers/", "../stickers/")) or not href or href.startswith("#"):
        return ("custom_emoji" if "stickers/" in href else None), None
    return "link", f"http://{href}" if "." in href.partition("/")[0] else href
