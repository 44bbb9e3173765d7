"""Putting posts into events as they come, and what must be remembered for that. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from handlers.stories import events, roundups, standing
from handlers.stories.events import Joined, Window
from handlers.stories.gist import Frequencies, Gist, Terms, read
from handlers.stories.standing import Line

_LINE = re.compile(r"[^\n]*\w[^\n]*")


class Reading(NamedTuple):
    """A post as it is threaded; a roundup is of no event."""

    terms: Terms
    is_roundup: bool


def read_post(
    text: str, lines: Collection[Line] = (), known: Mapping[str, Reading] | None = None
) -> Reading:
    """Read a post of a channel that has these standing lines (``learn``). ``known``: how some
    texts without any such lines are read."""
    own = _own_text(text, lines)
    if known and (found := known.get(own)) is not None:
        return found
    return Reading(read(own), roundups.is_roundup(own))


def learn(texts: Iterable[str]) -> frozenset[Line]:
    """The standing lines of a channel by its last posts, the last one last. Not as careful as where
    something may be hidden (``standing.lines_of``), but a hundred times as fast."""
    return standing.learn([[_fold(line) for line in _LINE.findall(text)] for text in texts])


def _own_text(text: str, lines: Collection[Line]) -> str:
    if not lines:
        return text
    kept = _LINE.findall(text)
    while kept and _fold(kept[-1]) in lines:
        kept.pop()
    while kept and _fold(kept[0]) in lines:
        kept.pop(0)
    return "\n".join(kept) if kept else text


def _fold(line: str) -> Line:
    return tuple(line.lower().split())


class Threads:
    """The events of some days, and how frequent words are in the archive; in Russian letters and in
    others by themselves, for what is common in the one is rare in the other."""

    def __init__(self) -> None:
        self.window = Window()
        self.frequencies = {True: Frequencies(), False: Frequencies()}

    def count(self, terms: Iterable[int], *, russian: bool) -> None:
        """Let a post of the archive that has these terms count for the frequencies."""
        self.frequencies[russian].count(terms)

    def weigh(self, reading: Reading) -> Gist:
        """What a post is about, by the frequencies as they are now."""
        return self.frequencies[reading.terms.russian].weigh(reading.terms.times)

    def join(
        self,
        id: int,
        at: int,
        about: Gist,
        *,
        terms: Terms,
        told: int | None = None,
        barred: Collection[int] = (),
    ) -> Joined:
        """Put a new post of these terms, published ``at`` (seconds), into its event; see
        ``Window.join``."""
        is_foreign = self.frequencies[terms.russian].is_foreign(terms.times)
        asked = events.asked_of(russian=terms.russian, is_foreign=is_foreign)
        return self.window.join(id, at, about, asked=asked, told=told, barred=barred)
