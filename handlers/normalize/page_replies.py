"""Replies on flattened pages: the answered post's name and words stand above the reply's own text.

Two lines are a reply's if the second is how another post of the page begins and the first may be a
name. ``page_parts`` has seen those already whose name is one that the page forwards.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.normalize import lines
from handlers.normalize.page_copies import Reading
from handlers.normalize.page_parts import Part

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
    return [
        tuple(_join(part, found, openings)) for part, found in zip(parts, readings, strict=True)
    ]


def _join(part: Part, found: Readings, openings: Sequence[str]) -> Iterator[Reading]:
    waiting: list[Reading] = []
    for reading in found:
        name = reading.head - 2
        if waiting and name >= 0 and _is_reply(part, name, openings):
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


def _is_reply(part: Part, name: int, openings: Sequence[str]) -> bool:
    first, second = part.lines[name].text, part.lines[name + 1].text
    if len(first) > _LONGEST_NAME or lines.ends_sentence(first) or first.startswith("#"):
        return False
    quote = _fold(second).removesuffix("…").removesuffix("...").rstrip()
    if len(quote) < _LEAST:
        return False
    at = bisect_left(openings, quote)
    like = [text for text in openings[at : at + 3] if text.startswith(quote)]
    # One of them is the line itself, which was read as a post of its own.
    return len(like) > (1 if _fold(second) in like else 0)


def _fold(text: str) -> str:
    return " ".join(text.split())
