"""Queries as newsrooms write them, in classes, each beside a loop that decides the same.

``matching.py --classes --queries N`` prints them. The loop looks at one query after the other, as
keyword bots do, with ``in`` on the lowered text; it stops as soon as a query is decided.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from posts import CHANNELS, Corpus

from storage.document import Author, Document
from storage.structs import replace

Group: TypeAlias = tuple[str, ...]

AUTHORS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassQuery:
    """A query, and how a loop decides it: one of each of the ``groups`` must stand in the text,
    none of ``refused``; ``near``: two words and the most words between them; one of ``title`` in
    the title; ``channels`` and ``authors`` are user names."""

    text: str
    groups: tuple[Group, ...] = ()
    refused: Group = ()
    near: tuple[str, str, int] | None = None
    title: Group = ()
    channels: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()


@dataclass(slots=True)
class Seen:
    """A post as the loop sees it."""

    text: str
    title: str
    channel: str
    author: str
    words: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> "Seen":
        text = "\n".join(document.texts()).lower()
        return cls(
            f" {text} ",
            (document.title or "").lower(),
            (document.channel.username if document.channel else None) or "",
            (document.author.username if document.author else None) or "",
            text.replace(",", " ").replace(".", " ").split(),
        )


def is_met(asked: ClassQuery, seen: Seen) -> bool:
    """Whether a post answers a query, decided by itself."""
    if asked.channels and seen.channel not in asked.channels:
        return False
    if asked.authors and seen.author not in asked.authors:
        return False
    if asked.title and not any(word in seen.title for word in asked.title):
        return False
    text = seen.text
    for group in asked.groups:
        if not any(word in text for word in group):
            return False
    if any(word in text for word in asked.refused):
        return False
    return asked.near is None or _is_near(asked.near, seen)


def _is_near(near: tuple[str, str, int], seen: Seen) -> bool:
    one, other, distance = near
    if one not in seen.text or other not in seen.text:
        return False
    places = [index for index, word in enumerate(seen.words) if word == one]
    others = [index for index, word in enumerate(seen.words) if word == other]
    return any(abs(a - b) <= distance + 1 for a in places for b in others)


def loop(queries: Sequence[ClassQuery]) -> Callable[[Document], object]:
    """The loop over all queries."""

    def match(document: Document) -> list[int]:
        seen = Seen.of(document)
        return [number for number, asked in enumerate(queries) if is_met(asked, seen)]

    return match


class Classes:
    """Makes queries of each class; the same seed makes the same."""

    def __init__(self, corpus: Corpus, made: Sequence[Document], seed: int) -> None:
        self._corpus = corpus
        self._chance = random.Random(seed)
        self._texts = [
            line.lower().split() for document in made for line in document.texts() if line
        ]

    def all(self) -> Iterator[tuple[str, Callable[[], ClassQuery]]]:
        """The name of each class, and what makes a query of it."""
        yield "5 words and 2 refused", lambda: self._alternatives((1,) * 5, refused=2)
        yield "30 alternatives and 5 refused", lambda: self._alternatives((30,), refused=5)
        yield "(8, 8)", lambda: self._alternatives((8, 8))
        yield "(4, 4, 4)", lambda: self._alternatives((4, 4, 4))
        yield "(6, 6, 6)", lambda: self._alternatives((6, 6, 6))
        yield "10 beginnings", self._beginnings
        yield "NEAR", self._near
        yield "phrases of 3", lambda: self._phrase(3)
        yield "phrases of 5", lambda: self._phrase(5)
        yield "30 alternatives, phrase refused", self._without_phrase
        yield "title: lists", self._titles
        yield "channel: lists", self._channels
        yield "by: lists", self._authors

    def _words(self, count: int) -> Group:
        lang = self._lang()
        found: dict[str, None] = {}
        while len(found) < count:
            found[self._corpus.content_word(lang)] = None
        return tuple(found)

    def _lang(self) -> str:
        return self._chance.choice(("ru", "ru", "en"))

    def _alternatives(self, sizes: Sequence[int], refused: int = 0) -> ClassQuery:
        words = iter(self._words(sum(sizes) + refused))
        groups = tuple(tuple(next(words) for _ in range(size)) for size in sizes)
        left = tuple(words)
        text = " ".join(
            [_either(group) for group in groups] + [f"-{word}" for word in left],
        )
        return ClassQuery(text=text, groups=groups, refused=left)

    def _beginnings(self) -> ClassQuery:
        words: dict[str, None] = {}
        while len(words) < 10:
            word = self._corpus.content_word(self._lang())
            if len(word) > 6 and word.isalpha():
                words[word[:6]] = None
        group = tuple(words)
        return ClassQuery(
            text=" OR ".join(f"{one}*" for one in group), groups=(tuple(f" {w}" for w in group),)
        )

    def _near(self) -> ClassQuery:
        lang = self._lang()
        one, other = (self._corpus.words[lang][self._chance.randrange(20, 400)] for _ in range(2))
        return ClassQuery(text=f"{one} NEAR/5 {other}", near=(one, other, 5))

    def _phrase(self, count: int) -> ClassQuery:
        if self._chance.random() < 0.05:
            words = self._chance.choice([text for text in self._texts[:400] if len(text) > count])
            at = self._chance.randrange(len(words) - count)
            asked = [word.strip(".,") for word in words[at : at + count]]
        else:
            lang = self._lang()
            asked = [self._corpus.draw(lang) for _ in range(count)]
        phrase = " ".join(asked)
        return ClassQuery(text=f'"{phrase}"', groups=((phrase,),))

    def _without_phrase(self) -> ClassQuery:
        asked = self._alternatives((30,))
        phrase = " ".join(self._words(3))
        return ClassQuery(text=f'{asked.text} -"{phrase}"', groups=asked.groups, refused=(phrase,))

    def _titles(self) -> ClassQuery:
        words = self._words(10)
        return ClassQuery(text=" OR ".join(f"title:{word}" for word in words), title=words)

    def _channels(self) -> ClassQuery:
        names = [f"channel_{1_000 + self._chance.randrange(CHANNELS)}" for _ in range(12)]
        words = self._words(4)
        text = f"({' OR '.join(f'channel:{name}' for name in names)}) {_either(words)}"
        return ClassQuery(text=text, channels=frozenset(names), groups=(words,))

    def _authors(self) -> ClassQuery:
        names = [f"writer_{self._chance.randrange(AUTHORS)}" for _ in range(12)]
        words = self._words(4)
        text = f"({' OR '.join(f'by:{name}' for name in names)}) {_either(words)}"
        return ClassQuery(text=text, authors=frozenset(names), groups=(words,))


def _either(group: Group) -> str:
    return group[0] if len(group) == 1 else f"({' OR '.join(group)})"


def written(made: Sequence[Document]) -> list[Document]:
    """The posts with who wrote them, as in groups."""
    return [
        replace(document, author=Author(kind="user", username=f"writer_{number % AUTHORS}"))
        for number, document in enumerate(made)
    ]
