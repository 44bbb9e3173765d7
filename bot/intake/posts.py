"""Posts on their way into the database, and what a source reports beside them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct, field

from storage.connection import Connection
from storage.document import Channel as PostChannel
from storage.document import Document
from storage.errors import DatelineError, UnavailableError
from storage.records import Channel, Stored

Others: TypeAlias = Callable[[Connection, Collection[int]], Awaitable[frozenset[int]]]
"""Returns those of these channels (row ids) that another process reads; holds until the transaction
ends."""


class Message(Protocol):
    """The parts of Telethon's message that the intake uses itself; normalizing reads more of it."""

    from_id: object
    post_author: str | None

    def to_json(self) -> str: ...


class Unread(Struct, frozen=True, kw_only=True):
    """A post that its source could not read: the message ids, the error, and its ``raw`` bytes, a
    small file of the format ``form``."""

    ids: tuple[int, ...]
    error: Exception
    form: str
    raw: bytes


class Post(Struct, frozen=True, kw_only=True):
    """A post from a source, in one of three shapes: ``messages`` (Telethon's; several for an
    album), a ``document``, or ``unread``.

    ``peers``: the channels and people that were sent along with it, by marked id. ``history``: it
    is old, and raises no alert even if it was not stored before. ``asked``: it belongs to a history
    that somebody asked for; the reader of that will read again what is not stored now. ``seen_at``:
    when its channel was asked and showed it; None for a push, which may be older than a deletion
    that was noticed before. ``problem``: the id under which it was set aside, if it is being tried
    again.
    """

    channel: Channel
    messages: tuple[Message, ...] = ()
    document: Document | None = None
    unread: Unread | None = None
    peers: Mapping[int, PostChannel] = field(default_factory=dict)
    history: bool = False
    asked: bool = False
    seen_at: datetime | None = None
    problem: int | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """Its message ids, lowest first; empty for a document that is no message."""
        if self.unread is not None:
            return self.unread.ids
        if self.document is not None:
            single = self.document.message_id
            return self.document.album_ids or (() if single is None else (single,))
        found = [getattr(message, "id", None) for message in self.messages]
        return tuple(sorted(number for number in found if isinstance(number, int)))

    @property
    def place(self) -> str:
        """The post's name in logs and for operators, ``tg:7/12`` for instance."""
        if self.document is not None:
            return self.document.doc_id
        owner = self.channel.channel_id or f"@{self.channel.username}"
        return f"tg:{owner}/{self.ids[0] if self.ids else '?'}"


class Deletion(Struct, frozen=True, kw_only=True):
    """Messages of a channel that were deleted. ``channel_id`` is Telegram's bare positive id.

    ``id``: the channel's row, if a scan worked the deletion out; that holds only while this process
    reads the channel. None: Telegram itself reported it, which holds in any process.
    """

    id: int | None
    channel_id: int
    message_ids: tuple[int, ...]


class Advance(Struct, frozen=True, kw_only=True):
    """A contiguous scan of the channel (row ``id``) has read everything up to ``message_id``.

    ``begins``: it is the first scan, and everything up to there is history. ``is_pushed``: posts of
    this channel come by push, so new posts in the scan filled a gap.
    """

    id: int
    message_id: int
    scanned_at: datetime
    begins: bool = False
    is_pushed: bool = False


class Refused(Struct, frozen=True, kw_only=True):
    """A post that could not be read or stored, and the error; ``document`` if it could be read."""

    post: Post
    error: Exception
    document: Document | None = None


class ElsewhereError(UnavailableError):
    """Another process reads these channels (``rows``) now, and will store their posts."""

    def __init__(self, rows: frozenset[int]) -> None:
        super().__init__("another process reads this channel", cause="lock", where="intake")
        self.rows = rows


class StoppedError(DatelineError):
    """Posts of a channel (row ``row``) fail by our own fault: they and its cursor wait.

    ``held`` are the message ids of those that wait, ``stored`` the outcomes of the others; the
    cursor stands at ``reached``.
    """

    def __init__(self, held: Sequence[Refused], *, stored: Sequence[Stored], reached: int) -> None:
        super().__init__(
            f"posts cannot be taken in: {text_of(held[0].error)}",
            where=held[0].post.place,
            hint="see `dateline problems`",
        )
        self.row = held[0].post.channel.id
        self.held = frozenset(number for refused in held for number in refused.post.ids)
        self.stored = stored
        self.reached = reached


def text_of(error: Exception) -> str:
    """An error's message for people: one line of at most 300 characters."""
    if isinstance(error, DatelineError):
        return " ".join(error.what.split())[:300]
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
