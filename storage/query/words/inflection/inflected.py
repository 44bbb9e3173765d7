"""Forms that a word may have in a language of which there is no dictionary here.

Only what is asked for becomes them: an index holds forms as they stand in texts. ``endings.tsv``
has a language, an ending and what may stand in its place a line, the likeliest first (``pl``,
``ek``, ``ku5 kiem4 ki3``), each with how likely it is, from 0 to 9. An ending like ``a-`` means any
word whose last vowel is an ``a`` and whose last letter is a consonant (``a+``: a vowel), to which
something is appended, for languages whose endings go by that. They were counted in lists of
frequent words with their lemmas (of wordfreq and simplemma); some are written by hand.

``english.txt`` has the usual English words (of SCOWL, see ``english.license``): an ending that is
cut off another word often leaves one (``Orban``, ``or``), and most texts are full of them.
"""

import re
from functools import cache
from pathlib import Path

from storage.languages import glossary
from storage.query.words import english, russian, ukrainian
from storage.query.words.inflection import languages, semitic

FILE = Path(__file__).with_name("endings.tsv")
_USUAL = Path(__file__).with_name("english.txt")
_LATIN = re.compile("[a-z]{3,}|[a-z]*v")
_GREEK = re.compile("[\u03b1-\u03c9]{3,}")
_CYRILLIC = re.compile("[а-яіїє]{4,}|[а-яіїє]*[іїє][а-яіїє]*")  # of three, mostly capitals: ТГУ
_VOWEL = re.compile("[aeiouy]")
_SOFTENED = {"ка": "ці", "га": "зі", "ха": "сі"}
"""What Ukrainian makes of these endings of words that Russian has too: ``рука``, ``руці``."""
_FLEETING = ("ок", "ець")
"""Endings whose vowel falls before another, so that few other words have the forms."""
_LONGEST = 6
_SHORTEST = 3
"""Letters of a form, and only of a word with one more: ``abuja`` is asked for as no ``abu``, and
``ben`` as no ``bet``."""
_LONG = 5
"""Letters of a word whose last vowel may be doubled in a case: ``hintaa``, but no ``Sanaa``."""
_MOST = {"tr": 24, "hu": 18, "fi": 14, "el": 20, "uk": 20}
_MOST_OF_OTHERS = 8
_MOST_TOGETHER = 26
_MOST_OF_NAMES = 16
"""Of names that English has too."""


def list_forms(form: str) -> tuple[str, ...]:
    """The other forms that a folded word may have, the likeliest first; none of words of English
    and Russian, which are known otherwise."""
    if form.isascii():
        return _latin(form) if _LATIN.fullmatch(form) else ()
    if _GREEK.fullmatch(form):
        return tuple(_by_likelihood(_of_language("el", form), _MOST["el"]))
    if _CYRILLIC.fullmatch(form):
        if ukrainian.FORM.fullmatch(form) is None and russian.is_word(form):
            softened = f"{form[:-2]}{_SOFTENED.get(form[-2:], '')}"
            return () if softened == form[:-2] or _is_russian(softened) else (softened,)
        found = _by_likelihood(_of_language("uk", form), _MOST["uk"])
        if form.endswith(_FLEETING):  # ринок: no ринк, a rink
            return tuple(found)
        return tuple([one for one in found if not _is_russian(one)])
    return semitic.list_forms(form)


def _latin(form: str) -> tuple[str, ...]:
    is_name = _english().get(form, False if form in _usual() else None)
    if is_name is False:
        return ()
    found: dict[str, int] = {}
    guessed = languages.guess(form)
    fewest = max(_MOST_OF_OTHERS, _MOST_TOGETHER // max(1, len(guessed)))
    for language in guessed:
        every = _of_language(language, form)
        for one in _by_likelihood(every, max(fewest, _MOST.get(language, 0))):
            found[one] = max(every[one], found.get(one, 0))
    may_be = {one: found[one] for one in found if _may_be_form(one, form, is_name=bool(is_name))}
    return tuple(_by_likelihood(may_be, _MOST_OF_NAMES if is_name else _MOST_TOGETHER))


def _may_be_form(one: str, form: str, *, is_name: bool) -> bool:
    """Whether another form may be one of a Latin word and is not indexed as an English word, which
    most texts with it would mean; of a name that English has too, only what is appended to it."""
    if english.is_irregular(one) or not _english_lexemes().isdisjoint(english.readings(one)):
        return False
    if is_name:
        base = form[:-1] if _VOWEL.match(form[-1]) else form
        return one.startswith(base) and len(one) >= len(form)
    return len(one) > _SHORTEST or len(one) == _SHORTEST == len(form) - 1


def _of_language(language: str, form: str) -> dict[str, int]:
    """The forms by the endings of a language, with how likely each is."""
    endings = _endings().get(language, {})
    found: dict[str, int] = {}
    for size in range(min(_LONGEST, len(form) - 1) + 1):
        base, ending = form[: len(form) - size], form[len(form) - size :]
        for other, likely in endings.get(ending or _shape(form), ()):
            found[f"{base}{other}"] = max(likely, found.get(f"{base}{other}", 0))
    doubled = f"{form}{form[-1]}" if len(form) < _LONG else form
    return {one: likely for one, likely in found.items() if one not in (form, doubled)}


def _is_russian(form: str) -> bool:
    """Whether a form is indexed as a word that the Russian dictionary has."""
    known = ukrainian if ukrainian.FORM.fullmatch(form) else russian
    return any(map(russian.is_word, (form, *known.readings(form))))


def _by_likelihood(found: dict[str, int], most: int) -> list[str]:
    return sorted(found, key=lambda one: (-found[one], len(one), one))[:most]


def _shape(form: str) -> str:
    """The last vowel, and whether the word ends with it."""
    vowels = _VOWEL.findall(form)
    return f"{vowels[-1]}{'+' if _VOWEL.match(form[-1]) else '-'}" if vowels else "-"


@cache
def _endings() -> dict[str, dict[str, tuple[tuple[str, int], ...]]]:
    found: dict[str, dict[str, tuple[tuple[str, int], ...]]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        language, ending, others = line.split("\t")
        every = [(other[:-1], int(other[-1])) for other in others.split(" ")]
        found.setdefault(language, {})[ending] = tuple(every)
    return found


@cache
def _english() -> dict[str, bool]:
    """English words of the news, which are asked for the most, and whether each is a name."""
    meanings = glossary.list_meanings()
    return {word: meaning.is_name for meaning in meanings for word in meaning.english}


@cache
def _usual() -> frozenset[str]:
    return frozenset(_USUAL.read_text(encoding="utf-8").split())


@cache
def _english_lexemes() -> frozenset[str]:
    """What English words are indexed as."""
    return frozenset(one for word in {*_usual(), *_english()} for one in english.readings(word))
