"""Finds stories reported in both Russian and English.

They are compared by terms that both languages share (``bilingual``); a term weighs more the rarer
it is in the archive. The result is a guess and shown as one, so precision matters more than recall:
measured in docs/stories.md. Pure.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from handlers.outlines import bilingual
from handlers.outlines.bilingual import Term, Terms
from handlers.outlines.posted import Posted
from handlers.stories import heads
from handlers.stories.gist import Frequencies
from storage.document import Document

COMPARED = 120
"""The most stories of the other language that are compared, the weightiest first."""
READ = 3
"""The most posts that are read of a story that is shown: the one nearest to all, and the first
ones. Of the stories that it is compared with, only the one nearest to all."""
APART = 24 * 3600.0
"""The most seconds between two stories."""
LEAST = 0.16
LEAST_WORDS = 2
LEAST_TERMS = 4
"""The least likeness, the fewest common words that are not names, and the fewest common terms in
all."""
NAMES = 0.5
"""This share of the likeness counts only in proportion to the agreement of names and figures."""
MANY = 0.1
"""The bonus to the likeness for each doubling of a story's posts: larger stories are more likely to
be reported in another language."""
UNKNOWN = 0.7
"""The relative weight of a word that is not in the glossary."""
RARE = 6.0
"""The weight of a word without a count."""

_NOT_TOLD = frozenset({"hashtags", "cta", "location"})

Group = Sequence[Posted]
_Weigh = Callable[[Term], float]


class _Read(Struct, frozen=True):
    """The terms of a post, their weight together, and the names and figures among them."""

    terms: Terms
    length: float
    named: float


class _Story(Struct, frozen=True):
    """A story to compare: the post nearest to all, the number of posts, its first and last time
    (seconds since 1970), and its terms."""

    best: Posted
    size: int
    first: float
    last: float
    posts: tuple[_Read, ...]


def find_counterparts(
    shown: Sequence[Group], groups: Iterable[Group], archive: Mapping[bool, Frequencies]
) -> dict[int, Posted]:
    """For stories that are shown, by index, a post of the story in the other language that is
    probably the same.

    ``groups``: all stories, the weightiest first; ``archive``: word frequencies, for Russian
    letters (True) and others.
    """
    weigh = weigher(archive)
    found: dict[int, Posted] = {}
    for language in (True, False):
        places = [n for n, group in enumerate(shown) if speaks_russian(group) is language]
        told = (one for one in groups if places and speaks_russian(one) is (not language))
        others = [_read_story(one, not language, 1, weigh) for one in islice(told, COMPARED)]
        for place in places if others else ():
            nearest = _nearest(_read_story(shown[place], language, READ, weigh), others, weigh)
            if nearest is not None:
                found[place] = nearest
    return found


def speaks_russian(group: Group) -> bool | None:
    """Whether a story is in Russian (True) or English (False); None for other languages."""
    text = next((told for post in group if (told := _text(post.document))), "")
    if bilingual.is_russian(text):
        return True
    return False if bilingual.is_english(text) else None


def _text(document: Document) -> str:
    blocks = (block.text for block in document.body if block.type not in _NOT_TOLD)
    return "\n".join(filter(None, (document.title, *blocks)))


def _read_story(group: Group, is_russian: bool, most: int, weigh: _Weigh) -> _Story:
    worded = [post for post in group if _text(post.document)]
    best = worded.pop(heads.nearest([post.gist for post in worded]))
    read = (_read_text(_text(one.document), is_russian) for one in (best, *worded[: most - 1]))
    times = [at.timestamp() for post in (group[0], best, group[-1]) if (at := post.at) is not None]
    return _Story(
        best=best,
        size=len(group),
        first=min(times, default=math.inf),
        last=max(times, default=-math.inf),
        posts=tuple(_weighed(terms, weigh) for terms in read),
    )


@lru_cache(maxsize=1000)
def _read_text(text: str, is_russian: bool) -> Terms:
    return bilingual.read(text, is_russian=is_russian)


def _weighed(terms: Terms, weigh: _Weigh) -> _Read:
    """The weighed terms; of the meanings of one word only the heaviest counts."""
    places: dict[int, float] = {}
    names: dict[int, float] = {}
    for term, place in terms.values():
        weight = weigh(term) ** 2
        places[place] = max(places.get(place, 0.0), weight)
        if term.is_anchor:
            names[place] = max(names.get(place, 0.0), weight)
    return _Read(terms, math.sqrt(sum(places.values())), sum(names.values()))


def _nearest(story: _Story, others: Sequence[_Story], weigh: _Weigh) -> Posted | None:
    best, found = LEAST, None
    for other in others:
        if not (other.first - story.last <= APART and story.first - other.last <= APART):
            continue
        likest = max(_likeness(one, two, weigh) for one in story.posts for two in other.posts)
        likest *= 1 + MANY * math.log2(max(story.size, other.size))
        if likest >= best:
            best, found = likest, other.best
    return found


def _likeness(one: _Read, other: _Read, weigh: _Weigh) -> float:
    """The cosine, reduced where names and figures disagree; 0 if too little is shared."""
    shared = one.terms.keys() & other.terms.keys()
    if len(shared) < LEAST_TERMS:
        return 0.0
    agreed = _agreed(one.terms, other.terms, shared, weigh)
    names = [weight for weight, is_anchor in agreed if is_anchor]
    if len(agreed) < LEAST_TERMS or not names or len(agreed) - len(names) < LEAST_WORDS:
        return 0.0
    cosine = sum(weight for weight, _ in agreed) / (one.length * other.length)
    return cosine * (1 - NAMES + NAMES * min(1.0, sum(names) / min(one.named, other.named)))


def _agreed(
    one: Terms, other: Terms, shared: Iterable[str], weigh: _Weigh
) -> list[tuple[float, bool]]:
    """The shared terms, each word of either text once: their weights, and whether they are
    names."""
    ranked = sorted(((weigh(one[key].term), key) for key in shared), reverse=True)
    mine, theirs, found = set(), set(), []
    for weight, key in ranked:
        (term, place), there = one[key], other[key].place
        if place not in mine and there not in theirs:
            mine.add(place)
            theirs.add(there)
            found.append((weight * weight, term.is_anchor))
    return found


def weigher(archive: Mapping[bool, Frequencies]) -> _Weigh:
    """The weight of a term: its words are counted in the script with more posts in the archive."""
    scripts = sorted(archive, key=lambda script: -archive[script].posts)
    known: dict[str, float] = {}

    def weigh(term: Term) -> float:
        weight = known.get(term.key)
        if weight is None:
            weight = known[term.key] = _weight(term, scripts, archive)
        return weight

    return weigh


def _weight(term: Term, scripts: Sequence[bool], archive: Mapping[bool, Frequencies]) -> float:
    for script in scripts[:1]:
        words, frequencies = term.words[0 if script else 1], archive[script]
        if words:
            times = min(frequencies.posts, sum(frequencies.counts.get(one, 0) for one in words))
            rare = math.log((frequencies.posts + 2) / (times + 1))
            return rare * (1.0 if term.is_shared else UNKNOWN)
    return RARE * (1.0 if term.is_shared else UNKNOWN)
