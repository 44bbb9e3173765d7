"""Posts read and put into events as they come: what is kept of them meanwhile. Pure."""

from collections.abc import Collection
from typing import NamedTuple

from handlers.stories import events, roundups, standing
from handlers.stories.events import Joined, Window
from handlers.stories.gist import Frequencies, Gist, Terms, read
from handlers.stories.standing import Line


class Reading(NamedTuple):
    """A post as it is threaded; a roundup is of no event."""

    terms: Terms
    is_roundup: bool


def read_post(text: str, lines: Collection[Line] = ()) -> Reading:
    """Read a post of a channel that has these standing lines."""
    own = standing.own_text(text, lines)
    return Reading(read(own), roundups.is_roundup(own))


class Threads:
    """The events of some days, and how frequent words are in the archive; in Russian letters and in
    others by themselves, for what is common in the one is rare in the other."""

    def __init__(self) -> None:
        self.window = Window()
        self.frequencies = {True: Frequencies(), False: Frequencies()}

    def count(self, reading: Reading) -> None:
        """Let a post of the archive count for the frequencies."""
        self.frequencies[reading.terms.russian].count(reading.terms.times)

    def weigh(self, reading: Reading) -> Gist:
        """What a post is about, by the frequencies as they are now."""
        return self.frequencies[reading.terms.russian].weigh(reading.terms.times)

    def join(self, id: int, at: int, reading: Reading, *, told: int | None = None) -> Joined:
        """Put a new post, published ``at`` (seconds), into its event; see ``Window.join``."""
        asked = events.asked_of(russian=reading.terms.russian)
        return self.window.join(id, at, self.weigh(reading), asked=asked, told=told)
