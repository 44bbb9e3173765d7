"""The document: one record for every post and article, whatever it came from.

The records below are the schema ``dateline/1``; ``storage/document.schema.json`` is made from them
(``storage/schema.py``) and a test keeps the two equal. Dates stay as partial ISO 8601 text
(``2024-02-09T12:00:21Z``, ``2022-05-05T16:30``, ``2022-05-05``, ``2024-03``, ``--04-30``): what is
not known is not invented, and ``published_precision`` and ``published_basis`` say how well and why.
"""

import dataclasses
import functools
import itertools
import operator
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from storage.errors import DocumentError

SCHEMA = "dateline/1"

Kind = Literal["post", "article", "service"]
SourceType = Literal["telethon", "tme_html", "desktop_json", "desktop_html", "text"]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a document was read: base name and 1-based inclusive line range for files."""

    type: SourceType
    file: str | None = None
    lines: tuple[int, ...] = ()
    retrieved_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as a post names it. ``id`` is Telegram's bare positive id."""

    id: int | None = None
    username: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """``MOSCOW, April 17. /TASS/.``: what it says, no more (``date`` may be ``--04-17``)."""

    raw: str
    place: str | None = None
    date: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The place and date that a post speaks of, which are not when it was published."""

    place: str
    date: str
    basis: Literal["pin_line", "head_parens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """The original of a forwarded post."""

    name: str | None = None
    author: str | None = None
    channel_id: int | None = None
    username: str | None = None
    message_id: int | None = None
    date: str | None = None
    kind: Literal["channel", "user", "hidden_user"] | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a post answers."""

    channel_id: int | None = None
    message_id: int | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A formatted stretch of a block's text; offsets count characters, end exclusive."""

    kind: SpanKind
    start: int
    end: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of the body. ``gap``: newlines above it in the source (0, 1, 2; null unknown)."""

    type: BlockType
    text: str
    gap: int | None = None
    marker: str | None = None
    speaker: str | None = None
    place: str | None = None
    date: str | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in a post: the words it hangs on, and its target where that is known."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One attachment. ``size`` in bytes, ``duration`` in seconds."""

    type: MediaType
    state: MediaState = "present"
    name: str | None = None
    size: int | None = None
    duration: float | None = None
    message_id: int | None = None
    title: str | None = None
    url: str | None = None
    mime: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Text that stood around the article; ``at`` is the index of its block in the source."""

    kind: FurnitureKind
    text: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """How an extractor repeated the body: enough to write the repetition again.

    ``keep`` lists ``(body index, length of the kept prefix or None for the whole line)`` for each
    line of a lossy copy.
    """

    copy: Literal["none", "exact", "lossy", "cut"] = "none"
    keep: tuple[tuple[int, int | None], ...] = ()
    hidden_fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A post, an article or a service message. The fields are those of the schema."""

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
    elisions: int = 0
    furniture: tuple[Furniture, ...] = ()
    artefact: Artefact = field(default_factory=Artefact)
    flags: tuple[Flag, ...] = ()
    content_hash: str

    def texts(self) -> list[str]:
        """Title, deck and body texts, those that exist, in reading order."""
        head = [text for text in (self.title, self.deck) if text is not None]
        return head + [block.text for block in self.body]


_ALWAYS = {
    Document: frozenset(
        {"published_precision", "published_basis", "body", "elisions", "flags", "content_hash"}
    ),
    Block: frozenset({"gap"}),
    Media: frozenset({"state"}),
}


def to_json(document: Document) -> dict[str, Any]:
    """The document as a JSON object; fields at their default are left out, save a few."""
    return {"schema": SCHEMA, **_encode(document)}


def from_json(value: Mapping[str, Any]) -> Document:
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
    return typing.cast("Document", _decoder(Document)(rest))


@functools.cache
def _plan(cls: type) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[tuple[str, Any, bool], ...]]:
    """What reads all fields of a record at once; of each its name, default, and if it stays."""
    always = _ALWAYS.get(cls, frozenset())
    plan = []
    for spec in dataclasses.fields(cls):
        default: Any = spec.default
        if spec.default_factory is not dataclasses.MISSING:
            default = spec.default_factory()
        plan.append((spec.name, default, spec.name in always))
    names = [name for name, _, _ in plan]
    return operator.attrgetter(*names), tuple(plan)


