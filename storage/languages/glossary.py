"""The glossary: words of the news in Russian and in English that mean the same.

``ru-en.tsv`` has a meaning a line: Russian words, a tab, English words, each of which may say it;
a word of several meanings stands in several lines. English names begin with a capital letter; two
words that belong together stand with a hyphen. It is written by hand; any line may be added.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("ru-en.tsv")


class Meaning(NamedTuple):
    """Words of both languages that mean the same; ``is_name``: they name something."""

    russian: tuple[str, ...]
    english: tuple[str, ...]
    is_name: bool


@cache
def list_meanings() -> tuple[Meaning, ...]:
    """The meanings, in the file's order; English in small letters."""
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        russian, _, english = line.partition("\t")
        words = tuple(english.lower().split())
        found.append(Meaning(tuple(russian.split()), words, english[:1].isupper()))
    return tuple(found)
