"""The keys of the outbox: idempotency keys, which name a message by facts that outlive the
database.

A key is queued once, and the ``random_id`` of a message is derived from it. So a database that was
restored from a copy, or that lost its last commits, sends what it sent before under the same ids,
and Telegram accepts nothing twice.

For this a key contains only what is the same in every restored copy: the chat and its *incarnation*
(random; new when somebody comes back after ``/forgetme``, who then gets everything again), numbers
given by Telegram, times, and hashes of what a list contains. A row id, or a name that depends on
which post came first, could give a message the id of another one that was sent, and Telegram would
drop it.

**Alerts** have two possible names. The first is what the post says: its text and the day (UTC) on
which it was published. If another message in the database has that name, the name is the post's
number in its channel.

- *Nothing twice*: after a restore copies and forwards are read in any order, and whichever comes
  first gets the name that the first one had before. Posts that were named by their number get that
  name again.
- *Nothing dropped*: within one database a name is used once. Another post with the same text on the
  same day is named by its number, and on another day by that day.
- *Nothing lost*: two posts get the same id in two lives of a database only if they say the same on
  the same day, and then that text has reached its reader.
- A post without text (a photo) is named by its number. A post that was withheld at first, or that
  matches since it was edited, is named by its text when it is sent. A post that was edited after it
  was sent, and is read again after a restore, has another text by then and is sent once more. So is
  a near copy that then comes first.
- A post of a channel whose number is not known yet (a web preview) is named by the user name.

**Lists** (bundles, digests) are named by their content, in any order. A list with any other content
after a restore is another message, and is sent.
"""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from msgspec import Struct

from storage.document import EMPTY_HASH, Document

_TWO_IDS = struct.Struct(">qq")
_HASH_DIGITS = 32
_BLOCK = 64  # bytes that SHA-256 takes at once


class AlertNames(Struct, frozen=True):
    """The names of a post in keys: its text and day (None without a text or a date), and its
    channel and message number."""

    content: str | None
    place: str

    def keys(self, chat_id: int, incarnation: str) -> tuple[str, str | None]:
        """The key of this post's alert for a chat, and the spare key that it gets if that is
        taken."""
        reader = alert_reader(chat_id, incarnation)
        place = f"{reader}{self.place}"
        return (place, None) if self.content is None else (f"{reader}{self.content}", place)

    @property
    def first(self) -> str:
        """The suffix of keys of alerts, unless these are taken."""
        return self.place if self.content is None else self.content


def alert_reader(chat_id: int, incarnation: str) -> str:
    """The prefix of the keys of a chat's alerts."""
    return f"alert:{chat_id}:{incarnation}:"


def alert_names(document: Document, published_at: datetime | None) -> AlertNames:
    """The names of a post published at that time (aware; None if unknown)."""
    content = None
    if document.content_hash and document.content_hash != EMPTY_HASH and published_at is not None:
        content = f"{published_at.astimezone(UTC).date().isoformat()}/{document.content_hash}"
    return AlertNames(content=content, place=_place(document))


def _place(document: Document) -> str:
    channel = document.channel
    if channel is None or document.message_id is None:
        return document.doc_id
    owner = str(channel.id) if channel.id is not None else f"@{(channel.username or '').lower()}"
    return f"{owner}/{document.message_id}"


def change(document: Document, chat_id: int, incarnation: str, what: str) -> str:
    """The key of a post's edit or deletion; ``what`` identifies it by what the post said and
    says."""
    return f"{changes_of(document, chat_id, incarnation)}{what}"


def changes_of(document: Document, chat_id: int, incarnation: str) -> str:
    """The prefix of the keys of all changes of a post, for one chat."""
    return f"{changes_in(document, chat_id, incarnation)}{_place(document)}:"


def changes_in(document: Document, chat_id: int, incarnation: str) -> str:
    """The prefix of the keys of all changes of a channel's posts, for one chat."""
    owner = _place(document).rpartition("/")[0]
    return f"change:{chat_id}:{incarnation}:{owner}|"