def _encode(record: Any) -> dict[str, Any]:
    cls: Any = type(record)
    read, plan = _plan(cls)
    out: dict[str, Any] = {}
    for (name, default, always), item in zip(plan, read(record), strict=True):
        if always or (item is not default and item != default):
            out[name] = item if type(item) in _SCALARS else _encode_item(item)
    if cls is Block and record.type in _BLOCK_FIELDS:
        for name in _BLOCK_FIELDS[record.type]:
            out.setdefault(name, None)
    return out


_SCALARS = frozenset({str, int, float, bool, type(None)})
_BLOCK_FIELDS = {"quote": ("speaker",), "location": ("place", "date"), "bullet": ("marker",)}


def _encode_item(item: Any) -> Any:
    if type(item) in _SCALARS:
        return item
    if isinstance(item, tuple):
        return [_encode_item(part) for part in item]
    return _encode(item)


Decoder = Callable[[Any], Any]


@functools.cache
def _decoder(annotation: Any) -> Decoder:
    """A function ``value -> record`` for one annotation of the records above."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if dataclasses.is_dataclass(annotation):
        return _record_decoder(typing.cast("type", annotation))
    if origin is Literal:
        return _choice_decoder(frozenset(arguments))
    if origin in (typing.Union, types.UnionType):
        inner = _decoder(next(part for part in arguments if part is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return _tuple_decoder(arguments)
    return _scalar_decoder(annotation)


def _record_decoder(cls: type) -> Decoder:
    hints = typing.get_type_hints(cls)
    decoders = {spec.name: _decoder(hints[spec.name]) for spec in dataclasses.fields(cls)}
    required = {
        spec.name
        for spec in dataclasses.fields(cls)
        if spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING
    }

    def decode(value: Any) -> Any:
        if type(value) is not dict and not isinstance(value, Mapping):
            raise DocumentError("an object is expected here")
        fields: dict[str, Any] = {}
        for name, item in value.items():
            decoder = decoders.get(name)
            if decoder is None:
                raise DocumentError("is no field of the schema", where=str(name))
            try:
                fields[name] = decoder(item)
            except DocumentError as error:
                raise _within(name, error) from None
        if not required <= fields.keys():
            raise DocumentError("is missing", where=min(required - fields.keys()))
        return cls(**fields)

    return decode


def _within(name: object, error: DocumentError) -> DocumentError:
    """The error with the way to where it happened."""
    where = f"{name}.{error.where}" if error.where else str(name)
    return DocumentError(error.what, where=where, hint=error.hint)


def _tuple_decoder(arguments: tuple[Any, ...]) -> Decoder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = _decoder(arguments[0])

        def decode_all(value: Any) -> Any:
            if not isinstance(value, list):
                raise DocumentError("a list is expected here")
            return tuple(_decode_items(value, itertools.repeat(inner)))

        return decode_all
    inners = [_decoder(argument) for argument in arguments]

    def decode_each(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(inners):
            raise DocumentError(f"a list of {len(inners)} is expected here")
        return tuple(_decode_items(value, inners))

    return decode_each


def _decode_items(items: list[Any], decoders: Iterable[Decoder]) -> Iterator[Any]:
    for index, (decoder, item) in enumerate(zip(decoders, items, strict=False)):
        try:
            yield decoder(item)
        except DocumentError as error:
            raise _within(index, error) from None


def _choice_decoder(choices: frozenset[Any]) -> Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise DocumentError(f"{value!r} is none of {', '.join(sorted(choices))}")
        return value

    return decode


def _scalar_decoder(cls: type) -> Decoder:
    wanted: tuple[type, ...] = (int, float) if cls is float else (cls,)

    def decode(value: Any) -> Any:
        if type(value) in wanted:
            return value
        raise DocumentError(f"{type(value).__name__} stands where {cls.__name__} is expected")

    return decode
