"""What commands are given: the database, the instance's facts, hooks to the process."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from handlers.conversation.account_care import AccountCare
from handlers.conversation.questions import Questions
from handlers.conversation.requests import GivenFile
from handlers.conversation.sent_files import SentFiles
from handlers.conversation.translation import Translate, UnderWay
from handlers.render.text.messages import Message
from storage.connection import Database
from storage.documents.authors import Keep
from storage.outbox.gate import Outbox

Role = Literal["manager", "member", "stranger"]
"""What a person is in a chat: may change what it gets; may read what it gets; neither."""


async def _no_role(_chat_id: int, _user_id: int) -> Role:
    """The answer of a process that can ask nobody."""
    return "stranger"


async def _no_text(_chat_id: int, _message_id: int) -> str | None:
    """The answer of a process that can ask nobody."""
    return None


async def _no_file(_chat_id: int, _message_id: int, _most: int) -> GivenFile | None:
    """The answer of a process that can ask nobody."""
    return None


async def _render_nothing(_row_id: int) -> Message | None:
    """The answer of a process that sends nothing."""
    return None


async def _note_nothing(_chat_id: int, _now: datetime) -> None:
    """The hook of a process that keeps nothing beside the database."""


def _no_proxy() -> str:
    """The answer of a process that reaches Telegram directly, or not at all."""
    return ""


def _no_account() -> AccountCare | None:
    """The answer of a process that no account watches for."""
    return None


def _ignore(_: object) -> None:
    """The hook of a process that keeps no state beside the database."""


class Services(Struct, frozen=True, kw_only=True):
    """Given to every command. ``bot_username`` without ``@``; ``language`` ``en`` or ``ru``;
    ``timezone`` an IANA name; ``admins`` numeric ids of people; ``reconcile_interval`` in seconds
    and ``scan_requests`` a minute, as set; ``read_on_watch``: of how many days, at most how many
    posts of a new channel are read; ``burst_after`` is for chats that chose none; a search
    is ended after ``search_seconds``; ``authors``: what is kept of who posts in watched groups.

    ``plans_changed(chat_id)`` is called right after the commit whenever a digest plan, or a signal,
    may be new, changed, on or off.

    ``note_forgotten(chat_id, now)`` writes down outside the database that a chat is forgotten;
    ``backups_kept``: how many daily backups there are, which hold it still, None where none are
    made.

    ``role_of(chat_id, user_id)`` asks Telegram what a person is in a group or channel;
    ``text_of(chat_id, message_id)`` what somebody wrote, None for what cannot be read or is the
    bot's own; ``file_of(chat_id, message_id, most)`` the file that came with a message, if it
    has at most ``most`` bytes; None if there is none or it cannot be read; ``sent_files`` were;
    ``render_again(row_id)`` writes an alert's message anew, None for one that cannot be.

    ``proxy()`` names the proxy that Telegram is reached by, without what is secret; "" for none;
    ``account()`` how the watching account is kept, None where that is not known.

    ``translate`` has a text translated; None where the operator has no translator;
    ``translations`` are under way.

    ``feeds_url`` is the address of feeds, without a slash at its end; "" where none are served.
    """

    database: Database
    bot_username: str
    admins: frozenset[int] = frozenset()
    access: Literal["open", "private"] = "open"
    language: str = "en"
    timezone: str = "UTC"
    alerts_per_person: int = 100
    burst_after: int = 3
    authors: Keep = "channels"
    search_seconds: float = 5.0
    reconcile_interval: float = 180.0
    scan_requests: int = 20
    read_on_watch: tuple[int, int] | None = None
    plans_changed: Callable[[int], None] = _ignore
    note_forgotten: Callable[[int, datetime], Awaitable[None]] = _note_nothing
    backups_kept: int | None = None
    role_of: Callable[[int, int], Awaitable[Role]] = _no_role
    text_of: Callable[[int, int], Awaitable[str | None]] = _no_text
    file_of: Callable[[int, int, int], Awaitable[GivenFile | None]] = _no_file
    render_again: Callable[[int], Awaitable[Message | None]] = _render_nothing
    proxy: Callable[[], str] = _no_proxy
    account: Callable[[], AccountCare | None] = _no_account
    sent_files: SentFiles = field(default_factory=SentFiles)
    questions: Questions = field(default_factory=Questions)
    translate: Translate | None = None
    translations: UnderWay = field(default_factory=dict)
    feeds_url: str = ""
    outbox: Outbox = field(default_factory=Outbox)
