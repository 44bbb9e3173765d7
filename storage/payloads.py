"""What a row of the outbox carries, by its kind: frozen records, stored as JSON. Pure.

Rows of former versions and of a damaged file are read as far as they say what is needed: what a
record does not know is left out; what says too little is an ``UnreadablePayload``, so that one bad
row holds nobody up.
"""

import functools
import json
import operator
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from storage.errors import DocumentError
from storage.structs import Decoder, RecordWriter, decoder

Matched: TypeAlias = tuple[tuple[int, str], ...]
"""The alerts that a post matched: id and query of each."""
Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Where in a text something stands: start and end, in characters."""


class TextPayload(Struct, frozen=True, kw_only=True):
    """A message as it stands: an answer, a digest, a notice.

    ``spans``: kind, start, end and address of each; ``keyboard``: rows of text, data and address;
    ``attachment``: query, format, time (epoch) and zone of a file. ``access_hash`` is for those who
    are not stored. ``secret`` is a part of the text that is to be kept no longer than it takes to
    send it.
    """

    text: str
    spans: tuple[tuple[str, int, int, str | None], ...] = ()
    keyboard: tuple[tuple[tuple[str, str | None, str | None], ...], ...] = ()
    attachment: tuple[str, str, int, str] | None = None
    reply_to: int | None = None
    preview: str | None = None
    access_hash: int | None = None
    secret: str | None = None


class AlertPayload(Struct, frozen=True, kw_only=True):
    """A post (``doc_id``) that alerts matched. ``follows``: the post that it goes on from, and
    ``fresh`` is what is new in it; ``change``: it was edited (since the revision ``since``) or
    deleted. ``once``: posts of its event may go into its message; ``news``: why it rings though
    the event was told before."""

    doc_id: str
    alerts: Matched = ()
    silent: bool = False
    urgent: bool = False
    follows: str | None = None
    fresh: Ranges = ()
    change: Literal["edited", "deleted"] | None = None
    since: int | None = None
    once: bool = False
    news: str | None = None

    @property
    def alert_ids(self) -> list[int]:
        """The ids of the alerts."""
        return [id for id, _ in self.alerts]


class Line(Struct, frozen=True, kw_only=True):
    """A post of a list, as its alert would tell of it."""

    doc_id: str
    alerts: Matched = ()
    story: str | None = None
    fresh: Ranges = ()


class ListPayload(Struct, frozen=True, kw_only=True):
    """Posts in one message: what was missed (``late``), may have been told before a restore
    (``away``), was deleted (``gone``), was held, or came too fast. A list that grows names its
    rows, and with how many lines it was sent (``first``)."""

    posts: tuple[Line, ...]
    rows: tuple[int, ...] = ()
    first: int | None = None
    late: bool = False
    away: bool = False
    gone: bool = False
    silent: bool = False


class EditPayload(Struct, frozen=True, kw_only=True):
    """An edit of a message that is out; ``lines``: how many of a list are shown from then on."""

    lines: int | None = None


class TallyPayload(Struct, frozen=True, kw_only=True):
    """How many posts came to a list."""

    count: int
    silent: bool = False


class UnreadablePayload(Struct, frozen=True, kw_only=True):
    """What no message can be made of, and why; ``stored`` is as it stands."""

    error: str
    stored: str


Payload: TypeAlias = (
    TextPayload | AlertPayload | ListPayload | EditPayload | TallyPayload | UnreadablePayload
)

_RECORDS: Mapping[str, type] = {
    "answer": TextPayload,
    "alert": AlertPayload,
    "digest": TextPayload,
    "notice": TextPayload,
    "update": EditPayload,
    "bundle": ListPayload,
    "tally": TallyPayload,
}
_LINE = Line.__struct_fields__
_OF_READER = frozenset({"alerts", "silent", "urgent", "once"})
"""What an alert says of its reader; the rest is of the post."""
of_post = operator.attrgetter(
    *[name for name in AlertPayload.__struct_fields__ if name not in _OF_READER]
)
"""What an alert says of its post, to be compared with what others say."""
_WRITER = RecordWriter(always={}, also={})
_to_json = json.JSONEncoder(separators=(",", ":")).encode
_quote = json.encoder.encode_basestring_ascii


class Carrying:
    """What a row carries, as the record of its kind. Each raises ValueError for another one."""

    __slots__ = ()
    payload: Payload

    @property
    def alert(self) -> AlertPayload:
        """A post, and for whom."""
        if isinstance(self.payload, AlertPayload):
            return self.payload
        raise ValueError(_no("alert", self.payload))

    @property
    def tells_of_post(self) -> bool:
        """Whether it is an alert, which shares what it says of its post with others."""
        return isinstance(self.payload, AlertPayload)

    @property
    def listed(self) -> ListPayload:
        """Posts in one message."""
        if isinstance(self.payload, ListPayload):
            return self.payload
        raise ValueError(_no("list", self.payload))

    @property
    def text(self) -> TextPayload:
        """A message as it stands."""
        if isinstance(self.payload, TextPayload):
            return self.payload
        raise ValueError(_no("text", self.payload))

    @property
    def is_silent(self) -> bool:
        """Whether it comes without a sound."""
        return bool(getattr(self.payload, "silent", False))


def _no(what: str, payload: Payload) -> str:
    if isinstance(payload, UnreadablePayload):
        return payload.error
    return f"{type(payload).__name__} is no {what}"


def write(payload: Payload) -> str:
    """A payload as it is stored."""
    if isinstance(payload, UnreadablePayload):
        return payload.stored
    written = _WRITER.write(payload)
    if isinstance(payload, ListPayload):
        written["posts"] = [[getattr(line, name) for name in _LINE] for line in payload.posts]
    return _to_json(written)


def write_for_reader(payload: AlertPayload) -> str:
    """What an alert says of its reader, as it is stored in a row: thousands of a post are."""
    written = write_alerts(payload.alerts)
    if not (payload.silent or payload.urgent or payload.once):
        return written
    silent = ',"silent":true' if payload.silent else ""
    urgent = ',"urgent":true' if payload.urgent else ""
    once = ',"once":true' if payload.once else ""
    return f"{written[:-1]}{silent}{urgent}{once}}}"


def write_alerts(alerts: Iterable[tuple[int, str]]) -> str:
    """What ``write_for_reader`` gives where it is alerts (id and query of each) and no more."""
    pairs = ",".join([f"[{id},{_quote(query)}]" for id, query in alerts])
    return f'{{"alerts":[{pairs}]}}'


def write_for_post(payload: AlertPayload) -> str:
    """What an alert says of its post, as it is stored once for all readers. The two parts, one
    after the other in one object, are what ``write`` gives."""
    written = _WRITER.write(payload)
    return _to_json({name: item for name, item in written.items() if name not in _OF_READER})


def read(kind: str, stored: str) -> Payload:
    """What is stored of a row of this kind."""
    try:
        value = json.loads(stored)
        record = _RECORDS[kind]
        fields = _fields(record)
        known = {name: item for name, item in value.items() if name in fields}
        if record is ListPayload:
            known["posts"] = [dict(zip(_LINE, post, strict=False)) for post in known["posts"]]
        payload: Payload = _decoder(record)(known)
    except (ValueError, LookupError, TypeError, AttributeError, DocumentError) as error:
        return UnreadablePayload(error=f"{type(error).__name__}: {error}", stored=stored)
    return payload


@functools.cache
def _fields(record: type[Struct]) -> frozenset[str]:
    return frozenset(record.__struct_fields__)


@functools.cache
def _decoder(record: type) -> Decoder:
    return decoder(record)
