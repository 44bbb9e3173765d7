"""A fast parser for plain queries (words, phrases, prefixes, alternatives in brackets), as nearly
all saved queries are.

It leaves whatever is not certainly plain to the full parser, which gives the same result for plain
queries.
"""

import re

from storage.query import tree
from storage.query.reading import (
    compounds,
    exonyms,
    filter_words,
    spellings,
    umlauts,
    variants,
)
from storage.query.reading.terms import SHORTEST_PREFIX
from storage.query.tree import Node, Not, Prefix, Query, Words
from storage.query.words import also, analysis

# Letters of one of the two alphabets: no sign has a meaning, and there are no other spellings.
_WORD = "[A-Za-zА-Яа-яЁё]+"
_LEAF = rf'(?:{_WORD}\*?|"{_WORD}(?: {_WORD})*")'
_TERM = rf"-?(?:{_LEAF}|\({_LEAF}(?: OR {_LEAF})+\))"
_PLAIN = re.compile(rf"{_TERM}(?: {_TERM})*")
_LEAVES, _TERMS = re.compile(_LEAF), re.compile(_TERM)


def split(text: str, *, most_words: int) -> list[str] | None:
    """The terms of a text that looks plain; None if it does not. Any of them may still be something
    else: see ``read_term``."""
    words = text.split(" ")
    if len(words) > most_words:
        return None
    if "(" not in text and '"' not in text:
        return words
    return _TERMS.findall(text) if _PLAIN.fullmatch(text) else None


def leaves_of(term: str) -> list[str] | None:
    """The alternatives of a term in brackets; None of other terms."""
    # Every second one that is found there is the OR between them.
    return _LEAVES.findall(term)[::2] if term.startswith("(") else None


def words_of(term: str) -> list[str] | None:
    """The words of a row in quotation marks; None of other terms."""
    return term[1:-1].split(" ") if term.startswith('"') else None


def read(text: str, *, most_words: int) -> Query | None:
    """The query of a plain text; None if it is, or may be, anything else."""
    parts = [*map(read_term, split(text, most_words=most_words) or ())]
    read = [part for part in parts if part is not None]
    if len(read) < len(parts) or not parts:
        return None
    root = tree.both(read)
    if tree.is_negative(root):
        return None
    return Query(tree.canonical(root, ()), root, written=text)


def read_term(text: str) -> Node | None:
    """The tree of a term; None if it is, or may be, not plain."""
    if not _TERMS.fullmatch(text):
        return None
    asked = text.removeprefix("-")
    part = _read_either(asked) if asked.startswith("(") else _leaf(asked)
    return part if asked is text or part is None else Not(spellings.certain(part))


def _read_either(text: str) -> Node | None:
    parts = [*map(_leaf, leaves_of(text) or ())]
    found = [part for part in parts if part is not None]
    return tree.either(found) if len(found) == len(parts) else None


def _leaf(text: str) -> Node | None:
    letters = text.strip('"*')
    if letters in filter_words.OPERATORS.meanings() or letters in spellings.PRONOUNS:
        return None
    if umlauts.may_be_written_out(letters) or also.plural_of(letters):
        return None
    forms = tuple(map(analysis.fold, letters.split(" ")))
    if len(forms) == 1 and (
        compounds.parted(forms[0]) is not None or exonyms.names(forms[0]) or variants.ways(forms[0])
    ):
        return None
    if variants.doubled(forms) is not None:
        return None
    if text.endswith("*"):
        return Prefix(forms[0]) if len(forms[0]) >= SHORTEST_PREFIX else None
    return Words(forms)
