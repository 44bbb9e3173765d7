"""What every reader of a file is told, and what it gives."""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.normalize.problems import Problem, Skipped
from storage.document import Channel, Document

Item = Document | Problem | Skipped
Items = Iterator[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One file that is read: its base name, and what the person said about it."""

    file: str
    channel: Channel | None = None
    all_chats: bool = False

    def problem(self, place: str, what: str, hint: str = "") -> Problem:
        """A part of this file that could not be read."""
        return Problem(file=self.file, place=place, what=what, hint=hint)
