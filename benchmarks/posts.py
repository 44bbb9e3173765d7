"""Posts to measure on: seeded, of some 1,100 characters, two thirds Russian, the rest English.

Words follow Zipf's law over a vocabulary of real Russian word forms (seeded beginnings of the
dictionary that the analysis uses), and for English of made-up bases with real endings. The head of
either language is its function words. The same seed gives the same posts.
"""

import hashlib
import random
import sys
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from storage.document import Block, Channel, Document, Link, Source

RUSSIAN = 0.65
LENGTH = 1_100
CHANNELS = 200
SECONDS_APART = 9

_START = datetime(2021, 1, 1, tzinfo=UTC)
_LETTERS = "абвгдежзиклмнопрстуфхцчшэюя"
_BASES = ("dis", "con", "tra", "ver", "port", "grain", "min", "tel", "or", "al", "per", "stat",
          "mar", "lo", "sign", "form", "ex", "sel", "un", "ber", "tor", "man", "wel")  # fmt: skip
_ENDINGS = ("", "", "", "s", "s", "ed", "ing", "er", "ers", "ly", "ment", "ation", "al")
_HEADS = {
    "ru": ("и", "в", "на", "не", "с", "что", "по", "для", "к", "из", "о", "за", "от", "как"),
    "en": ("the", "of", "to", "and", "in", "a", "is", "that", "for", "on", "with", "as", "by"),
}


def vocabulary(lang: str, size: int = 40_000) -> list[str]:
    """The words of a language, common ones first."""
    chance = random.Random(f"words {lang}")
    found = dict.fromkeys(_HEADS[lang])
    while len(found) < size:
        found.update(dict.fromkeys(_russian(chance) if lang == "ru" else _english(chance)))
    words = list(found)[len(_HEADS[lang]) :]
    words.sort(key=lambda word: len(word) + chance.gauss(0, 3))  # common words are short
    return [*_HEADS[lang], *words][:size]


def _russian(chance: random.Random) -> list[str]:
    dictionary: Any = import_module("pymorphy3").MorphAnalyzer(lang="ru").dictionary
    found: list[str] = []
    while len(found) < 40_000:
        found += dictionary.words.keys("".join(chance.choices(_LETTERS, k=4)))
    return found


def _english(chance: random.Random) -> list[str]:
    return [
        "".join(chance.choices(_BASES, k=chance.randint(1, 3))) + chance.choice(_ENDINGS)
        for _ in range(1_000)
    ]


class Corpus:
    """Makes posts. ``words`` holds the vocabularies by language, common words first."""

    def __init__(self, seed: int = 1) -> None:
        self.words = {lang: vocabulary(lang) for lang in _HEADS}
        self._weights = {
            lang: list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
            for lang, words in self.words.items()
        }
        self._chance = random.Random(seed)

    def draw(self, lang: str) -> str:
        """A word of a language by Zipf's law."""
        weights = self._weights[lang]
        return self.words[lang][bisect(weights, self._chance.random() * weights[-1])]

    def paragraphs(self, lang: str) -> list[str]:
        """The texts of a post: its first line, then paragraphs of sentences."""
        chance = self._chance
        size = 0
        found: list[str] = []
        while size < LENGTH - 120:
            words = [self.draw(lang) for _ in range(8 if not found else chance.randint(20, 60))]
            words[0] = words[0].capitalize()
            if found:
                words[len(words) // 2] += ","
                words[-1] += "."
                words[chance.randrange(1, len(words) - 1)] = str(chance.randint(2, 2030))
            found.append(" ".join(words))
            size += len(found[-1])
        return found

    def documents(self, number: int, *, first: int = 1) -> Iterator[Document]:
        """Posts, each newer than the one before: those of the places ``first`` to ``number``."""
        for place in range(first, number + 1):
            lang = "ru" if self._chance.random() < RUSSIAN else "en"
            yield _document(place, lang, self.paragraphs(lang))

    def query(self, lang: str | None = None) -> str:
        """A query as people save them: mostly two or three words, some with an operator."""
        chance = self._chance
        lang = lang or ("ru" if chance.random() < RUSSIAN else "en")
        words = [self.content_word(lang) for _ in range(chance.choice((1, 2, 2, 2, 3, 3)))]
        luck = chance.random()
        if luck < 0.1:
            return f'"{words[0]} {self.content_word(lang)}"'
        if luck < 0.15 and len(words[0]) > 5:
            return f"{words[0][:5]}* {' '.join(words[1:])}".strip()
        if luck < 0.25:
            return f"{' '.join(words)} -{self.content_word(lang)}"
        if luck < 0.35:
            return f"{words[0]} ({self.content_word(lang)} OR {self.content_word(lang)})"
        return " ".join(words)

    def content_word(self, lang: str) -> str:
        """A word as people ask for, seldom one of the commonest."""
        words = self.words[lang]
        return words[min(int(self._chance.paretovariate(0.3)) + 400, len(words) - 1)]


def _document(place: int, lang: str, texts: Sequence[str]) -> Document:
    channel_id = 1_000 + place * 7919 % CHANNELS
    username = f"channel_{channel_id}"
    moment = _START + timedelta(seconds=place * SECONDS_APART)
    return Document(
        kind="post",
        doc_id=f"tg:{channel_id}/{place}",
        source=Source(type="telethon"),
        channel=Channel(id=channel_id, username=username, title=f"Channel {channel_id}"),
        message_id=place,
        url=f"https://t.me/{username}/{place}",
        published_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        published_precision="second",
        published_basis="api",
        views=place % 5_000,
        title=texts[0],
        body=tuple(Block(type="para", text=text, gap=2) for text in texts[1:]),
        links=(Link(text="more", url="https://example.org/"),) if place % 3 == 0 else (),
        lang=lang,
        content_hash=hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16],
    )
