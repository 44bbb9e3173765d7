"""Finds stories reported in several languages, by the names and figures that they share. Pure.

The result is a guess: it is shown below the weightier story as possibly the same, in its own words,
and adds to that story's weight. Names are compared by their sound, so languages in Latin and
Cyrillic letters are covered.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec import Struct

from handlers.outlines import bilingual
from handlers.outlines.posted import Posted
from handlers.stories import heads

COMPARED = 160
"""The most stories that are compared, the weightiest first."""
READ = 2
"""The most posts that are read of each: the one nearest to all, and the first."""
APART = 12 * 3600.0
"""The most seconds between two stories."""
SHARED = 2
"""The fewest names and figures that both must have, one of them a name; this many must be rare, or
one a rare figure."""
RARE = 0.2
"""A name or figure is rare if at most this share of the stories has it."""
ALIKE = 0.6
LEAST = 4.0
"""The least weight of the shared ones: as a share of the weight of the story with fewer, and in
all."""
SOUNDS = 5
"""Names with this many equal first sounds are the same."""

LEAST_NAME = 3
"""The fewest sounds of a name."""

_NAME = re.compile(
    r"(?:(?<=\w[ ,'’])|(?<=[\w ,][«“„\"]))[^\W\d_a-zа-я][^\W\d_]+",
)
_CYRILLIC = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk"})
_OF_OTHERS = str.maketrans("іїєґўђћљњџ", "ииегудчльн")
_LATIN = frozenset(
    {"en", "de", "fr", "es", "pt", "it", "tr", "pl", "nl", "cs", "ro", "sv", "fi", "hu", "az"}
)

Group = Sequence[Posted]


class _Story(Struct, frozen=True):
    """A story to compare: its language, its time, its names and figures."""

    language: str
    first: float
    last: float
    said: Set[str]


def find_families(groups: Sequence[Group]) -> dict[int, tuple[int, ...]]:
    """Stories of other languages that may be the same as one, by its index; each story is in one
    family at most. ``groups``: all stories, the weightiest first."""
    stories = {n: story for n, group in enumerate(groups[:COMPARED]) if (story := _read(group))}
    if len({story.language for story in stories.values()}) < SHARED:
        return {}
    counts = Counter(key for story in stories.values() for key in story.said)
    weights = {key: math.log((len(stories) + 1) / (count + 0.5)) for key, count in counts.items()}
    rare = {key for key, count in counts.items() if count <= max(SHARED, RARE * len(stories))}
    families: dict[int, tuple[int, ...]] = {}
    taken: set[int] = set()
    for place, story in stories.items():
        if place in taken:
            continue
        found: dict[str, tuple[float, int]] = {}
        for other, told in stories.items():
            if other <= place or other in taken or told.language == story.language:
                continue
            likeness = _likeness(story, told, weights, rare)
            if likeness > found.get(told.language, (0.0, 0))[0]:
                found[told.language] = (likeness, other)
        if found:
            families[place] = tuple(sorted(other for _, other in found.values()))
            taken.update(families[place])
    return families


def _read(group: Group) -> _Story | None:
    worded = [post for post in group if any(text.strip() for text in post.document.texts())]
    times = [post.at.timestamp() for post in (*group[:1], *group[-1:]) if post.at is not None]
    if not worded or not times:
        return None
    best = worded[heads.nearest([post.gist for post in worded])]
    language = best.document.lang or ""
    if language not in _CYRILLIC | _LATIN:
        return None
    posts = [best, *(post for post in worded[: READ - 1] if post is not best)]
    said = frozenset[str]().union(*(_read_names(post, language) for post in posts))
    return _Story(language, min(times), max(times), said)


def _read_names(post: Posted, language: str) -> Set[str]:
    """The names, by their first sounds, and the figures of a post's beginning."""
    text = " ".join(post.document.texts()).translate(_OF_OTHERS)
    terms = bilingual.read(text, is_russian=language in _CYRILLIC)
    found = {key[: SOUNDS + 1] for key, said in terms.items() if said.term.is_anchor}
    return found.union(f"~{one[:SOUNDS]}" for one in _short_names(text) if len(one) >= LEAST_NAME)


def _short_names(text: str) -> Iterator[str]:
    """The sounds of capitalized words that do not begin a sentence."""
    for name in _NAME.finditer(text[: bilingual.LETTERS]):
        if len(name[0]) > LEAST_NAME and name[0][0].isupper():
            yield bilingual.sound(bilingual.to_latin(name[0].lower()))


def _likeness(one: _Story, other: _Story, weights: Mapping[str, float], rare: Set[str]) -> float:
    """The share of names and figures that both have; 0 if there are too few, or the stories are too
    far apart."""
    shared = one.said & other.said
    if len(shared) < SHARED or all(key.startswith("#") for key in shared):
        return 0.0
    telling = shared & rare
    if len(telling) < SHARED and not any(key.startswith("#") for key in telling):
        return 0.0
    if other.first - one.last > APART or one.first - other.last > APART:
        return 0.0
    both = sum(weights[key] for key in shared)
    least = min(sum(weights[key] for key in story.said) for story in (one, other))
    return both / least if both >= LEAST and both >= ALIKE * least else 0.0
