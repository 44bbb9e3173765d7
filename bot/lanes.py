"""What waits in memory to be sent: a lane for each chat, most urgent first. Pure.

The rows of a lane go one after the other, the lanes go side by side and take turns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from storage.records import Delivery


@dataclass(slots=True)
class Lane:
    """The rows of one chat; ``busy`` while one of them is under way, ``turns`` counts those."""

    rows: list[Delivery] = field(default_factory=list)
    busy: bool = False
    turns: int = 0

    def put(self, row: Delivery) -> None:
        """Add a row behind those that are as urgent."""
        self.rows.append(row)
        self.rows.sort(key=_order)


def _order(row: Delivery) -> tuple[int, int]:
    return row.priority, row.id


class Lanes:
    """The lanes by chat."""

    def __init__(self) -> None:
        self._lanes: dict[int, Lane] = {}
        self._held: dict[int, int] = {}

    def __len__(self) -> int:
        """How many rows are held, under way or waiting."""
        return len(self._held)

    def put(self, rows: Iterable[Delivery]) -> None:
        """Take rows in; one that is held already is not taken twice."""
        for row in rows:
            if row.id not in self._held:
                self._held[row.id] = row.chat_id
                self._lanes.setdefault(row.chat_id, Lane()).put(row)

    def __contains__(self, chat_id: int) -> bool:
        """Whether anything of a chat waits or is under way."""
        return chat_id in self._lanes

    def held_by_chat(self) -> dict[int, int]:
        """How many rows of each chat are held."""
        counts: dict[int, int] = {}
        for chat_id in self._held.values():
            counts[chat_id] = counts.get(chat_id, 0) + 1
        return counts

    def waiting(self) -> Iterator[tuple[int, Lane]]:
        """The chats of which something could be sent now."""
        for chat_id, lane in self._lanes.items():
            if lane.rows and not lane.busy:
                yield chat_id, lane

    def start(self, chat_id: int) -> Delivery:
        """Take the next row of a chat; the lane is busy until ``finish``."""
        lane = self._lanes[chat_id]
        lane.busy = True
        lane.turns += 1
        return lane.rows.pop(0)

    def finish(self, chat_id: int) -> bool:
        """The row that was started is done with; whether the chat has more."""
        lane = self._lanes[chat_id]
        lane.busy = False
        if not lane.rows:
            del self._lanes[chat_id]
            return False
        return True

    def empty(self, chat_id: int) -> tuple[Delivery, ...]:
        """Take all that waits of a chat out of its lane: it is held until it is forgotten."""
        lane = self._lanes.get(chat_id)
        if lane is None:
            return ()
        rest, lane.rows = tuple(lane.rows), []
        return rest

    def forget(self, ids: Iterable[int]) -> None:
        """These rows are recorded: they can be taken in again."""
        for id in ids:
            self._held.pop(id, None)


def urgency(lane: Lane) -> tuple[int, int, int]:
    """Whose turn it is first: the most urgent, then who had fewest turns, then who came first."""
    row = lane.rows[0]
    return row.priority, lane.turns, row.id
