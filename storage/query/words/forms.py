"""The lexemes of words, so that a query finds every form of the word that it asks for.

A folded form has *readings*: the lexemes that it may belong to (стали: сталь and стать). Two forms
match if they have one in common. An index with a single term per word stores the readings as one
term (``normal_form``), and a query asks for every term that contains one of its lexemes
(``expand``): it finds every form of a word in the dictionary, and сталь does not find стал. A
matcher that can hold many terms per word compares ``readings`` with ``lexemes`` instead; the two
agree.

Forms are folded (``analysis.fold``) and hold no ``|``. Words of other scripts, numbers and mixtures
are their own lexemes, but for the Arabic article; an Arabic or Hebrew word of four letters is asked
for also with the letters that are written as one with it, a Korean one with its particles, a
Serbian one of Cyrillic letters in Latin ones. VERSION counts up whenever a form would give
another normal form; so it must when the dictionary is another.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from storage.query.words import alphabets, english, russian, ukrainian
from storage.query.words.inflection import inflected

VERSION = 8

_CYRILLIC = re.compile("[а-я]+")
_LATIN = re.compile("[a-z]+")
# More than one in a row, for a word may begin like it: as الإلغاء ends, so does إلغاء.
_ARTICLE = re.compile("(?:(?:[وفبك]?ال|و?لل)(?=[\u0621-\u064a]{3}))+")
_BETWEEN = "|"
# "And", "in" and "for", and the Persian plural: written as one with the word.
_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06af]{4,}")
_BEFORE, _BEHIND, _BEHIND_OF = "\u0648\u0628\u0644", "\u0647\u0627", "\u0647\u0627\u064a"
_LONG_ARABIC = 6  # letters of a word that hardly ends another one
_SURELY = 0.3
"""The least share of uses in which texts mean a word by forms with the same readings, on average,
for the word to be surely there."""
_TIMES = frozenset({"утром", "днем", "вечером", "ночью", "весной", "летом", "осенью", "зимой"})
"""Adverbs that say what the noun says which they are a case of."""
# A Hebrew word of four letters or more, and what is written as one with it: the, in, to, from, and,
# that, as.
_HEBREW = re.compile("[\u05d0-\u05ea]{4,}")
_THE, _HEBREW_BEFORE = "\u05d4", "\u05d4\u05d1\u05dc\u05de\u05d5\u05e9\u05db"
_SHORTEST_HEBREW, _LONG_HEBREW = 4, 6
_AND = "\u05d5"
# What, with the letter of the article before it, may be a noun of a verb: הכרזה, declaration.
_VERBAL = re.compile("[\u05d0-\u05ea]{3}(?:\u05d4|\u05ea|\u05d5\u05ea)")
# A Korean word of two syllables or more, for many of one are the beginning of another word; and the
# particles that are written as one with it: after any sound, a vowel, a consonant.
_KOREAN = re.compile("[\uac00-\ud7a3]{2,}")
_PARTICLES = ("의", "에", "에서", "에게", "까지", "부터")
_AFTER_VOWEL, _AFTER_CONSONANT = ("는", "가", "를", "와"), ("은", "이", "을", "과")
_SHORT_KOREAN = 2
_ALSO_ENDINGS = ("가", "과")  # of other words: 정치 is politics, 정치가 a politician
_NO_PARTICLE = "고양이"  # a cat, and 고양 a city
_FINALS, _L = 28, 8  # how a syllable may end, and which of these takes 로 as a vowel does


def normal_form(form: str) -> str:
    """The one term under which a folded form is indexed."""
    return sys.intern(_BETWEEN.join(readings(form)))


def readings_in(term: str) -> list[str]:
    """The lexemes that a normal form stands for."""
    return term.split(_BETWEEN)


@lru_cache(maxsize=4_000)
def readings(form: str) -> tuple[str, ...]:
    """The lexemes that a folded form may belong to, sorted; at least one."""
    return tuple(map(sys.intern, _readings(form)))


def _readings(form: str) -> tuple[str, ...]:
    if _CYRILLIC.fullmatch(form):
        return russian.readings(form)
    if _LATIN.fullmatch(form):
        return english.readings(form)
    if ukrainian.FORM.fullmatch(form):
        return ukrainian.readings(form)
    article = _ARTICLE.match(form)
    return (form[article.end() :] if article else form,)


def lexemes(form: str) -> frozenset[str]:
    """The lexemes that a folded form means when it is asked for."""
    return frozenset(_lexemes(form))


@lru_cache(maxsize=20_000)
def _lexemes(form: str) -> tuple[str, ...]:
    """The lexemes, unordered; a tuple takes a third of a set's memory."""
    if _CYRILLIC.fullmatch(form):
        meant = russian.list_lexemes(form)
        return tuple(map(sys.intern, {*meant, *ukrainian.list_also(meant)}))
    own = readings(form)
    if ukrainian.FORM.fullmatch(form):
        return (*own, *ukrainian.list_also(own))
    if _HEBREW.fullmatch(form):
        bare = form[1:] if form[0] == _THE and len(form) > _SHORTEST_HEBREW else form
        return (*dict.fromkeys((form, bare)), *(f"{letter}{bare}" for letter in _HEBREW_BEFORE))
    if _KOREAN.fullmatch(form):
        return (form, *(f"{form}{particle}" for particle in _particles(form[-1])))
    if alphabets.is_serbian(form):
        return (*own, *(one for latin in alphabets.serbian_latin(form) for one in readings(latin)))
    if not _ARABIC.fullmatch(own[0]):
        return own
    # As they are read in a text: "for" before a word that begins so looks like "for the".
    written = [_readings(f"{letter}{own[0]}")[0] for letter in _BEFORE]
    return (*own, *written, f"{own[0]}{_BEHIND}", f"{own[0]}{_BEHIND_OF}")


