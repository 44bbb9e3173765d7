"""Reads a history message by message, to get past one that this version cannot decode."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from bot.telegram.answers import Answer
from bot.telegram.undecoded import UndecodedError

PAGE = 100
WINDOWS = 20
"""How many times the next ``PAGE`` ids are tried."""
POSITIONS = (1, 2, 4, 8, 16, 32, 64)
"""The places, counted from the newest message, at which a decodable message is looked for."""


class ApartReader:
    """Reads with ``by_ids``, which returns those of some message ids that exist, and ``one``, which
    returns the message at a place (``add_offset``) of the history and may raise UndecodedError."""

    def __init__(
        self,
        by_ids: Callable[[Sequence[int]], Awaitable[Answer]],
        one: Callable[..., Awaitable[Answer]],
    ) -> None:
        self._by_ids = by_ids
        self._one = one

    async def newest(self, count: int) -> Answer:
        """About the newest ``count`` messages. Raises UndecodedError if none can be found."""
        known, above = await self._find_decoded()
        found: frozenset[int] = frozenset()
        for step in range(WINDOWS):
            low = known + 1 + step * PAGE
            found |= (await self._by_ids(range(low, low + PAGE))).ids
            if len(found) >= above:
                break
        high = max(found, default=known)
        if not high:
            raise UndecodedError(LookupError("not found by ids"), b"")
        return await self._by_ids(range(max(1, high - count + 1), high + 1))

    async def after(self, message_id: int) -> Answer:
        """Some of the messages that follow an id, without a gap; an empty answer if none
        follows."""
        with contextlib.suppress(UndecodedError):
            following = await self._one(offset_id=message_id + 1, add_offset=-1)
            if max(following.ids, default=0) <= message_id:
                return following
        for step in range(WINDOWS):
            low = message_id + 1 + step * PAGE
            window = await self._by_ids(range(low, low + PAGE))
            if window.ids:
                return window
        raise UndecodedError(LookupError("not found by ids"), b"")

    async def one_before(self, moment: datetime) -> Answer:
        """A message from before a time, not always the last one."""
        for position in POSITIONS:
            with contextlib.suppress(UndecodedError):
                return await self._one(offset_date=moment, add_offset=position)
        return await self._one(offset_date=moment, add_offset=0)

    async def _find_decoded(self) -> tuple[int, int]:
        """The id of one of the newest messages that can be decoded, and how many are newer.

        If the history is shorter than the place that is asked for, that is id 0 and the most
        messages that there can be; then ids are tried from the first one on.
        """
        for position in POSITIONS:
            with contextlib.suppress(UndecodedError):
                answer: Any = await self._one(add_offset=position)
                return max(answer.ids, default=0), position
        answer = await self._one(add_offset=0)
        return max(answer.ids, default=0), 0
