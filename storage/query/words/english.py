"""The lexemes of English words: endings are removed by rule, irregular forms by table.

The rules are those of Porter's second stemmer for inflection (its steps 0, 1 and the final e of
step 5: https://snowballstem.org/algorithms/english/stemmer.html). Its steps 2 to 4 remove
derivation and are left out: they would make one word of international and internal, of university
and universe.
"""

import re
from functools import cache

from storage.query.words import irregular

_VOWELS = re.compile("[aeiouy]+")
# From the first consonant after a vowel on: an e at the end falls only there.
_REGION = re.compile("[aeiouy][^aeiouy]")
# A short last syllable keeps or regains its e: hop-e, mak-e.
_SHORT = re.compile("(?:(?:^|[^aeiouy])[aeiouy][^aeiouywx]|^[aeiouy][^aeiouy])$")
_DOUBLED = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_KEPT_WORDS = """
news species series canvas christmas gas bias atlas chaos cosmos lens mars texas paris
during evening morning wedding inning outing canning herring earring ceiling darling sibling
viking anything everything nothing something king ring sing wing bring spring string
hundred sacred embed shed sled unite
always perhaps besides afterwards politics economics ethics physics mathematics
"""


def readings(form: str) -> tuple[str, ...]:
    """The lexemes that a folded form may belong to, sorted."""
    words = _irregular().get(form)
    if words is None:
        return (stem(form),)
    found = {stem(word) for word in words}
    if form in _words_themselves():
        found.add(stem(form))
    return tuple(sorted(found))


def list_forms(lexeme: str) -> tuple[str, ...]:
    """A form for each set of readings that a form of this lexeme can have."""
    return (lexeme, *_forms_of().get(lexeme, ()))


def stem(form: str) -> str:
    """A folded form without its inflection, as far as rules go."""
    if len(form) <= 2 or form in _kept():
        return form
    word = _plural(form)
    return word if word in _kept() else _final(_past(word))


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and word[-2] not in "us" and _VOWELS.search(word[:-2]):
        return word[:-1]
    return word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word
    if word.endswith("ied"):
        return word[:-2] if len(word) > 4 else word[:-1]
    for ending in ("ed", "ing"):
        base = word.removesuffix(ending)
        if base != word:
            return _restore(base) if _VOWELS.search(base) else word
    return word


def _restore(base: str) -> str:
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if base.endswith(_DOUBLED) and len(base) > 3:
        return base[:-1]
    return base + "e" if _SHORT.search(base) and not _REGION.search(base[:-1]) else base


def _final(word: str) -> str:
    if word.endswith("ll") and len(_VOWELS.findall(word)) > 1:
        return word[:-1]
    if word.endswith("y") and len(word) > 2 and not _VOWELS.match(word[-2]):
        return word[:-1] + "i"
    if not word.endswith("e"):
        return word
    region = _REGION.search(word)
    if region is None or region.end() >= len(word):
        return word
    rest = _REGION.search(word, region.end())
    if rest is not None and rest.end() < len(word):
        return word[:-1]
    return word if _SHORT.search(word[:-1]) else word[:-1]


@cache
def _kept() -> frozenset[str]:
    return frozenset(_KEPT_WORDS.split())


@cache
def _words_themselves() -> frozenset[str]:
    return irregular.list_words_themselves()


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    return irregular.list_forms()


@cache
def _forms_of() -> dict[str, tuple[str, ...]]:
    forms: dict[str, set[str]] = {}
    for form in _irregular():
        for lexeme in readings(form):
            forms.setdefault(lexeme, set()).add(form)
    return {lexeme: tuple(sorted(found)) for lexeme, found in forms.items()}
