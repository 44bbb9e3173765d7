"""What people may type for a thing, in any language: commands, filters, ``off``, ``cancel``.

English words are in the code, others in the catalogues, separated by commas, the usual one first.
People may type words of any language.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from storage.languages import catalogue
from storage.languages.records import CatalogueEntry


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Words by what they mean to the code: ``{"off": "off, none, stop"}``."""

    context: str
    english: Mapping[str, str]

    def meanings(self) -> Mapping[str, str]:
        """What each word of any language means: ``{"off": "off", "выкл": "off"}``."""
        return _meanings(self)

    def words(self, meaning: str) -> frozenset[str]:
        """The words of all languages that mean it."""
        return frozenset(word for word, meant in _meanings(self).items() if meant == meaning)

    def pattern(self, *meanings: str) -> str:
        """A regular expression of the words that mean one of these, the longest first."""
        words = {word for meaning in meanings for word in self.words(meaning)}
        return "|".join(
            re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))
        )

    def language_of(self, word: str) -> str:
        """The first language that has a word, English before others."""
        known = (
            language
            for language in catalogue.spoken()
            for meaning in self.english
            if word in _words_of(self, meaning, language)
        )
        return next(known, catalogue.SOURCE)

    def translated(self) -> Mapping[str, str]:
        """The same without English."""
        return _translated(self)

    def word(self, meaning: str, language: str) -> str:
        """The usual word in a language; the English one where it has none of its own."""
        return _words_of(self, meaning, language)[0]

    def entries(self) -> Iterator[CatalogueEntry]:
        """What catalogues have of it."""
        for meaning, words in self.english.items():
            note = "Words that people type, parted by commas; as in English where there is none."
            yield CatalogueEntry(context=f"{self.context}.{meaning}", english=(words,), note=note)


def _words_of(vocabulary: Vocabulary, meaning: str, language: str) -> list[str]:
    english = vocabulary.english[meaning]
    said = catalogue.read(language).text(f"{vocabulary.context}.{meaning}", english)
    return [word.strip() for word in said.split(",")]


@functools.cache
def _translated(vocabulary: Vocabulary) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in catalogue.spoken()[1:]:
        for meaning in vocabulary.english:
            english = _words_of(vocabulary, meaning, catalogue.SOURCE)
            for word in _words_of(vocabulary, meaning, language):
                if word not in english:
                    found.setdefault(word, meaning)
    return found


@functools.cache
def _meanings(vocabulary: Vocabulary) -> Mapping[str, str]:
    english = {
        word: meaning
        for meaning in vocabulary.english
        for word in _words_of(vocabulary, meaning, catalogue.SOURCE)
    }
    return {**_translated(vocabulary), **english}
