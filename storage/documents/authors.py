"""Authors of posts in groups: how much of them is kept, and how a person is forgotten.

Channels, anonymous administrators and a group itself are always kept: they speak in public. Of a
person nothing is kept (``channels``), or a pseudonym that only this instance can compute, with a
key in its database (``pseudonym``), or everything that the source has (``full``).
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from storage import facts
from storage.document import DELETED, Author, Document, Forward
from storage.structs import replace

if TYPE_CHECKING:
    from storage.connection import Connection, Database

Keep = Literal["channels", "pseudonym", "full"]
KEEPS: tuple[Keep, ...] = ("channels", "pseudonym", "full")

_KEY = "author_key"


class Authors(Struct, frozen=True, kw_only=True):
    """How much of authors is kept. ``key``: the secret key of pseudonyms."""

    keep: Keep = "channels"
    key: bytes = b""

    def kept(self, document: Document) -> Document:
        """The document with as much of its author as is kept."""
        author = document.author
        if author is None or author.kind != "user" or self.keep == "full":
            return document
        # A person's signature is their name as well.
        return replace(document, author=self._of_person(author), author_signature=None)

    def _of_person(self, author: Author) -> Author | None:
        if self.keep == "channels":
            return None
        who = author.name if author.id is None else author.id
        return None if who is None else Author(kind="user", name=pseudonym(self.key, who))


def pseudonym(key: bytes, who: int | str) -> str:
    """A person's pseudonym, always the same, from which nobody without the key can find the person.

    ``who``: Telegram's id, or the name if the source has no id.
    """
    return "anon" + hmac.new(key, str(who).encode(), hashlib.sha256).hexdigest()[:16]


def is_forgotten(origin: Forward | None) -> bool:
    """Whether a person was removed from an origin; reading the post again does not bring them
    back."""
    return origin is not None and (origin.kind, origin.name) == ("hidden_user", DELETED.name)


def key_of(author: Author | None) -> str | None:
    """The value by which a person's posts are found; None if the author is no person, or
    unknown."""
    if author is None or author.kind != "user":
        return None
    return author.name if author.id is None else str(author.id)


async def open_authors(database: "Database", keep: Keep) -> Authors:
    """How authors are kept from now on; a key is made if one is needed for the first time."""
    if keep != "pseudonym":
        return Authors(keep=keep)
    async with database.transaction() as tx:
        key = await facts.find_value(tx, _KEY)
        if key is None:
            key = secrets.token_hex(32)
            await facts.set_value(tx, _KEY, key)
    return Authors(keep=keep, key=bytes.fromhex(key))


def forgotten(document: Document, user_id: int, keys: Sequence[str]) -> Document:
    """The document without a person, as its author (known by ``keys``) and as the origin of a
    forward."""
    author, origin = document.author, document.forwarded_from
    if key_of(author) in keys:
        document = replace(document, author=DELETED, author_signature=None)
    if origin is not None and origin.user_id == user_id:
        unnamed = replace(
            origin, kind="hidden_user", name=DELETED.name, username=None, user_id=None
        )
        document = replace(document, forwarded_from=unnamed)
    return document


async def list_keys(conn: "Connection", user_id: int) -> list[str]:
    """The keys under which a person's posts may have been stored."""
    key = await facts.find_value(conn, _KEY)
    made = [] if key is None else [pseudonym(bytes.fromhex(key), user_id)]
    return [str(user_id), *made]
