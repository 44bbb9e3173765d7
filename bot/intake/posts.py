"""Posts on their way in, and what else a source reports with them."""

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
"""Gives those of channels (their rows) that another process reads, until a transaction ends."""


class Message(Protocol):
    """A message of Telethon's, as far as its archive is concerned; readers take it as it is."""

    from_id: object
    post_author: str | None

    def to_json(self) -> str: ...


class Unread(Struct, frozen=True, kw_only=True):
    """A post that its source could not even read: which messages it is, why, and its ``raw`` bytes,
    a small file of the format ``form``."""

    ids: tuple[int, ...]
    error: Exception
    form: str
    raw: bytes


class Post(Struct, frozen=True, kw_only=True):
    """A post from a source: ``messages`` (Telethon's; several for an album), or a ``document``, or
    ``unread``.

    ``peers``: the channels and people that came along with it, by marked id. ``history``: it is
    old, and raises no alert even if it is new to us. ``asked``: it is of a history that somebody
    asked for, whose reader will come again for what is not stored now. ``seen_at``: when its
    channel was asked and showed it, None for a push, which may be older than a deletion that was
    noticed before. ``problem``: the id under which it was set aside, where it is tried again.
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
        """Its message ids, lowest first; of what is no message there are none."""
        if self.unread is not None:
            return self.unread.ids
        if self.document is not None:
            single = self.document.message_id
            return self.document.album_ids or (() if single is None else (single,))
        found = [getattr(message, "id", None) for message in self.messages]
        return tuple(sorted(number for number in found if isinstance(number, int)))

    @property
    def place(self) -> str:
        """Which post it is, for logs and operators: ``tg:7/12``."""
        if self.document is not None:
            return self.document.doc_id
        owner = self.channel.channel_id or f"@{self.channel.username}"
        return f"tg:{owner}/{self.ids[0] if self.ids else '?'}"


class Deletion(Struct, frozen=True, kw_only=True):
    """Messages of a channel that are deleted. ``channel_id`` is Telegram's bare positive id.

    ``id``: the row of the channel of which a scan worked that out, which holds only while this
    process reads it. None: Telegram itself said so, which is true whoever hears it.
    """

    id: int | None
    channel_id: int
    message_ids: tuple[int, ...]


class Advance(Struct, frozen=True, kw_only=True):
    """A contiguous scan of the channel (row ``id``) has read everything up to ``message_id``.

    ``begins``: it is the first one, and all up to there is history. ``is_pushed``: what is new in
    it should have come by push, so it filled a gap.
    """

    id: int
    message_id: int
    scanned_at: datetime
    begins: bool = False
    is_pushed: bool = False


class Refused(Struct, frozen=True, kw_only=True):
    """A post that could not be read or stored, and why; its ``document`` where it could be read."""

    post: Post
    error: Exception
    document: Document | None = None


class ElsewhereError(UnavailableError):
    """Channels (their ``rows``) are read by another process by now: it takes in what is theirs."""

    def __init__(self, rows: frozenset[int]) -> None:
        super().__init__("another process reads this channel", cause="lock", where="intake")
        self.rows = rows


class StoppedError(DatelineError):
    """Posts of a channel (row ``row``) fail by our fault: they wait, and its cursor with them.

    The others that came with them are ``stored``. ``held`` are the ids of those that wait; the
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
    """What an error says, for people, in one line."""
    if isinstance(error, DatelineError):
        return " ".join(error.what.split())[:300]
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
