"""Reading a history message by message, to get past one that this version can't decode."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from bot.telegram.answers import Answer
from bot.telegram.undecoded import UndecodedError

PAGE = 100
WINDOWS = 20
"""How often ``PAGE`` ids more are looked through."""
POSITIONS = (1, 2, 4, 8, 16, 32, 64)
"""Where, from the newest on, a message is looked for that can be decoded."""


class ApartReader:
    """Reads by ``by_ids``, which gives those of some messages that are there, and by ``one``, which
    gives the one at a place (``add_offset``) in the history; that one may raise UndecodedError."""

    def __init__(
        self,
        by_ids: Callable[[Sequence[int]], Awaitable[Answer]],
        one: Callable[..., Awaitable[Answer]],
    ) -> None:
        self._by_ids = by_ids
        self._one = one

    async def newest(self, count: int) -> Answer:
        """The newest ``count`` messages or so. Raises UndecodedError where none can be decoded."""
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
        """Some of what follows an id, without a gap; nothing, if nothing does."""
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
        """Some message from before a time; not always the last one."""
        for position in POSITIONS:
            with contextlib.suppress(UndecodedError):
                return await self._one(offset_date=moment, add_offset=position)
        return await self._one(offset_date=moment, add_offset=0)

    async def _find_decoded(self) -> tuple[int, int]:
        """The id of one of the newest messages that can be decoded, and how many are newer.

        Where there are too few to have such a one, it is looked for from the first id on: 0, and
        how many there are at most.
        """
        for position in POSITIONS:
            with contextlib.suppress(UndecodedError):
                answer: Any = await self._one(add_offset=position)
                return max(answer.ids, default=0), position
        answer = await self._one(add_offset=0)
        return max(answer.ids, default=0), 0
