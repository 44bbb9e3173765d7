"""Puts posts into events as they come, and keeps what that needs in memory. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from handlers.stories import events, roundups, standing
from handlers.stories.events import Joined, Window
from handlers.stories.gist import Frequencies, Gist, Terms, read
from handlers.stories.standing import Line

_LEAST = 2
"""The fewest posts that have a standing line: the footer of a channel with two posts in a language
that nearly nothing else is in would put them into one event."""
_LINE = re.compile(r"[^\n]*\w[^\n]*")


class PostTerms(NamedTuple):
    """A post's terms, and whether it is a roundup, which belongs to no event."""

    terms: Terms
    is_roundup: bool


def read_post(
    text: str, lines: Collection[Line] = (), known: Mapping[str, PostTerms] | None = None
) -> PostTerms:
    """Read a post of a channel with these standing lines (``learn``).

    ``known``: readings made earlier, by the post's own text.
    """
    own = _own_text(text, lines)
    if known and (found := known.get(own)) is not None:
        return found
    return PostTerms(read(own), roundups.is_roundup(own))


def learn(texts: Iterable[str]) -> frozenset[Line]:
    """The standing lines of a channel by its last posts, oldest first. Less careful than
    ``standing.lines_of``, which decides what is hidden, but a hundred times as fast."""
    lines = [[_fold(line) for line in _LINE.findall(text)] for text in texts]
    return standing.learn(lines, least=_LEAST)


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
    """The events of the last days, and how frequent words are in the archive; separately for
    Russian letters and others, because a word that is common in one is rare in the other."""

    def __init__(self) -> None:
        self.window = Window()
        self.frequencies = {True: Frequencies(), False: Frequencies()}

    def count(self, terms: Iterable[int], *, russian: bool) -> None:
        """Count a post of the archive with these terms."""
        self.frequencies[russian].count(terms)

    def weigh(self, reading: PostTerms) -> Gist:
        """The gist of a post, by the frequencies as they are now."""
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
