"""Replies on flattened pages: the answered post's name and words stand above the reply's own text.

Two lines are a reply's if the second is how another post of the page begins and the first may be a
name. ``page_parts`` has seen those already whose name is one that the page forwards.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from handlers.normalize.page.copies import Reading
from handlers.normalize.page.parts import Part
from handlers.normalize.post import lines
from storage.structs import replace

# Fewer words in common are chance.
_LEAST = 16
_LONGEST_NAME = 64

Readings = tuple[Reading, ...]


def join(parts: Sequence[Part], readings: Sequence[Readings]) -> list[Readings]:
    """The readings, where the two lines of a reply belong to the post after them."""
    openings = sorted(
        _fold(" ".join(line.text for line in part.lines[reading.head : reading.body_end]))
        for part, found in zip(parts, readings, strict=True)
        for reading in found
    )
    known = _Known(openings)
    for part in parts:
        known.learn(part)
    return [
        tuple(_join(part, _give_back(part, found, known), known))
        for part, found in zip(parts, readings, strict=True)
    ]


class _Known:
    """How the posts of a page begin, and the names that stand above such beginnings."""

    def __init__(self, openings: Sequence[str]) -> None:
        self._openings = openings
        self._names: set[str] = set()

    def learn(self, part: Part) -> None:
        """Take the names of a part's replies."""
        for name in range(len(part.lines) - 2):
            if self._quotes(part, name):
                self._names.add(part.lines[name].text)

    def is_reply(self, part: Part, name: int) -> bool:
        """Whether the lines ``name`` and the one after it are those of a reply."""
        if name + 2 >= len(part.lines):
            return False
        return part.lines[name].text in self._names or self._quotes(part, name)

    def _quotes(self, part: Part, name: int) -> bool:
        first, second = part.lines[name].text, part.lines[name + 1].text
        if len(first) > _LONGEST_NAME or lines.ends_sentence(first) or first.startswith("#"):
            return False
        quote = _fold(second).removesuffix("…").removesuffix("...").rstrip()
        if len(quote) < _LEAST:
            return False
        at = bisect_left(self._openings, quote)
        like = [text for text in self._openings[at : at + 3] if text.startswith(quote)]
        # One of them is the line itself, which was read as a post of its own.
        return len(like) > (1 if _fold(second) in like else 0)


def _give_back(part: Part, found: Readings, known: _Known) -> Iterator[Reading]:
    """The readings; a post of one line whose reply was read as a preview stands for itself."""
    for reading in found:
        taken = range(reading.copy_end, reading.end - 2)
        name = next((at for at in taken if known.is_reply(part, at)), None)
        if name is None:
            yield reading
            continue
        yield replace(reading, end=name)
        text = name + 2
        yield Reading(
            head=text, body_end=text + 1, copy="none", copy_end=text + 1, end=reading.end, cost=0.0
        )


def _join(part: Part, found: Iterable[Reading], known: _Known) -> Iterator[Reading]:
    waiting: list[Reading] = []
    for reading in found:
        name = reading.head - 2
        if waiting and name >= 0 and known.is_reply(part, name):
            kept = _release(waiting, name)
            if kept is not None:
                yield from kept
                waiting = []
                reading = replace(reading, start=name)
        yield from waiting[:-2]
        waiting = [*waiting[-2:], reading]
    yield from waiting


def _release(waiting: Sequence[Reading], name: int) -> list[Reading] | None:
    """The posts before a reply's two lines, which were posts of their own or a guessed preview."""
    kept = [reading for reading in waiting if reading.head < name]
    taken = waiting[len(kept) :]
    if any(reading.copy != "none" or reading.body_end - reading.head > 1 for reading in taken):
        return None
    if kept and kept[-1].end > name:
        if kept[-1].copy_end > name:
            return None
        kept[-1] = replace(kept[-1], end=name)
    return kept


def _fold(text: str) -> str:
    return " ".join(text.split())
