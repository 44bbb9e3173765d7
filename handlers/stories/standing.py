"""Standing lines: what a channel writes above or below all its posts, such as "Subscribe!".

Footers, signatures, rubrics and hashtags are learned from a channel's last posts: a line, or a tag
in a row of them, at the head or foot of many, with other words beside it each time. A post that
recurs whole (an air-raid notice, "No comment.") is no standing line. Pure.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from handlers.stories import tokens

REMEMBERED = 50
"""How many of the last posts of a channel are looked at."""
SHARE = 0.3
LEAST = 4
"""A line must recur in this share of these posts, and at least this often, to be a standing line.
"""
HEAD_LINES = 2
FOOT_LINES = 6

_WRITTEN = re.compile(r"[^\n]*[^\s][^\n]*")

Line: TypeAlias = tuple[str, ...]
"""The folded words of a line; empty if it has none (an address, emoji)."""


def lines_of(text: str) -> list[Line]:
    """The lines of a post that are not blank. Each hashtag in a row of hashtags is a line of its
    own."""
    return [line for written in text.split("\n") if written.strip() for line in _lines(written)]


def _lines(written: str) -> list[Line]:
    words = written.split()
    if all(len(word) > 1 and word.startswith("#") for word in words):
        return [("#", *(token.key for token in tokens.read(word))) for word in words]
    if not tokens.says_something(written):
        return [()]
    return [tuple(token.key for token in tokens.read(written))]


def learn(posts: Iterable[Sequence[Line]], *, least: int = LEAST) -> frozenset[Line]:
    """The standing lines of a channel, from its last posts as ``lines_of`` gives them; ``least``:
    the fewest posts that have such a line."""
    recent = list(posts)[-REMEMBERED:]
    needed = max(least, math.ceil(SHARE * len(recent)))
    counts = Counter(line for post in recent for line in _edges(post))
    frequent = {line for line, count in counts.items() if count >= needed}
    bodies: defaultdict[Line, set[tuple[Line, ...]]] = defaultdict(set)
    for post in recent:
        body = tuple(line for line in post if line and line not in frequent)
        for line in _edges(post) & frequent:
            if body:
                bodies[line].add(body)
    return frozenset(line for line in frequent if len(bodies[line]) >= needed)


def _edges(post: Sequence[Line]) -> set[Line]:
    return {line for line in (*post[:HEAD_LINES], *post[-FOOT_LINES:]) if line}


def own_span(text: str, standing: Collection[Line]) -> tuple[int, int]:
    """Where a post's own words begin and end, in characters: without standing lines and lines
    without words at its head and foot. If nothing else is left, the whole text."""
    spans = [match.span() for match in _WRITTEN.finditer(text)]
    kept = list(spans)
    while kept and _goes(text[slice(*kept[-1])], standing):
        kept.pop()
    while kept and _goes(text[slice(*kept[0])], standing):
        kept.pop(0)
    return (kept[0][0], kept[-1][1]) if kept else (0, len(text))


def without(text: str, standing: Collection[Line]) -> str:
    """A post without its standing lines and lines without words, wherever they stand. If nothing
    else is left, the whole text."""
    kept = [match[0] for match in _WRITTEN.finditer(text) if not _goes(match[0], standing)]
    return "\n".join(kept) or text


def _goes(written: str, standing: Collection[Line]) -> bool:
    return all(not line or line in standing for line in _lines(written))
