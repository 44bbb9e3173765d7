"""What a word that is left out hides: only texts that surely have it.

A word that is asked for finds every form that may be its own: that is one post too many where it is
another word's. Refused in the same way, it would hide what says something else.
"""

from storage.query import tree
from storage.query.tree import Exact, Node, Words
from storage.query.words import english, forms


def is_narrower(form: str) -> bool:
    """Whether a refused word hides less than the same word, asked for, finds."""
    return bool(english.list_meant(form)) or forms.surely(form) != forms.expand(form)


def in_forms(word: Words) -> Node:
    """A word that is surely there (``sure``) by the forms that mean the same, where others of its
    lexeme do not (``train``, not ``training``); any other as it is."""
    meant = english.list_meant(word.forms[0]) if word.sure and not word.title else ()
    return tree.either([Exact(form) for form in meant]) if meant else word


def in_title(word: Words) -> tuple[str, ...]:
    """The forms of such a word that is left out of titles alone; empty for all others. No index
    tells forms of a title from others, so the document decides."""
    return english.list_meant(word.forms[0]) if word.sure and word.title else ()
