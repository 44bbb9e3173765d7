"""``dateline token``: who runs the instance lets programs in, sees which, and shuts them out.

A running service takes note with the next request.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from handlers.sources import references
from storage.connection import Connection
from storage.errors import NotFoundError
from storage.subscribers import tokens
from storage.subscribers.tokens import Token


def add(
    settings: Settings, name: str, *, scopes: str, channels: Sequence[str], span: timedelta | None
) -> int:
    """Make a token and print its secret. Raises UsageError, NotFoundError."""
    read = tokens.read_scopes([one.strip() for one in scopes.split(",") if one.strip()])
    now = datetime.now(UTC)

    async def work() -> str:
        async with archive.opened(settings) as database, database.transaction() as tx:
            token = Token(
                name=name,
                scopes=read,
                channels=frozenset([await _number_of(tx, one) for one in channels]),
                created_at=now,
                expires_at=None if span is None else now + span,
            )
            return await tokens.add_token(tx, token)

    secret = asyncio.run(work())
    sys.stdout.write(f"{secret}\n")
    terminal.say("dateline: it is shown this once; it is sent as Authorization: Bearer TOKEN")
    if settings.feeds_address is None:
        terminal.say("dateline: nothing is served to programs yet: FEEDS_ADDRESS is not set")
    return 0


async def _number_of(tx: Connection, name: str) -> int:
    """The number of a watched channel."""
    asked = references.parse_reference(name)
    channel = await references.find(tx, asked)
    if (
        channel is not None
        and asked.kind == "name"
        and not references.has_name(channel, asked.value)
    ):
        raise NotFoundError("is another channel's name by now", where=name, hint="give its number")
    if channel is None or channel.channel_id is None:
        what = "is not on the list" if channel is None else "has no number yet"
        raise NotFoundError(what, where=name, hint="see `dateline channels list`")
    return channel.channel_id


def show(settings: Settings, *, as_json: bool) -> int:
    """Print the tokens that there are, by name."""

    async def work() -> list[Token]:
        async with archive.opened(settings) as database, database.reader() as conn:
            return await tokens.list_tokens(conn)

    for token in asyncio.run(work()):
        facts = _facts(token)
        if as_json:
            sys.stdout.write(json.dumps(facts, separators=(",", ":")) + "\n")
            continue
        held = f"channels {', '.join(map(str, sorted(token.channels)))}" if token.channels else ""
        ends = f"until {facts['expires_at']}" if token.expires_at else ""
        told = (" ".join(sorted(token.scopes)), held, f"since {facts['created_at']}", ends)
        sys.stdout.write("\t".join([token.name, *filter(None, told)]) + "\n")
    return 0


def revoke(settings: Settings, name: str) -> int:
    """End a token. Raises NotFoundError."""

    async def work() -> None:
        async with archive.opened(settings) as database, database.transaction() as tx:
            await tokens.revoke_token(tx, name)

    asyncio.run(work())
    sys.stdout.write(f"revoked {name}\n")
    return 0


def _facts(token: Token) -> dict[str, object]:
    return {
        "name": token.name,
        "scopes": sorted(token.scopes),
        "channels": sorted(token.channels),
        "created_at": _time(token.created_at),
        "expires_at": None if token.expires_at is None else _time(token.expires_at),
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
