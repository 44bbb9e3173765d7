"""A message to one chat: its text and buttons, and splitting it at sensible places.

Telegram takes 4096 UTF-16 units and 100 entities a message, 64 bytes of data a button
(core.telegram.org/bots/api, sections "sendMessage", "MessageEntity", "InlineKeyboardButton").
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Literal, cast, get_args

from msgspec import Struct

from handlers.render.documents.files import FORMATS, Format
from handlers.render.text.names import contained
from handlers.render.text.rich import KINDS, Kind, RichText, Span, utf16_length
from storage.payloads import TextPayload
from storage.structs import replace

MESSAGE_UNITS = 4096
MESSAGE_SPANS = 100
DATA_BYTES = 64


def has_room(data: str) -> bool:
    """Whether a button can have this data; false for half a character."""
    try:
        return 0 < len(data.encode()) <= DATA_BYTES
    except UnicodeEncodeError:
        return False


class Button(Struct, frozen=True, kw_only=True):
    """A button below a message: ``data`` comes back when pressed, or ``url`` opens."""

    text: str
    data: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if (self.data is None) == (self.url is None):
            raise ValueError("a button has either data or an address")
        if self.data is not None and not has_room(self.data):
            raise ValueError(f"a button's data is 1 to {DATA_BYTES} bytes: {self.data!r}")


Keyboard = tuple[tuple[Button, ...], ...]


DigestPage = Literal["html"]
DIGEST_PAGE: DigestPage = "html"
PersonalData = Literal["json"]
PERSONAL_DATA: PersonalData = "json"
SubscriptionsFile = Literal["subscriptions"]
SUBSCRIPTIONS: SubscriptionsFile = "subscriptions"
Brief = Literal["brief-html", "brief-txt"]
BRIEF_PAGE: Brief = "brief-html"
BRIEF_TEXT: Brief = "brief-txt"
BRIEFS: tuple[Brief, ...] = get_args(Brief)
Chart = Literal["chart"]
CHART: Chart = "chart"


class Attachment(Struct, frozen=True):
    """A file that is made when its message is sent.

    What ``query`` means depends on ``format``: a query whose results are exported; for
    ``DIGEST_PAGE`` the chat and token of a digest; for ``PERSONAL_DATA`` the chat whose stored data
    is sent; for ``SUBSCRIPTIONS`` the chat whose settings are sent; for a brief the chat and number
    of a collection; for ``CHART`` the figures of a picture (JSON). ``asked_at`` (aware UTC, whole
    seconds) and ``timezone`` (an IANA name) give dates such as ``after:7d`` their meaning.
    """

    query: str
    format: Format | DigestPage | PersonalData | SubscriptionsFile | Brief | Chart
    asked_at: datetime
    timezone: str


class File(Struct, frozen=True, kw_only=True):
    """The file that an attachment became: ``count`` documents are in it, ``more`` were left out."""

    name: str
    mime: str
    data: bytes
    count: int
    more: bool


class Message(Struct, frozen=True):
    """A text with rows of buttons. With an attachment, the text is its caption, and what is in the
    file follows.

    ``reply_to``: the number, in its chat, of the message that it answers; ``preview``: the address
    whose preview is shown above the text, if Telegram has one; ``secret``: a part of the text that
    is erased from the database once it is sent.
    """

    text: RichText
    keyboard: Keyboard = ()
    attachment: Attachment | None = None
    reply_to: int | None = None
    preview: str | None = None
    secret: str | None = None

    def to_payload(self) -> TextPayload:
        """As the outbox keeps it."""
        return TextPayload(
            text=self.text.text,
            spans=tuple((span.kind, span.start, span.end, span.url) for span in self.text.spans),
            keyboard=tuple(
                tuple((button.text, button.data, button.url) for button in row)
                for row in self.keyboard
            ),
            attachment=None if self.attachment is None else _stored(self.attachment),
            reply_to=self.reply_to,
            preview=self.preview,
            secret=self.secret,
        )

    @classmethod
    def from_payload(cls, payload: TextPayload) -> "Message":
        """The message of which ``to_payload`` made this. Raises ValueError for anything else."""
        return cls(
            RichText(payload.text, tuple(_span(*span) for span in payload.spans)),
            tuple(
                tuple(Button(text=text, data=data, url=url) for text, data, url in row)
                for row in payload.keyboard
            ),
            None if payload.attachment is None else _attachment(*payload.attachment),
            payload.reply_to,
            payload.preview,
            payload.secret,
        )


def _span(kind: str, start: int, end: int, url: str | None) -> Span:
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of span")
    return Span(cast("Kind", kind), start, end, url)


def _stored(attachment: Attachment) -> tuple[str, str, int, str]:
    asked_at = int(attachment.asked_at.timestamp())
    return attachment.query, attachment.format, asked_at, attachment.timezone


def _attachment(query: str, format: str, asked_at: int, timezone: str) -> Attachment:
    if format not in (*FORMATS, DIGEST_PAGE, PERSONAL_DATA, SUBSCRIPTIONS, CHART, *BRIEFS):
        raise ValueError(f"no format of an attachment: {format!r}")
    return Attachment(query, format, datetime.fromtimestamp(asked_at, UTC), timezone)


def split(
    message: Message, limit: int = MESSAGE_UNITS, spans: int = MESSAGE_SPANS
) -> tuple[Message, ...]:
    """The message as messages of at most ``limit`` UTF-16 units and ``spans`` spans each.

    Cut at the last paragraph, line, sentence or word that fits; never inside a grapheme, nor
    inside a span that could stand whole in a message. The buttons stay with the last part.
    """
    parts: list[RichText] = []
    rest = message.text.stripped()
    while (end := _capacity(rest, limit, spans)) < len(rest):
        end = _outside(rest, boundary(rest.text, end), end)
        parts.append(rest.cut(0, end).stripped())
        rest = rest.cut(end, len(rest)).stripped()
    parts.append(rest)
    messages = [Message(part) for part in parts]
    messages[-1] = replace(message, text=messages[-1].text)
    return tuple(messages)


_MARK = "…"


def truncate(text: RichText, limit: int) -> RichText:
    """The text cut to ``limit`` UTF-16 units at a boundary of sense, ``…`` where it was cut.

    Not inside a link or a query; another span ends with the text.
    """
    if utf16_length(text.text) <= limit:
        return text
    most = fitting(text.text, limit - len(_MARK))
    end = _outside(text, boundary(text.text, most), most, kinds=_WHOLE)
    return text.cut(0, end).stripped() + _MARK


def shorten(text: str, limit: int) -> str:
    """A plain text on one line, cut to ``limit`` UTF-16 units: for buttons and list rows.

    It turns no direction of what follows it.
    """
    return truncate(RichText(" ".join(contained(text).split())), limit).text


def fitting(text: str, units: int) -> int:
    """How many characters of the text fit into ``units`` of UTF-16."""
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > units:
            return index
    return len(text)


_WHOLE: frozenset[str] = frozenset({"link", "code"})
"""Spans that are not cut: half of one would be another address or another query."""


def _outside(text: RichText, place: int, most: int, *, kinds: frozenset[str] = KINDS) -> int:
    """The place, or one beside the spans that it is inside of: before them, else, where no text
    stands there, behind them; the place itself where that is beyond ``most``."""
    spans = [span for span in text.spans if span.kind in kinds]
    start = end = place
    while around := [span.start for span in spans if span.start < start < span.end]:
        start = min(around)
    if text.text[:start].strip():
        return start
    while around := [span.end for span in spans if span.start < end < span.end]:
        end = max(around)
    return end if end <= most else place


def _capacity(text: RichText, limit: int, spans: int) -> int:
    """How many characters fit into one message, by length and by number of spans."""
    end = fitting(text.text, limit)
    starts = sorted(span.start for span in text.spans)
    if len(starts) > spans:
        end = min(end, max(starts[spans], 1))
    return end


_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*\s")


def boundary(text: str, end: int) -> int:
    """Where to cut so that at most ``end`` characters (1 or more) stand before the cut.

    The last end of a paragraph, a line or a sentence in the second half; else the last space; else
    between two graphemes; ``end`` if one grapheme fills everything.
    """
    if end >= len(text):
        return len(text)
    half = end // 2
    for separator in ("\n\n", "\n"):
        place = text.rfind(separator, half, end + len(separator))
        if place > 0:
            return place
    sentence = 0
    for match in _SENTENCE_END.finditer(text, half, end + 1):
        sentence = match.end() - 1
    if sentence:
        return sentence
    space = max(text.rfind(" ", half, end + 1), text.rfind("\t", half, end + 1))
    return space if space > 0 else grapheme_boundary(text, end)


def grapheme_boundary(text: str, end: int) -> int:
    """The last place at or before ``end`` between two graphemes; ``end`` if there is none."""
    place = end
    while place > 0 and _joined(text, place):
        place -= 1
    return place or end


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place belong to one grapheme.

    The rules of Unicode's annex 29 that matter here: marks, variation selectors, skin tones, tags,
    joiners, flags of two regional indicators.
    """
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before == "\u200d" or after == "\u200d" or _extends(after):
        return True
    if _regional(before) and _regional(after):
        run = 0
        while run < place and _regional(text[place - 1 - run]):
            run += 1
        return run % 2 == 1
    return before == "\r" and after == "\n"


def _extends(character: str) -> bool:
    skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    tag = "\U000e0020" <= character <= "\U000e007f"
    return skin_tone or tag or unicodedata.category(character).startswith("M")


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
