"""How much of flattened channel pages the text reader gets right.

A folder holds pairs ``NAME.flat.txt`` and ``NAME.gold.json``, a list of posts with ``lines``,
``forwarded_from`` and ``in_flat``. A post is exact when all its lines, its forward's name and its
boundaries are found, white space folded; spurious when no gold post has these lines.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.normalize import text as text_reader

Key = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Posts of a file: how many there are, are exact, are found, and are spurious."""

    wanted: int
    exact: int
    found: int
    spurious: int

    def row(self, name: str) -> str:
        """A line of the table."""
        exact = 100 * self.exact / self.wanted if self.wanted else 100.0
        spurious = 100 * self.spurious / self.found if self.found else 0.0
        return (
            f"{name:24} {self.wanted:5} posts  {exact:6.2f} % exact"
            f"  {self.found:5} found  {spurious:6.2f} % spurious"
        )


def fold(text: str) -> str:
    """A text with its white space folded."""
    return " ".join(text.split())


def read_gold(path: Path) -> Counter[Key]:
    """The posts that a flattened page holds."""
    posts: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return Counter(
        (
            fold(post["forwarded_from"]) if post["forwarded_from"] else None,
            tuple(fold(line) for line in post["lines"]),
        )
        for post in posts
        if post["in_flat"]
    )


def read_flat(path: Path) -> Counter[Key]:
    """The posts that the text reader finds."""
    data = path.read_bytes()
    documents = text_reader.read_text(
        data.decode("utf-8"), file=path.name, file_hash=hashlib.sha256(data).hexdigest()
    )
    return Counter(
        (
            fold(document.forwarded_from.name or "") if document.forwarded_from else None,
            tuple(fold(text) for text in document.texts()),
        )
        for document in documents
    )


def measure(flat: Path, *, show: bool) -> Score:
    """The score of one pair; ``show`` prints what differs."""
    wanted = read_gold(flat.with_name(flat.name.replace(".flat.txt", ".gold.json")))
    found = read_flat(flat)
    missed, spurious = wanted - found, found - wanted
    if show:
        for sign, keys in (("-", missed), ("+", spurious)):
            for forward, texts in keys.elements():
                print(f"   {sign} [{forward or ''}] " + " | ".join(text[:40] for text in texts))
    return Score(
        wanted=wanted.total(),
        exact=(wanted & found).total(),
        found=found.total(),
        spurious=spurious.total(),
    )


def measure_pairs(folder: Path, *, show: bool) -> Iterator[str]:
    """The table for a folder of pairs, a line a file and one for all."""
    scores = []
    for flat in sorted(folder.glob("*.flat.txt")):
        scores.append(measure(flat, show=show))
        yield scores[-1].row(flat.name)
    yield total(scores).row("all")


def total(scores: Iterable[Score]) -> Score:
    """The score of all pages together."""
    every = list(scores)
    return Score(
        wanted=sum(score.wanted for score in every),
        exact=sum(score.exact for score in every),
        found=sum(score.found for score in every),
        spurious=sum(score.spurious for score in every),
    )


def total_of(folder: Path) -> Score:
    """The score of all pairs in a folder."""
    return total(measure(flat, show=False) for flat in sorted(folder.glob("*.flat.txt")))
