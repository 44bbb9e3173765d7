"""Queries of words alone, as most that are saved are: read without tokens, several times as fast.

What is not plain for sure is left to the parser, which reads plain queries as well, and the same.
"""

import re
from functools import lru_cache

from storage.query import tree
from storage.query.reading import filter_words, spellings
from storage.query.tree import Node, Query

# Letters of the two alphabets by themselves: no sign means anything, nothing is another spelling.
_PLAIN = re.compile(r"[A-Za-zА-Яа-яЁё]+(?: [A-Za-zА-Яа-яЁё]+)*")


def read(text: str, *, most_words: int) -> Query | None:
    """The query of a text that is a few words; None where it is, or may be, anything else."""
    if not _PLAIN.fullmatch(text):
        return None
    words = text.split(" ")
    if len(words) > most_words or not filter_words.OPERATORS.meanings().keys().isdisjoint(words):
        return None
    parts: list[Node] = []
    for word in words:
        part = _word(word)
        if not isinstance(part, tree.Words):
            return None
        parts.append(part)
    root = tree.both(parts)
    return Query(tree.canonical(root, ()), root, written=text)


@lru_cache(maxsize=4_000)
def _word(word: str) -> Node | None:
    return spellings.words(word)
