"""Synonyms, and words that say nothing about what happened.

Pure but for the dictionary and the glossary.
"""

import functools
from collections import defaultdict

from storage.languages import glossary
from storage.query.words import english, russian, saying

STEM, LONGER_STEM = 5, 7
"""Words are compared by this many first letters; where many words begin so, by more."""
_BEGINNING_WORDS = """
интер контр транс супер перев перег перед переп перес перех предл предп предс
const contr count elect inter prote super trans under
"""
_BEGINNINGS = frozenset(_BEGINNING_WORDS.split())

_TELLING = frozenset({"NOUN", "VERB", "INFN", "ADJF", "ADJS", "COMP", "PRTF", "PRTS", "GRND"})
_EMPTY_WORDS = """
быть мочь стать весь число количество власть глава передать передавать least were been
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""Lexemes that say nothing by themselves."""
_SMALL_WORDS = """
ago any are big but can did due few for get got had has her him his how its may nor not off one our
out own per say see she the too two via was who why yet you
"""
_SMALL = frozenset(_SMALL_WORDS.split())
"""English words of three letters that say nothing by themselves."""
_WHO_WORDS = """
агентство аналитик видео данные журналист издание источник кадр канал медиа молния очевидец
подробность сми телеканал фото эксперт
analyst breaking data details exclusive expert live media photo source update urgent video witness
"""
_WHO = frozenset(_WHO_WORDS.split())
"""Lexemes for those who report, and for calls."""


def stem(key: str) -> str:
    """The first letters of a folded word, by which words are compared."""
    first = key[:STEM]
    return key[:LONGER_STEM] if first in _BEGINNINGS else first


@functools.lru_cache(maxsize=4_000)
def tells(key: str) -> bool:
    """Whether a folded word may say what happened: a noun, a verb or an adjective that is not a
    word of saying."""
    if says(key) or key in _EMPTY or key in _SMALL or not lexemes(key).isdisjoint(_EMPTY):
        return False
    if key.isascii() or not russian.is_word(key):
        return True
    parsed = [tags for is_known, tags in russian.grammemes(key) if is_known]
    return not parsed or (not parsed[0].isdisjoint(_TELLING) and "Apro" not in parsed[0])


def says(key: str) -> bool:
    """Whether a folded word is a word of saying."""
    return not lexemes(key).isdisjoint(_saying())


def tells_who(key: str) -> bool:
    """Whether words set apart that begin with this folded word name who reports, or are a call."""
    return not lexemes(key).isdisjoint(_WHO)


def is_said(key: str, stems: frozenset[str]) -> bool:
    """Whether these stems have that of a folded word, or of a synonym in the glossary."""
    return stem(key) in stems or not stems.isdisjoint(_stems_like(key))


@functools.lru_cache(maxsize=4_000)
def _stems_like(key: str) -> frozenset[str]:
    meant, said = _senses()
    words = set(lexemes(key))
    for lexeme in lexemes(key):
        words.update(*(said[sense] for sense in meant.get(lexeme, ())))
    return frozenset(map(stem, words))


def lexemes(key: str) -> frozenset[str]:
    """The lexemes that a folded word may belong to."""
    return frozenset(english.readings(key) if key.isascii() else russian.readings(key))


@functools.cache
def _saying() -> frozenset[str]:
    words = (*saying.VERBS, *saying.FORMULAS)
    return frozenset[str]().union(*(lexemes(word.replace("ё", "е")) for word in words))


@functools.cache
def _senses() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """The English words that each word means, and the words that mean each of these."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    said: defaultdict[str, set[str]] = defaultdict(set)
    for meaning in glossary.list_meanings():
        if meaning.is_name:
            continue
        for written in (*meaning.russian, *meaning.english):
            word = written.replace("ё", "е")
            meant[word].update(meaning.english)
            for sense in meaning.english:
                said[sense].add(word)
    return (
        {word: frozenset(senses) for word, senses in meant.items()},
        {sense: frozenset(words) for sense, words in said.items()},
    )
