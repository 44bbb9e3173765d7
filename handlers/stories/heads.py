"""What a story says in one sentence: a title or a sentence of one of its posts, verbatim. Pure.

It is the beginning of the post that is nearest to all of them, unless that cannot stand alone: a
label, a question, something cut short, or words that point back ("He added that …"). Measured
against titles of articles; choosing by likeness alone does worse (docs/stories.md).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from handlers.stories import gist as gists
from handlers.stories import tokens
from handlers.stories.gist import Gist

FIRST = 3
"""How many of a text's first sentences are considered."""
FEWEST_WORDS = 6
MOST_WORDS = 40
"""Sentences with fewer or more words than these limits are not chosen if there are others: they are
labels, or too long to read at a glance."""
LEAST_TITLE = 3
"""The fewest words of a title, which may be shorter than a sentence."""
MOST_OF_LABEL = 4
"""The most words of a line with a colon that names the speaker of the next one."""
LATER = 0.2
POINTING = 0.3
"""What a sentence's score loses for each sentence before it, and if it points back. The score is
the cosine of its words and those of the whole text."""
_LONG_WORD = 4

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{2}")
"""Two signs of writing without spaces between words: about a word."""
_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_DECORATION = re.compile(r"^[^\w\"'«»“”„’(\[#@+−–$€£-]+")
_SIGNED = re.compile(r"(?<=[.!?…])\s+@\w+[.\s]*$")
_SPEAKER = re.compile(r"[💬🎙🗣]\W*\w[^:\n]{2,150}:")
_POINTING = re.compile(
    r"(?:[—–-]\s*)?(?:об этом|при этом|в этом|по (?:его|её|ее|их) (?:словам|данным)|он|она|они|это"
    r"|этот|эта|эти|также|кроме того|ранее|напомним|но|однако|а|и|так|he|she|they|it|this|that"
    r"|these|those|his|her|their|but|and|however|also|in addition)\b",
    re.IGNORECASE,
)


def choose_head(text: str, *, title: str | None = None) -> str:
    """The sentence of a post that tells what happened: its title, if it has one that can stand
    alone, else a sentence of ``text``; empty if there are no words but addresses."""
    if title is not None and is_title(title):
        return _bare(title)
    found = _with_speakers(_sentences(text)[:FIRST]) or [_bare(title or "")]
    counts = Counter(_stems(text))
    ranked = [(_can_stand(one), _score(one, n, counts), -n) for n, one in enumerate(found)]
    place = -max(ranked)[2]
    # The title names the speaker of the first sentence.
    speaker = _bare(title or "") if _names_speaker((title or "").strip()) else ""
    if speaker and place == 0 and found[0] != speaker:
        return f"{speaker} {found[0]}"
    chosen, *following = found[place : place + 2]
    if not following or not chosen.endswith(":"):
        return chosen
    return following[0] if following[0].startswith(chosen) else f"{chosen} {following[0]}"


def _names_speaker(title: str) -> bool:
    is_short = title.endswith(":") and _count_words(title) <= MOST_OF_LABEL
    return is_short or _SPEAKER.fullmatch(title) is not None


def _count_words(line: str) -> int:
    return max(len(_WORD.findall(line)), len(_UNSPACED.findall(line)))


def is_title(line: str) -> bool:
    """Whether a line can stand for the text below it."""
    bare = _bare(line)
    words = _count_words(bare)
    return LEAST_TITLE <= words <= MOST_WORDS and not bare.endswith((":", "?", ",", ";"))


def nearest(posts: Sequence[Gist], *, later: float = 0.0) -> int:
    """The index of the post that is most like all of them together; the first of equals.

    ``later``: by which share the last post counts more than the first (0.1: a tenth more); those
    between count in proportion.
    """
    total: Counter[int] = Counter()
    for post in posts:
        total.update(post)
    step = later / max(1, len(posts) - 1)

    def score(place: int) -> tuple[float, int]:
        return gists.product(posts[place], total) * (1 + step * place), -place

    return max(range(len(posts)), key=score)


def _sentences(text: str) -> list[str]:
    found = []
    start = 0
    for end in tokens.sentence_ends(text):
        sentence = text[start:end].strip()
        if _WORD.search(_ADDRESS.sub("", sentence)):
            found.append(sentence)
        start = end
        if len(found) == FIRST:
            break
    return found


def _with_speakers(sentences: Sequence[str]) -> list[str]:
    """The sentences without decoration; one that follows a short label with a colon ("The mayor:")
    gets this before it."""
    bare = [_bare(sentence) for sentence in sentences]
    for place in range(len(bare) - 1):
        label = bare[place]
        if label.endswith(":") and _count_words(label) <= MOST_OF_LABEL:
            bare[place + 1] = f"{label} {bare[place + 1]}"
    return bare


def _bare(sentence: str) -> str:
    """A sentence without the emoji before it and the channel's name behind it."""
    return " ".join(_SIGNED.sub("", _DECORATION.sub("", sentence.strip())).split())


def _can_stand(sentence: str) -> bool:
    words = _count_words(sentence)
    return FEWEST_WORDS <= words <= MOST_WORDS and not sentence.endswith((":", "?"))


def _score(sentence: str, place: int, counts: Mapping[str, int]) -> float:
    mine = set(_stems(sentence))
    length = sum(count * count for count in counts.values()) * len(mine)
    central = sum(counts[stem] for stem in mine) / length**0.5 if length else 0.0
    return central - LATER * place - POINTING * (_POINTING.match(sentence) is not None)


def _stems(text: str) -> list[str]:
    words = _WORD.findall(text.lower().replace("ё", "е"))
    return [word[: gists.STEM] for word in words if len(word) >= _LONG_WORD]
