"""The document: one record for every post and article, whatever it came from.

The records below are the schema ``dateline/1``; ``storage/document.schema.json`` is made from them
(``storage/schema.py``) and a test keeps the two equal. Dates stay as partial ISO 8601 text
(``2024-02-09T12:00:21Z``, ``2022-05-05T16:30``, ``2022-05-05``, ``2024-03``, ``--04-30``): what is
not known is not invented, and ``published_precision`` and ``published_basis`` say how well and why.
"""

import bisect
import typing
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring as quoted
from typing import Literal, get_args

from msgspec import Struct

from storage.errors import DocumentError
from storage.structs import RecordWriter, TextWriter, decoder, reads

SCHEMA = "dateline/1"

EMPTY_HASH = "e3b0c44298fc1c14"
"""The ``content_hash`` of no text: it joins nothing."""

Kind = Literal["post", "article", "service"]
SourceType = Literal["telethon", "tme_html", "desktop_json", "desktop_html", "text"]
SOURCE_TYPES: tuple[SourceType, ...] = get_args(SourceType)
Precision = Literal["second", "minute", "day", "day_no_year", "month", "year", "none"]
Basis = Literal[
    "api",
    "time_attr",
    "unixtime",
    "local_time",
    "header",
    "header+page_time",
    "page_time",
    "dateline",
    "none",
]
BlockType = Literal[
    "para",
    "bullet",
    "quote",
    "location",
    "hashtags",
    "cta",
    "subhead",
    "question",
    "blockquote",
    "code",
    "table",
]
SpanKind = Literal[
    "bold",
    "italic",
    "underline",
    "strike",
    "spoiler",
    "code",
    "pre",
    "link",
    "mention",
    "hashtag",
    "custom_emoji",
    "blockquote",
    "phone",
    "email",
    "bot_command",
    "cashtag",
    "date",
    "bank_card",
    "inserted",
    "deleted",
    "replaced",
]
MediaType = Literal[
    "photo",
    "video",
    "round_video",
    "animation",
    "voice",
    "audio",
    "document",
    "sticker",
    "poll",
    "location",
    "contact",
    "webpage",
    "story",
    "paid",
    "invoice",
    "giveaway",
    "checklist",
    "dice",
    "game",
    "unknown",
]
MediaState = Literal["present", "too_big", "not_in_browser", "not_included", "hidden", "missing"]
FurnitureKind = Literal[
    "nav",
    "page_time",
    "section",
    "alt_text",
    "caption",
    "credit",
    "copyright",
    "counter",
    "tail",
]
Flag = Literal[
    "body_repeated",
    "lossy_copy",
    "copy_cut",
    "boundary_inferred",
    "boundary_unsure",
    "zone_unknown",
    "year_unknown",
    "date_conflict",
    "text_withheld",
    "album_guessed",
]


class Source(Struct, frozen=True, kw_only=True):
    """Where a document was read: base name and 1-based inclusive line range for files."""

    type: SourceType
    file: str | None = None
    lines: tuple[int, ...] = ()
    retrieved_at: str | None = None


class Channel(Struct, frozen=True, kw_only=True):
    """A channel as a post names it. ``id`` is Telegram's bare positive id."""

    id: int | None = None
    username: str | None = None
    title: str | None = None


class Dateline(Struct, frozen=True, kw_only=True):
    """``MOSCOW, April 17. /TASS/.``: what it says, no more (``date`` may be ``--04-17``)."""

    raw: str
    place: str | None = None
    date: str | None = None
    agency: str | None = None


class Event(Struct, frozen=True, kw_only=True):
    """The place and date that a post speaks of, which are not when it was published."""

    place: str
    date: str
    basis: Literal["pin_line", "head_parens"]


class Forward(Struct, frozen=True, kw_only=True):
    """The original of a forwarded post."""

    name: str | None = None
    author: str | None = None
    channel_id: int | None = None
    username: str | None = None
    message_id: int | None = None
    date: str | None = None
    kind: Literal["channel", "user", "hidden_user"] | None = None
    user_id: int | None = None


class Reply(Struct, frozen=True, kw_only=True):
    """What a post answers: a message, or a story of a channel."""

    channel_id: int | None = None
    message_id: int | None = None
    quote: str | None = None
    story_id: int | None = None


class Author(Struct, frozen=True, kw_only=True):
    """Who wrote a post of a group; a channel's posts have none. Readers tell all that they see,
    ``storage.documents.authors`` keeps of it what the operator wants kept."""

    kind: Literal["user", "channel", "group", "hidden"]
    id: int | None = None
    name: str | None = None
    username: str | None = None


class Span(Struct, frozen=True, kw_only=True):
    """A formatted stretch of a block's text; offsets count characters, end exclusive."""

    kind: SpanKind
    start: int
    end: int
    url: str | None = None


class Block(Struct, frozen=True, kw_only=True):
    """One block of the body. ``gap``: newlines above it in the source (0, 1, 2; null unknown)."""

    type: BlockType
    text: str
    gap: int | None = None
    marker: str | None = None
    speaker: str | None = None
    place: str | None = None
    date: str | None = None
    spans: tuple[Span, ...] = ()


class Link(Struct, frozen=True, kw_only=True):
    """A link in a post: the words it hangs on, and its target where that is known."""

    text: str
    url: str | None = None


class Media(Struct, frozen=True, kw_only=True):
    """One attachment. ``size`` in bytes, ``duration`` in seconds; ``title`` holds its words, a line
    each: title and description, the prize, a quiz's solution; ``name`` a file's, a site's."""

    type: MediaType
    state: MediaState = "present"
    name: str | None = None
    size: int | None = None
    duration: float | None = None
    message_id: int | None = None
    title: str | None = None
    url: str | None = None
    mime: str | None = None


