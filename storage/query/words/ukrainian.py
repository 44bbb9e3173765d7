"""The lexemes of Ukrainian words, found by their endings: there is no dictionary of them here.

This is for words with a letter that Russian lacks; others are read as Russian words, most of whose
endings are the same. If only the ending has such letters, and the Russian dictionary has the word
with the Russian ending (``області``, ``армія``), it is that word.
"""

import re

from storage.query.words import russian

FORM = re.compile("[а-я]*[іїє][а-яіїє]*")
"""A folded form of Ukrainian letters, with one at least that Russian lacks."""

_ENDINGS = """
    ами ями ими іми ого ому ові еві єві ою ею єю ої ій ий ім им їм ом ем єм ам ям ах ях их іх
    ів їв ей а я у ю и і ї е є о ь й
"""
_STEM = re.compile(rf"(.{{4,}}?)(?:{'|'.join(_ENDINGS.split())})")
_SHORTEST = 5
_AS_RUSSIAN = (
    ("іями", "иями"), ("ією", "ией"), ("іях", "иях"), ("іям", "иям"), ("ія", "ия"), ("ії", "ии"),
    ("ію", "ию"), ("ій", "ий"), ("ості", "ости"), ("і", "е"), ("і", "и"),
)  # fmt: skip
"""Endings that a noun has otherwise in Russian."""
_ADJECTIVES = ("ые", "ие")
_GIVEN = ("ові", "еві")
"""Endings of whom or what something is given to; no men of a name in -ов."""
_OTHERS = {"київ": "києв", "міст": "мост"}
"""Words whose vowel changes before an ending, and the stem that it has there."""


def readings(form: str) -> tuple[str, ...]:
    """The lexemes that such a form may belong to."""
    if len(form) < _SHORTEST:
        return (_OTHERS.get(form, form),)
    if (found := _russian(form)) is not None:
        return russian.readings(found)
    return (stem(form),)


def stem(form: str) -> str:
    """A form without its ending."""
    match = _STEM.fullmatch(form)
    return match[1] if match is not None else form


def _russian(form: str) -> str | None:
    """The Russian form that a form is with a Russian ending; None if it is none, or may be a form
    of another word there (``другі`` is no friends, ``названій`` no name)."""
    if form.endswith(_GIVEN):
        return None
    for ending in _ADJECTIVES if form.endswith("і") else ():
        found = f"{form[:-1]}{ending}"
        if _is_russian(found) and any("ADJF" in tags for _, tags in russian.grammemes(found)):
            return found
    for ending, other in _AS_RUSSIAN:
        if form.endswith(ending):
            found = f"{form.removesuffix(ending)}{other}"
            if _is_russian(found) and _is_noun(found):
                return found
    return None


def _is_russian(form: str) -> bool:
    return FORM.fullmatch(form) is None and russian.is_word(form)


def _is_noun(form: str) -> bool:
    """Whether a Russian form is one of nouns alone; what ends in ``-ий``, of nouns in ``-ия``."""
    if form.endswith("ий") and not all(one.endswith("ия") for one in russian.readings(form)):
        return False
    return all("NOUN" in tags for is_known, tags in russian.grammemes(form) if is_known)
