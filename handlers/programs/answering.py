"""What the holder of a token is answered."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.conversation.services import Services
from handlers.programs import problems
from handlers.programs.arguments import read_arguments
from handlers.programs.operations import Operation
from handlers.programs.problems import RefusedError
from handlers.programs.reading import Archive, Members
from handlers.programs.sight import Sight
from storage.subscribers import tokens
from storage.subscribers.tokens import Token


async def answer(
    operation: Operation,
    secret: str,
    given: Iterable[tuple[str, object]],
    services: Services,
    *,
    now: datetime,
) -> Members:
    """What the operation gives to who holds that secret, as the token is now.

    Raises RefusedError; what the operation raises: UsageError, NotFoundError, TimeoutError.
    """
    async with asyncio.timeout(services.search_seconds), services.database.reader() as conn:
        token = await tokens.find_token(conn, secret, now=now)
    if token is None:
        raise RefusedError(problems.NO_TOKEN)
    if operation.scope not in token.scopes:
        raise RefusedError(problems.without_scope(operation.scope))
    archive = Archive(
        database=services.database,
        sight=sight_of(token),
        zone=ZoneInfo(services.timezone),
        seconds=services.search_seconds,
        now=now,
    )
    return await operation.read(archive, read_arguments(operation, given))


def sight_of(token: Token) -> Sight:
    """What the token's holder sees."""
    return Sight(channels=token.channels, private="private" in token.scopes)
