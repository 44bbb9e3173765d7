"""Queries of words, rows of them, beginnings and alternatives in brackets, as nearly all that are
saved are: read without tokens, several times as fast.

What is not plain for sure is left to the parser, which reads plain queries as well, and the same.
"""

import re

from storage.query import tree
from storage.query.reading import compounds, filter_words, spellings, umlauts
from storage.query.reading.terms import SHORTEST_PREFIX
from storage.query.tree import Node, Not, Prefix, Query, Words
from storage.query.words import also, analysis

# Letters of the two alphabets by themselves: no sign means anything, nothing is another spelling.
_WORD = "[A-Za-zА-Яа-яЁё]+"
_LEAF = rf'(?:{_WORD}\*?|"{_WORD}(?: {_WORD})*")'
_TERM = rf"-?(?:{_LEAF}|\({_LEAF}(?: OR {_LEAF})+\))"
_WORDS = re.compile(rf"{_WORD}(?: {_WORD})*")
_PLAIN = re.compile(rf"{_TERM}(?: {_TERM})*")
_LEAVES, _TERMS = re.compile(_LEAF), re.compile(_TERM)


def split(text: str, *, most_words: int) -> list[str] | None:
    """The terms of a text that looks plain, as they stand there; None where it does not. One of
    them may be anything else after all: ``read_term`` tells."""
    words = text.split(" ")
    if len(words) > most_words:
        return None
    if _WORDS.fullmatch(text):
        return words
    return _TERMS.findall(text) if _PLAIN.fullmatch(text) else None


def read(text: str, *, most_words: int) -> Query | None:
    """The query of a text that is plain; None where it is, or may be, anything else."""
    parts = [*map(read_term, split(text, most_words=most_words) or ())]
    read = [part for part in parts if part is not None]
    if len(read) < len(parts) or not parts:
        return None
    root = tree.both(read)
    if tree.is_negative(root):
        return None
    return Query(tree.canonical(root, ()), root, written=text)


def read_term(text: str) -> Node | None:
    """What one of the terms asks; None where it is, or may be, nothing plain."""
    asked = text.removeprefix("-")
    part = _read_either(asked) if asked.startswith("(") else _leaf(asked)
    return part if asked is text or part is None else Not(part)


def _read_either(text: str) -> Node | None:
    """Alternatives in brackets: every second word that is found there joins them."""
    parts = [*map(_leaf, _LEAVES.findall(text)[::2])]
    found = [part for part in parts if part is not None]
    return tree.either(found) if len(found) == len(parts) else None


def _leaf(text: str) -> Node | None:
    letters = text.strip('"*')
    if letters in filter_words.OPERATORS.meanings() or letters in spellings.PRONOUNS:
        return None
    if umlauts.may_be_written_out(letters) or also.plural_of(letters):
        return None
    forms = tuple(map(analysis.fold, letters.split(" ")))
    if len(forms) == 1 and compounds.parted(forms[0]) is not None:
        return None
    if text.endswith("*"):
        return Prefix(forms[0]) if len(forms[0]) >= SHORTEST_PREFIX else None
    return Words(forms)
