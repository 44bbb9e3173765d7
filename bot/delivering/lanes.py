"""The rows that wait in memory to be sent: a lane for each chat, most urgent first. Pure.

The rows of a lane are sent one after the other; lanes take turns. Lanes are kept in heaps, so that
choosing the next one costs about the same with ten chats and with thousands.
"""

import heapq
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from itertools import filterfalse
from typing import Any

from storage.records import PRIORITY_ANSWER, Delivery

_Entry = tuple[Any, int, int]
"""An entry of a heap: what it is ordered by, the chat, and its number."""


@dataclass(slots=True)
class Lane:
    """The rows of one chat; ``busy`` while one of them is being sent; ``turns`` counts those sent.

    ``entry`` numbers its latest entry in the heaps; older entries are stale and skipped.
    """

    rows: list[Delivery] = field(default_factory=list)
    busy: bool = False
    turns: int = 0
    entry: int = 0

    @property
    def urgency(self) -> tuple[int, int, int]:
        """The sort key of lanes: the most urgent row, then the fewest turns, then the oldest."""
        row = self.rows[0]
        return row.priority, self.turns, row.id


def _order(row: Delivery) -> tuple[int, int]:
    return row.priority, row.id


def is_behind(row: Delivery, failed: Delivery) -> bool:
    """Whether a row may not overtake one that is retried: it is later for the same chat and no more
    urgent. An answer blocks nothing, and edits of sent messages do not wait."""
    holds = failed.priority > PRIORITY_ANSWER and row.target is None
    return holds and row.priority >= failed.priority and row.id > failed.id


class Lanes:
    """The lanes by chat. ``ready_at(row, now)`` is when the chat's own rate limit lets a row go, in
    seconds of the clock of ``now``."""

    def __init__(self, ready_at: Callable[[Delivery, float], float]) -> None:
        self._ready_at = ready_at
        self._lanes: dict[int, Lane] = {}
        self._held: dict[int, int] = {}
        self._entries = 0
        self._ready: list[_Entry] = []
        self._resting: list[_Entry] = []

    def __len__(self) -> int:
        """How many rows are held, being sent or waiting."""
        return len(self._held)

    def __contains__(self, chat_id: int) -> bool:
        """Whether any row of a chat waits or is being sent."""
        return chat_id in self._lanes

    def put(self, rows: Iterable[Delivery]) -> None:
        """Add rows, each after those of its chat that are as urgent; rows that are held already are
        skipped."""
        touched = {}
        for row in rows:
            if row.id not in self._held:
                self._held[row.id] = row.chat_id
                touched[row.chat_id] = lane = self._lanes.setdefault(row.chat_id, Lane())
                lane.rows.append(row)
        for chat_id, lane in touched.items():
            lane.rows.sort(key=_order)
            self._line_up(chat_id, lane)

    @property
    def held(self) -> Set[int]:
        """The ids of the rows that are held."""
        return self._held.keys()

    def held_by_chat(self) -> dict[int, int]:
        """How many rows of each chat are held."""
        counts: dict[int, int] = {}
        for chat_id in self._held.values():
            counts[chat_id] = counts.get(chat_id, 0) + 1
        return counts

    def next_ready_at(self, now: float) -> float | None:
        """The earliest time at which ``start`` may give a row; None if none waits."""
        self._wake(now)
        if self._first(self._ready) is not None:
            return now
        return float(self._resting[0][0]) if self._first(self._resting) is not None else None

    def start(self, now: float) -> Delivery | None:
        """Take the next row among the chats that may be written to now; its lane is busy until
        ``finish``."""
        self._wake(now)
        while (chat_id := self._first(self._ready)) is not None:
            heapq.heappop(self._ready)
            lane = self._lanes[chat_id]
            ready_at = self._ready_at(lane.rows[0], now)
            if ready_at <= now:
                lane.busy = True
                lane.turns += 1
                return lane.rows.pop(0)
            heapq.heappush(self._resting, (ready_at, chat_id, lane.entry))
        return None

    def finish(self, chat_id: int) -> bool:
        """Note that the started row is done; gives whether the chat has more."""
        lane = self._lanes[chat_id]
        lane.busy = False
        self._go_on(chat_id, lane)
        return bool(lane.rows)

    def empty(self, chat_id: int) -> tuple[Delivery, ...]:
        """Remove all waiting rows of a chat from its lane; they stay held until ``forget``."""
        return self._take(chat_id, lambda _: True)

    def take_behind(self, row: Delivery) -> tuple[Delivery, ...]:
        """Remove from a row's lane the rows that may not overtake it; they stay held until
        ``forget``."""
        return self._take(row.chat_id, lambda one: is_behind(one, row))

    def forget(self, ids: Iterable[int]) -> None:
        """Release rows that are recorded: they may be added again."""
        for id in ids:
            self._held.pop(id, None)

    def _take(self, chat_id: int, is_taken: Callable[[Delivery], bool]) -> tuple[Delivery, ...]:
        """Remove rows from a chat's lane."""
        lane = self._lanes.get(chat_id)
        if lane is None:
            return ()
        taken = tuple(filter(is_taken, lane.rows))
        if taken:
            lane.rows = [*filterfalse(is_taken, lane.rows)]
            self._go_on(chat_id, lane)
        return taken

    def _go_on(self, chat_id: int, lane: Lane) -> None:
        """Queue the rest of a lane by its first row; remove an empty lane."""
        if lane.rows:
            self._line_up(chat_id, lane)
        elif not lane.busy:
            del self._lanes[chat_id]

    def _line_up(self, chat_id: int, lane: Lane) -> None:
        if not lane.busy:
            self._entries += 1
            lane.entry = self._entries
            heapq.heappush(self._ready, (lane.urgency, chat_id, lane.entry))

    def _wake(self, now: float) -> None:
        """Make the lanes ready whose wait is over."""
        while (chat_id := self._first(self._resting)) is not None:
            if self._resting[0][0] > now:
                return
            heapq.heappop(self._resting)
            self._line_up(chat_id, self._lanes[chat_id])

    def _first(self, heap: list[_Entry]) -> int | None:
        """The chat at the top of a heap, after dropping entries that are not valid any more."""
        while heap:
            _, chat_id, entry = heap[0]
            lane = self._lanes.get(chat_id)
            if lane is not None and lane.entry == entry and lane.rows and not lane.busy:
                return chat_id
            heapq.heappop(heap)
        return None
