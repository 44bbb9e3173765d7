"""Questions that a bare command asked: the next plain message of that person answers it."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(minutes=10)
CAPACITY = 10_000


@dataclass(slots=True)
class Questions:
    """Open questions by chat and person; the oldest go first when there are too many.

    Kept in memory on purpose: a question is worth nothing after a restart.
    """

    capacity: int = CAPACITY
    _open: OrderedDict[tuple[int, int | None], tuple[str, datetime]] = field(
        default_factory=OrderedDict
    )

    def ask(self, chat_id: int, sender_id: int | None, command: str, now: datetime) -> None:
        """Remember that ``command`` waits for this person's answer from ``now`` on."""
        key = (chat_id, sender_id)
        self._open.pop(key, None)
        self._open[key] = (command, now)
        while len(self._open) > self.capacity:
            self._open.popitem(last=False)

    def take(self, chat_id: int, sender_id: int | None, now: datetime) -> str | None:
        """The command that waits for this person's answer, at most once; None if none or late."""
        command, asked_at = self._open.pop((chat_id, sender_id), (None, now))
        return command if now - asked_at <= FORGOTTEN_AFTER else None

    def close(self, chat_id: int, sender_id: int | None, command: str) -> None:
        """Drop this person's question where it is that command's: a button has answered it."""
        if self._open.get((chat_id, sender_id), ("",))[0] == command:
            del self._open[chat_id, sender_id]

    def is_open(self, chat_id: int, sender_id: int | None) -> bool:
        """Whether a command waits for this person's answer, late or not."""
        return (chat_id, sender_id) in self._open

    def forget(self, chat_id: int) -> None:
        """Drop every open question of a chat."""
        for key in [key for key in self._open if key[0] == chat_id]:
            del self._open[key]

    def __len__(self) -> int:
        return len(self._open)
