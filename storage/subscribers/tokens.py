"""Tokens of programs: what each may read, with a secret of which only the hash is stored."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row
from storage.errors import NotFoundError, UsageError

Scope = Literal["search", "documents", "stories", "private"]
"""What a token may read; ``private``: also channels without a public name."""
SCOPES: tuple[Scope, ...] = get_args(Scope)

SECRET_BYTES = 32
PREFIX = "dateline_"
"""Makes a secret recognizable where it should not be."""
MOST = 100
"""How many tokens an instance may have."""

_SECRET = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_HERE = "dateline token"


class Token(Struct, frozen=True, kw_only=True):
    """A token. ``name``: the operator's name for it; ``channels``: bare ids of the channels that it
    is limited to, empty for all; ``expires_at``: when it ends."""

    name: str
    scopes: frozenset[Scope]
    channels: frozenset[int] = frozenset()
    created_at: datetime
    expires_at: datetime | None = None


async def add_token(tx: Connection, token: Token) -> str:
    """Store a new token; gives its secret (256 random bits), which is not stored. Raises UsageError
    for an invalid or used name, without a scope, and if there are too many."""
    if not _NAME.fullmatch(token.name):
        raise UsageError(
            "a name has 1 to 40 letters of a-z, digits and . _ -",
            where=_HERE,
            hint="choose one",
        )
    if not token.scopes & {"search", "documents", "stories"}:
        raise UsageError(
            "it could ask for nothing", where=_HERE, hint="name search, documents or stories"
        )
    known = await list_tokens(tx)
    if any(one.name == token.name for one in known):
        raise UsageError(f"there is a token {token.name}", where=_HERE, hint="choose another name")
    if len(known) >= MOST:
        raise UsageError(f"there are {MOST} tokens", where=_HERE, hint="revoke one")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    await tx.execute(
        "INSERT INTO api_token (name, secret_hash, scopes, channels, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            token.name,
            hash_of(secret),
            " ".join(sorted(token.scopes)),
            " ".join(map(str, sorted(token.channels))),
            times.to_epoch(token.created_at),
            None if token.expires_at is None else times.to_epoch(token.expires_at),
        ),
    )
    return secret


def hash_of(secret: str) -> str:
    """The stored hash of a secret. The secret is as random as the hash is long: no salt is
    needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


async def find_token(conn: Connection, secret: str, *, now: datetime) -> Token | None:
    """The token of a secret; None if there is none, it was revoked, or has expired."""
    if not _SECRET.fullmatch(secret):
        return None
    asked = hash_of(secret)
    row = await conn.fetch_one("SELECT * FROM api_token WHERE secret_hash = ?", (asked,))
    if row is None or not hmac.compare_digest(row["secret_hash"], asked):
        return None
    found = _from_row(row)
    return found if found.expires_at is None or now < found.expires_at else None


async def list_tokens(conn: Connection) -> list[Token]:
    """All that were not revoked, by name."""
    rows = await conn.fetch_all("SELECT * FROM api_token ORDER BY name")
    return [_from_row(row) for row in rows]


async def revoke_token(tx: Connection, name: str) -> None:
    """End a token. Raises NotFoundError."""
    if not await tx.execute("DELETE FROM api_token WHERE name = ?", (name,)):
        raise NotFoundError("there is no such token", where=_HERE, hint="see `dateline token list`")


def read_scopes(given: Collection[str]) -> frozenset[Scope]:
    """Scopes by their names. Raises UsageError."""
    unknown = sorted(set(given) - set(SCOPES))
    if unknown:
        raise UsageError(
            f"{unknown[0]!r} is no scope", where=_HERE, hint=f"choose of {', '.join(SCOPES)}"
        )
    return frozenset(scope for scope in SCOPES if scope in given)


def _from_row(row: Row) -> Token:
    expires = row["expires_at"]
    return Token(
        name=row["name"],
        scopes=frozenset(scope for scope in SCOPES if scope in row["scopes"].split()),
        channels=frozenset(map(int, row["channels"].split())),
        created_at=times.from_epoch(row["created_at"]),
        expires_at=None if expires is None else times.from_epoch(expires),
    )
