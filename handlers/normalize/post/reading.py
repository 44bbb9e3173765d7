"""What every reader is told about a file, and what it gives."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

from handlers.normalize.post.problems import Problem, Skipped
from storage.document import Channel, Document
from storage.errors import InputError

Item = Document | Problem | Skipped
Items = Iterator[Item]
Made = TypeVar("Made")

_LEFT_OUT = "it was left out"


class Reading(Struct, frozen=True, kw_only=True):
    """One file that is read: its base name and format, and what the person said about it."""

    file: str
    channel: Channel | None = None
    all_chats: bool = False
    format: str = ""

    def problem(
        self,
        place: str,
        what: str,
        hint: str = "",
        *,
        raw: str | None = None,
        message_id: int | None = None,
    ) -> Problem:
        """A part of this file that could not be read; ``raw``: as a small file by itself."""
        return Problem(
            file=self.file,
            place=place,
            what=what,
            hint=hint,
            raw=None if raw is None else raw.encode("utf-8", "surrogatepass"),
            format=self.format,
            message_id=message_id,
        )

    def attempt(
        self,
        make: Callable[[], Made],
        place: str,
        raw: Callable[[], str | None],
        *,
        message_id: int | None = None,
    ) -> Made | Problem:
        """What ``make`` makes of a part of this file; a problem with its ``raw`` text if nothing.

        Whatever a file may hold to make a reader stumble: it takes nothing else with it.
        """
        try:
            return make()
        except InputError as error:
            what, hint = error.what, error.hint
        except Exception as error:
            what, hint = f"it cannot be read ({type(error).__name__}: {error})"[:300], _LEFT_OUT
        return self.problem(place, what, hint, raw=raw(), message_id=message_id)
