"""The brief lines of a digest's further stories, and under which story each is shown. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.outlines.courses import Step
from storage.structs import replace


class Brief(Struct, frozen=True, kw_only=True):
    """A further story in a line: a post, what it says, verbatim, and the number of channels.

    ``otherwise``: the last post that contradicts it; ``likewise``: posts that say the same of
    somebody else, by the words that differ; ``posts``: how many there are; ``also``: it may be the
    same as the line before it, in another language; ``corrections``: as of a story.
    """

    doc_id: str
    text: str
    channels: int
    posts: int = 1
    also: bool = False
    otherwise: Step | None = None
    likewise: tuple[Step, ...] = ()
    corrections: tuple[Step, ...] = ()


class Briefs:
    """Collects the brief lines. Stories of one of the ``families`` (by index) that are in other
    languages are shown under the story that they may be the same as; of the others, ``most`` get a
    line."""

    def __init__(self, most: int, families: Mapping[int, Sequence[int]]) -> None:
        self._most = most
        self._families = families
        self._of_stories: list[list[Brief]] = []
        self._lines: list[list[Brief]] = []
        self._above: dict[int, list[Brief]] = {}

    def head(self, place: int) -> None:
        """The story with this index is shown at length."""
        self._of_stories.append([])
        self._lead(place, self._of_stories[-1])

    def has_room(self, place: int) -> bool:
        """Whether the story with this index gets a line."""
        return place in self._above or len(self._lines) < self._most

    def take(self, place: int, lines: Sequence[Brief]) -> None:
        """Add the lines of the story with this index."""
        if place in self._above:
            self._above[place] += [replace(line, also=True) for line in lines]
        elif lines:
            self._lines.append(list(lines))
            self._lead(place, self._lines[-1])

    def _lead(self, place: int, lines: list[Brief]) -> None:
        self._above |= dict.fromkeys(self._families.get(place, ()), lines)

    def abroad(self, story: int) -> tuple[Brief, ...]:
        """The lines below the story that is shown at length at this position."""
        return tuple(self._of_stories[story])

    def lines(self) -> tuple[Brief, ...]:
        """All other lines, in order."""
        return tuple(line for lines in self._lines for line in lines)