def _particles(syllable: str) -> tuple[str, ...]:
    """The Korean particles that may follow a syllable."""
    final = (ord(syllable) - ord("가")) % _FINALS
    other = _AFTER_CONSONANT if final else _AFTER_VOWEL
    return (*_PARTICLES, *other, "로" if final in (0, _L) else "으로")


@lru_cache(maxsize=10_000)
def expand(form: str) -> frozenset[str]:
    """Every normal form that a form of the requested word can have in a text."""
    return _normal_forms(form, lexemes(form))


def lexemes_alone(form: str) -> frozenset[str]:
    """The lexemes of a folded form that is asked for by itself, and not in a phrase: with those of
    its forms in languages of which there is no dictionary here."""
    return frozenset(_lexemes_alone(form))


@lru_cache(maxsize=8_000)
def _lexemes_alone(form: str) -> tuple[str, ...]:
    own = _lexemes(form)
    more = inflected.list_forms(form)
    if not more:
        return own
    return tuple(dict.fromkeys((*own, *(sys.intern(_readings(one)[0]) for one in more))))


@lru_cache(maxsize=1_000)
def expand_alone(form: str) -> frozenset[str]:
    """As ``expand``, for a word that is asked for by itself."""
    return _normal_forms(form, lexemes_alone(form))


def _normal_forms(form: str, asked: frozenset[str]) -> frozenset[str]:
    written = (held for lexeme in asked for _, held in _shared(lexeme))
    return frozenset({normal_form(form), *asked, *map(_BETWEEN.join, written)})


@lru_cache(maxsize=10_000)
def surely(form: str) -> frozenset[str]:
    """The normal forms by which a text surely has the requested word: of those that ``expand``
    gives, without the ones that texts mostly mean another word by. ``сталь`` surely is in no text
    that only has ``стали``; ``стали`` itself, asked for, is."""
    terms = {normal_form(form)}
    if _CYRILLIC.fullmatch(form):
        return frozenset(terms | _surely_russian(form))
    if _LATIN.fullmatch(form):
        asked = {*readings(form)}
        own = english.stem(form)
        asked = {own} if len(asked) > 1 and own in asked else asked
        for one, held in (one for lexeme in asked for one in _shared(lexeme)):
            if asked.issuperset(held) or one in english.hardly_else():
                terms.add(_BETWEEN.join(held))
        return frozenset(terms | asked)
    if ukrainian.FORM.fullmatch(form):
        return frozenset(terms) if ukrainian.has_other_twin(form) else expand(form)
    if _HEBREW.fullmatch(form):
        return frozenset(terms | {f"{letter}{form}" for letter in _surely_before(form)})
    if _KOREAN.fullmatch(form) and len(form) == _SHORT_KOREAN:
        return expand(form) - {_NO_PARTICLE, *(f"{form}{ending}" for ending in _ALSO_ENDINGS)}
    own = readings(form)[0]
    if _ARABIC.fullmatch(own) and len(own) < _LONG_ARABIC:
        # Of five letters hardly any is another word behind "and", as جهات (sides) is (وجهات).
        and_it = _readings(f"{_BEFORE[0]}{own}") if len(own) == _LONG_ARABIC - 1 else ()
        return frozenset({*terms, own, f"{own}{_BEHIND}", *and_it})
    return expand(form) - {f"{own}{_BEHIND_OF}"}


def list_meant(form: str) -> tuple[str, ...]:
    """The forms that surely mean what a form does, where others that are indexed as the same word
    mean something else; empty where there are none such."""
    if _CYRILLIC.fullmatch(form):
        return (form,) if russian.is_stemmed_to_another(form) else ()
    return english.list_meant(form)


def _surely_russian(form: str) -> set[str]:
    """The normal forms of a Russian word that texts mean it by."""
    meant = russian.list_lexemes(form)
    if len(meant) > 1 and russian.is_word(form):
        likely = {one for one in meant if russian.share(form, {one}) >= _SURELY}
        # What is written as a lemma (Песков) is never its other meaning (sands) alone.
        itself = meant & {form}
        # And a place that another word is a form of (Газа) is no gas.
        meant = itself if russian.is_place(form) else likely | itself or meant
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for lexeme in meant:
        for one, held in _shared(lexeme):
            alone = meant.issuperset(held) or one in _TIMES
            share = 1.0 if alone else russian.share(one, meant)
            shares[_BETWEEN.join(held)].append(share)
    return meant | {term for term, of in shares.items() if sum(of) >= _SURELY * len(of)}


def _surely_before(form: str) -> str:
    """The letters that are surely written as one with a Hebrew word, and not part of another."""
    if form[0] == _THE:
        return ""
    if len(form) >= _LONG_HEBREW:
        return _HEBREW_BEFORE
    return _AND if _VERBAL.fullmatch(form) else _AND + _THE


@lru_cache(maxsize=500)
def _shared(lexeme: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The forms of a lexeme that may be read as it and as others too, each with all its readings:
    few lexemes have any. What a word finds and what it hides are both made of these, one after the
    other."""
    forms: Iterable[str] = ()
    if _CYRILLIC.fullmatch(lexeme):
        forms = russian.list_shared_forms(lexeme)
    elif _LATIN.fullmatch(lexeme):
        forms = english.list_forms(lexeme)
    every = ((form, _readings(form)) for form in forms)
    return tuple([(form, held) for form, held in every if len(held) > 1 and lexeme in held])


def load() -> None:
    """Read the dictionary now (0.3 s, 25 MB) rather than with the first Russian word."""
    russian.load()
