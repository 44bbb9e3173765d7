"""The lines of a digest's further stories, and which of them stand below which story. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.outlines.courses import Step
from storage.structs import replace


class Brief(Struct, frozen=True, kw_only=True):
    """A further story in a line: a post, what it says, verbatim, and how many channels tell it;
    ``otherwise``: the last post that says otherwise; ``likewise``: those that say the same of
    others, with the words that differ; ``posts``: how many there are; ``also``: it may tell the
    same as the line before it that is none of these, in another language; ``corrections``: as of a
    story."""

    doc_id: str
    text: str
    channels: int
    posts: int = 1
    also: bool = False
    otherwise: Step | None = None
    likewise: tuple[Step, ...] = ()
    corrections: tuple[Step, ...] = ()


class Briefs:
    """Gathers the lines of further stories: of ``families``, by their places, those of other
    languages stand below the one that they may be the same as; of the others ``most`` have a line.
    """

    def __init__(self, most: int, families: Mapping[int, Sequence[int]]) -> None:
        self._most = most
        self._families = families
        self._of_stories: list[list[Brief]] = []
        self._lines: list[list[Brief]] = []
        self._above: dict[int, list[Brief]] = {}

    def head(self, place: int) -> None:
        """The story that stands at this place is told at length."""
        self._of_stories.append([])
        self._lead(place, self._of_stories[-1])

    def has_room(self, place: int) -> bool:
        """Whether the story that stands at this place has a line."""
        return place in self._above or len(self._lines) < self._most

    def take(self, place: int, lines: Sequence[Brief]) -> None:
        """The story that stands at this place is told so."""
        if place in self._above:
            self._above[place] += [replace(line, also=True) for line in lines]
        elif lines:
            self._lines.append(list(lines))
            self._lead(place, self._lines[-1])

    def _lead(self, place: int, lines: list[Brief]) -> None:
        self._above |= dict.fromkeys(self._families.get(place, ()), lines)

    def abroad(self, story: int) -> tuple[Brief, ...]:
        """The lines below the story that was told at length as this one in order."""
        return tuple(self._of_stories[story])

    def lines(self) -> tuple[Brief, ...]:
        """All others, in order."""
        return tuple(line for lines in self._lines for line in lines)