def in_topic(key: str, topic: int | None) -> str:
    """The key, or how keys begin, of an alert or a change in a topic of its group, whose readers
    are told by themselves; None: in General, as it is.

    >>> in_topic("alert:-42:9f86d081:7/5", 12)
    'alert:-42:9f86d081/12:7/5'
    """
    if topic is None:
        return key
    kind, chat_id, incarnation, name = key.split(":", 3)
    return f"{kind}:{chat_id}:{incarnation}/{topic}:{name}"


def update(alert_key: str, version: int) -> str:
    """The key of the ``version``-th edit of an alert's message."""
    return f"update:{alert_key}:{version}"


def bundle(chat_id: int, alert_keys: Iterable[str]) -> str:
    """The key of a list of the posts of these alerts: their keys name the reader too."""
    return f"bundle:{chat_id}:{_hash(alert_keys)}"


def tally(list_key: str, due_at: datetime) -> str:
    """The key of the message that says, at a time, how many posts came to a growing list."""
    return f"tally:{list_key}:{due_at.astimezone(UTC).isoformat()}"


def digest(
    chat_id: int,
    incarnation: str,
    *,
    plan: str,
    due_at: datetime,
    posts: Iterable[str],
    part: int,
) -> str:
    """The key of a part of what a plan (by its token) sends at a time, with these posts
    (``doc_id``)."""
    when = f"{due_at.astimezone(UTC):%FT%H%M}"
    return f"digest:{chat_id}:{incarnation}:{plan}:{when}:{_hash(posts)}:{part}"


def answer(chat_id: int, message_id: int, part: int | str) -> str:
    """The key of a part of the answer to a message; Telegram never reuses the message's number."""
    return f"answer:{chat_id}:{message_id}:{part}"


def press(chat_id: int, query_id: int, part: int | str) -> str:
    """The key of a message that a press led to; ``query_id`` is Telegram's id of that press."""
    return f"press:{chat_id}:{query_id}:{part}"


def arrival(chat_id: int, qts: int) -> str:
    """The key of the greeting when the bot was let into a chat; ``qts`` is that update's number."""
    return f"came:{chat_id}:{qts}"


def notice(admin: int, what: str) -> str:
    """The key of a notice to an admin; ``what`` identifies the event, for instance by channel and
    time."""
    return f"notice:{what}:{admin}"


def split(key: str) -> tuple[str, str]:
    """The key of an alert, or of a change, in two: what names its reader, and what is the post's,
    the same for all readers. A key of another form is all the reader's.

    >>> split("alert:42:9f86d081:7/5")
    ('alert:42:9f86d081:', '7/5')
    """
    parts = key.split(":", 3)
    if len(parts) < 4:
        return key, ""
    name = parts[3]
    return key[: len(key) - len(name)], name


def random_id(secret: bytes, key: str, other: int = 0) -> int:
    """The id (64 bits, signed, never 0) under which Telegram takes the message of a key once.

    The secret keeps ids of one instance from being foreseen, or met, by another's. Where another
    key has that id already, which may happen once in an age, the message has its ``other`` id of
    that number.
    """
    return RandomIds(secret).of(key, other)


class RandomIds:
    """Makes the ids of many keys with one secret, as ``random_id`` does, faster: the part of the
    HMAC (RFC 2104) that depends on the secret alone is computed once."""

    def __init__(self, secret: bytes) -> None:
        padded = (sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def of(self, key: str, other: int = 0) -> int:
        """The id of a key; ``other``: see ``random_id``."""
        named = f"{key}\0{other}" if other else key
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(named.encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        first, second = _TWO_IDS.unpack_from(outer.digest())
        return int(first or second or 1)


def _hash(names: Iterable[str]) -> str:
    # A NUL is in no name.
    listed = "\0".join(sorted(names))
    return sha256(listed.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
