"""Where documents stand: their row ids, which are in the order of their time."""

import json
from collections.abc import Iterable, Sequence

from storage import moments
from storage.database import Connection
from storage.document import Document

_LAST_OF_EACH = """
    SELECT value AS first, (
        SELECT max(id) FROM document WHERE id >= value AND id < value + ?
    ) AS last
    FROM json_each(?)
"""


def first_place(document: Document) -> int:
    """The first row id of the second in which the document was published."""
    return moments.first_id(moments.from_partial(document.published_at))


class Places:
    """Free row ids: the next of a second, or of a stretch after it where the second is full."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._free: dict[tuple[int, int], int] = {}

    async def load(self, firsts: Iterable[int]) -> None:
        """Learn what is free in each of the seconds that begin at ``firsts``."""
        await self._learn(sorted(firsts), moments.SLOTS)

    async def take(self, first: int) -> int:
        """The next free id from ``first`` on, in stretches that double so that it ends soon."""
        size = moments.SLOTS
        while True:
            if (first, size) not in self._free:
                await self._learn([first], size)
            place = self._free[first, size]
            if place < first + size:
                self._free[first, size] = place + 1
                return place
            first, size = first + size, size * 2

    async def _learn(self, firsts: Sequence[int], size: int) -> None:
        rows = await self._tx.fetch_all(_LAST_OF_EACH, (size, json.dumps(list(firsts))))
        for row in rows:
            last = row["last"]
            self._free[row["first"], size] = row["first"] if last is None else last + 1
