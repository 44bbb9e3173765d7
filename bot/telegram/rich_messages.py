"""Completes long rich messages, of which Telegram sends only the beginning.

A long one comes with its first blocks and ``part`` set (https:

core.telegram.org/type/RichMessage); ``messages.getRichMessage`` returns the whole. If that is
refused, the message stays as it came, and its document says so (``text_withheld``).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from telethon import errors

from bot.telegram.answers import Answer
from bot.telegram.objects import Message
from bot.telegram.undecoded import UndecodedError

KEPT = 1000
_REFUSED = (
    errors.BadRequestError,
    errors.ForbiddenError,
    errors.NotFoundError,
    UndecodedError,
)
"""Errors that would come again for the same message."""

Ask = Callable[[int], Awaitable[Answer]]

log = structlog.get_logger("rich")


def lacks(messages: Sequence[Message]) -> bool:
    """Whether any of these messages is incomplete."""
    return any(map(_is_partial, messages))


def _is_partial(message: object) -> bool:
    return bool(getattr(getattr(message, "rich_message", None), "part", None))


class RichReader:
    """Completes messages. What was refused is not requested again until the message is edited."""

    def __init__(self) -> None:
        self._refused: dict[tuple[int | None, int, datetime | None], None] = {}

    async def complete(
        self, channel_id: int | None, messages: Sequence[Message], ask: Ask
    ) -> tuple[Message, ...]:
        """The messages of a post with all their blocks. ``ask`` returns Telegram's answer about a
        message id. Raises its errors, except refusals."""
        found = []
        for message in messages:
            key = (channel_id, message.id, message.edit_date)
            if not _is_partial(message) or key in self._refused:
                found.append(message)
                continue
            try:
                answer = await ask(message.id)
            except _REFUSED as error:
                self._refuse(key)
                log.warning("stays in part", post=f"{channel_id}/{message.id}", error=str(error))
                found.append(message)
            else:
                found.append(next((m for m in answer.messages if m.id == message.id), message))
        return tuple(found)

    def _refuse(self, key: tuple[int | None, int, datetime | None]) -> None:
        self._refused[key] = None
        while len(self._refused) > KEPT:
            del self._refused[next(iter(self._refused))]
