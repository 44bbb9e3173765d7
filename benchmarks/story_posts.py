"""Posts to measure stories on: real ones where they lie beside the project, else invented ones."""

import json
import random
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus"
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_OWN = 0.2
_LEAST_WORDS = 8

_SYLLABLES = tuple(
    re.findall(
        "..",
        "карониторавалесипомарудекисоброголяменушипезорылатемиду"
        "koranetilovestamorudekisobragolamenushipezorytemidu",
    )
)


def read_posts() -> list[str]:
    """Real posts beside the project, none of which repeats another; empty if there are none."""
    texts = [text for text in (*_messages(), *_pages()) if len(text.split()) >= _LEAST_WORDS]
    kept: list[tuple[str, set[tuple[str, ...]]]] = []
    for text in sorted(texts, key=len, reverse=True):
        parts = _threes(text)
        if all(len(parts & other) < _OWN * min(len(parts), len(other)) for _, other in kept):
            kept.append((text, parts))
    return [text for text, _ in kept]


def _threes(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def _messages() -> Iterator[str]:
    for path in sorted((SHARED / "telethon").glob("nktkln_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield _LINK.sub(r"\1", json.loads(line)["text"].replace("**", ""))


def _pages() -> Iterator[str]:
    for path in sorted((SHARED / "corpus_pages" / "generated").glob("*.gold.json")):
        for post in json.loads(path.read_text(encoding="utf-8")):
            yield "\n".join(post["lines"])


class Inventor:
    """Makes up posts: words of a Zipfian vocabulary, in sentences, with names and numbers."""

    def __init__(self, seed: int, *, vocabulary: int = 30_000) -> None:
        self._chance = random.Random(seed)
        made = random.Random(7)
        self._words = [
            "".join(made.choices(_SYLLABLES, k=made.randint(1, 5))) for _ in range(vocabulary)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(vocabulary)))

    def post(self, words: int | None = None) -> str:
        """A post of ``words`` words, else of 8 to 300, mostly short."""
        chance = self._chance
        size = words or min(300, 8 + int(chance.expovariate(1 / 40)))
        found = chance.choices(self._words, cum_weights=self._weights, k=size)
        start = 0
        while start < size:
            end = min(size, start + chance.randint(6, 16))
            found[start] = found[start].capitalize()
            found[end - 1] += "."
            for place in range(start + 1, end):
                luck = chance.random()
                if luck < 0.05:
                    found[place] = str(chance.randint(2, 2000))
                elif luck < 0.15:
                    found[place] = found[place].capitalize()
            start = end
        return " ".join(found)