class Furniture(Struct, frozen=True, kw_only=True):
    """Text that stood around the article; ``at`` is the index of its block in the source."""

    kind: FurnitureKind
    text: str
    at: int


class Artefact(Struct, frozen=True, kw_only=True):
    """How an extractor repeated the body: enough to write the repetition again.

    ``keep`` lists ``(body index, length of the kept prefix or None for the whole line)`` for each
    line of a lossy copy.
    """

    copy: Literal["none", "exact", "lossy", "cut"] = "none"
    keep: tuple[tuple[int, int | None], ...] = ()
    hidden_fallback: bool = False


_WHOLE = Artefact()


class Document(Struct, frozen=True, kw_only=True):
    """A post, an article or a service message. The fields are those of the schema.

    ``reader`` is the version of the reader that made it, None for those before there was one.
    """

    kind: Kind
    doc_id: str
    source: Source
    channel: Channel | None = None
    message_id: int | None = None
    album_ids: tuple[int, ...] = ()
    grouped_id: int | None = None
    url: str | None = None
    published_at: str | None = None
    published_precision: Precision = "none"
    published_basis: Basis = "none"
    edited_at: str | None = None
    header_date: str | None = None
    dateline: Dateline | None = None
    event: Event | None = None
    forwarded_from: Forward | None = None
    reply_to: Reply | None = None
    author_signature: str | None = None
    author: Author | None = None
    views: int | None = None
    forwards: int | None = None
    reactions: int | None = None
    deleted_at: str | None = None
    service_action: str | None = None
    title: str | None = None
    deck: str | None = None
    body: tuple[Block, ...] = ()
    hashtags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    lang: str | None = None
    lang_basis: Literal["channel"] | None = None
    reader: int | None = None
    elisions: int = 0
    furniture: tuple[Furniture, ...] = ()
    artefact: Artefact = _WHOLE
    flags: tuple[Flag, ...] = ()
    content_hash: str

    def texts(self) -> list[str]:
        """Title, deck and body texts, those that exist, in reading order."""
        head = [text for text in (self.title, self.deck) if text is not None]
        return head + [block.text for block in self.body]


FACT_CHECK = "fact-check"
"""The name of the medium of type ``unknown`` that holds what independent checkers wrote."""

DELETED = Author(kind="hidden", name="deleted")
"""In the place of somebody who asked to be forgotten."""

_ALWAYS: Mapping[type, frozenset[str]] = {
    Document: frozenset(
        {"published_precision", "published_basis", "body", "elisions", "flags", "content_hash"}
    ),
    Block: frozenset({"gap"}),
    Media: frozenset({"state"}),
}
_BLOCK_FIELDS = {"quote": ("speaker",), "location": ("place", "date"), "bullet": ("marker",)}


def _fields_of_block(block: Block) -> tuple[str, ...]:
    return _BLOCK_FIELDS.get(block.type, ())


COUNTERS = ("views", "forwards", "reactions")
"""What counts on by itself, and makes no version of a document."""

_ALSO: Mapping[type, Callable[[typing.Any], tuple[str, ...]]] = {Block: _fields_of_block}
_WRITER = RecordWriter(always=_ALWAYS, also=_ALSO)
_TEXTS = TextWriter(always=_ALWAYS, also=_ALSO, never={Document: frozenset(COUNTERS)})
_list_members = _TEXTS.lister_of(Document)
_write_any_block = _TEXTS[Block]
_OF_PARAGRAPHS = ("gap", "text", "type")
_read_rest = reads([name for name in Block.__struct_fields__ if name not in _OF_PARAGRAPHS])
_NO_REST = _read_rest(Block(type="para", text=""))


def _block_text(block: Block) -> str:
    """A block as JSON text. Nearly all are paragraphs without spans, which is half of the work."""
    if block.type in _BLOCK_FIELDS or _read_rest(block) != _NO_REST:
        return _write_any_block(block)
    gap = "null" if block.gap is None else block.gap
    return f'{{"gap":{gap},"text":{quoted(block.text)},"type":"{block.type}"}}'


_TEXTS[Block] = _block_text
_SCHEMA_MEMBER = f'"schema":"{SCHEMA}"'


def to_json(document: Document) -> dict[str, object]:
    """The document as a JSON object; fields at their default are left out, save a few."""
    return {"schema": SCHEMA, **_WRITER.write(document)}


def to_uncounted_text(document: Document) -> str:
    """The document as JSON text without ``COUNTERS``: names in ascending order, no white space,
    characters as they are."""
    members = _list_members(document)
    bisect.insort(members, _SCHEMA_MEMBER)
    return f"{{{','.join(members)}}}"


def from_json(value: Mapping[str, object]) -> Document:
    """The document that a JSON object holds. Raises DocumentError, naming the field."""
    if not isinstance(value, Mapping):
        raise DocumentError("a document is a JSON object", hint="give one object a line")
    if value.get("schema") != SCHEMA:
        raise DocumentError(
            f"the schema is {value.get('schema')!r}, not {SCHEMA!r}",
            where="schema",
            hint="make documents with `dateline normalize`",
        )
    rest = {name: item for name, item in value.items() if name != "schema"}
    return typing.cast("Document", decoder(Document)(rest))


def name_key(doc_id: str) -> str:
    """The form of a ``doc_id`` by which it is looked up: user names are case-insensitive."""
    return doc_id.lower() if doc_id.startswith("tg:@") else doc_id
