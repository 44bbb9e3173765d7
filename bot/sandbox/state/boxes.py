"""Numbered sequences of events (Telegram's ``pts``): what a difference is cut from.

https://core.telegram.org/api/updates
"""

from bisect import bisect_right
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from bot.sandbox.state.messages import Message

Kind = Literal["new", "edit", "delete"]


class Event(Struct, frozen=True):
    """One step of a box: after it the box stands at ``pts``; it took ``count`` numbers."""

    pts: int
    count: int
    kind: Kind
    messages: tuple[Message, ...]


class Box:
    """The events of one account (its private messages) or of one channel."""

    __slots__ = ("events", "last_message_id", "pts")

    def __init__(self) -> None:
        # Zero means "unknown" to clients.
        self.pts = 1
        self.last_message_id = 0
        self.events: list[Event] = []

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id

    def record(self, kind: Kind, *messages: Message) -> Event:
        """Adds an event about these messages."""
        self.pts += len(messages)
        event = Event(self.pts, len(messages), kind, messages)
        self.events.append(event)
        return event

    def since(self, pts: int) -> list[Event]:
        """Gives the events after ``pts``, oldest first."""
        return self.events[bisect_right(self.events, pts, key=attrgetter("pts")) :]
