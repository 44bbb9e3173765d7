"""A text as terms that Russian and English share, so that stories can be compared. Pure.

A term is a meaning in the glossary, a country, a figure, or a name by its sound: Лавров and Lavrov
are one. A word that the other language has no term for matches nothing there.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from handlers.stories import gist as gists
from storage.languages import glossary
from storage.languages.glossary import Meaning
from storage.query.words import english, forms, russian

LETTERS = 400
"""The number of letters of a text that are read."""
LEAST_NAME = 4
"""The fewest sounds of a name."""

_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_TOKEN = re.compile(r"\d+(?:[.,\u00a0 ]\d{3}(?!\d))*(?:[.,]\d+)?|[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_ENDING = re.compile(r"[.!?:…\n]")
_OWNING = re.compile(r"['’](?:s|S)?$")
_BETWEEN_THOUSANDS = re.compile(r"[.,\u00a0 ](?=\d{3}(?!\d))")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ENGLISH_WORDS = """
the and with from after against during says said were are they this that by for an to who will
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_SMALL_WORDS = "a as at has his in is it its of off on out over was"
_SMALL = _ENGLISH.union(_SMALL_WORDS.split())
_CYRILLIC = re.compile("[а-яё]{3}", re.IGNORECASE)
_LATIN = re.compile("[a-z]{3}", re.IGNORECASE)
_OTHER_CYRILLIC = re.compile("[іїєґўјљњћђџѓќѕ]", re.IGNORECASE)

_RUSSIAN_SOUNDS = """
а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=ts
ч=ch ш=sh щ=sh ъ= ы=i ь= э=e ю=iu я=ia
"""
_TO_LATIN = str.maketrans(dict(pair.split("=") for pair in _RUSSIAN_SOUNDS.split()))
_SOUNDS = (
    (re.compile("kh"), "h"),
    (re.compile("shch|sch|sh"), "S"),
    (re.compile("tch|ch"), "C"),
    (re.compile("d?zh|dj|j"), "J"),
    (re.compile("ck|q"), "k"),
    (re.compile("ph"), "f"),
    (re.compile("x"), "ks"),
    (re.compile("w"), "v"),
    (re.compile("c(?=[eiy])|ts|tz|z"), "s"),
    (re.compile("c"), "k"),
    (re.compile("(?<=[^aeiouy])h|(?<=[aeiouy])h(?![aeiouy])"), ""),
    (re.compile("[aeiouy]+"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("a$"), ""),
)


class Term(NamedTuple):
    """A term. ``key``: the same in both languages if both have it; ``is_anchor``: it is a name or a
    number; ``words``: the archive's numbers of its words, in Russian and in others."""

    key: str
    is_anchor: bool
    words: tuple[frozenset[int], frozenset[int]]

    @property
    def is_shared(self) -> bool:
        """Whether the other language has it too."""
        return not self.key.startswith(("ru:", "en:"))


class Said(NamedTuple):
    """A term and the index of its word in a text: of the terms of one word only one counts."""

    term: Term
    place: int


Terms = dict[str, Said]


def is_russian(text: str) -> bool:
    """Whether the letters of a text are Russian."""
    beginning = text[: LETTERS // 2]
    found = len(_CYRILLIC.findall(beginning)), len(_LATIN.findall(beginning))
    return found[0] > found[1] and _OTHER_CYRILLIC.search(beginning) is None


def is_english(text: str) -> bool:
    """Whether a text seems to be English: it has some of the smallest words, and one that no
    similar language has."""
    words = set(text[: 2 * LETTERS].lower().split())
    return len(words & _SMALL) > 1 and not words.isdisjoint(_ENGLISH)


def read(text: str, *, is_russian: bool) -> Terms:
    """The terms of a text's beginning, by their keys."""
    beginning = _ADDRESS.sub(" ", text[: 2 * LETTERS])[:LETTERS]
    if not is_russian:
        beginning = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), beginning)
    found: Terms = {}
    before, end = "", 0
    for place, token in enumerate(_TOKEN.finditer(beginning)):
        word = token[0]
        if not is_russian:
            terms = _read_english(word, before)
        elif word[0].isupper():
            opens = not end or _ENDING.search(beginning, end, token.start()) is not None
            terms = _read_russian(word, opens)
        else:
            terms = _read_russian(word, True)
        for term in terms:
            if term.key not in found:
                found[term.key] = Said(term, place)
        before, end = word, token.end()
    return found


def _read_figure(written: str) -> tuple[Term, ...]:
    figure = _BETWEEN_THOUSANDS.sub("", written).replace(",", ".")
    if len(figure) < 2 or _YEAR.fullmatch(figure):
        return ()
    number = frozenset((gists.number(figure),))
    return (Term(f"#{figure}", True, (number, number)),)


@lru_cache(maxsize=20_000)
def _read_russian(word: str, opens: bool) -> tuple[Term, ...]:
    if word[0].isdigit():
        return _read_figure(word)
    folded = word.lower().replace("ё", "е")
    if folded.isascii():
        return tuple(term for term in _read_english(word, "") if term.is_anchor)
    *first, last = folded.split("-")
    lexemes = ["-".join((*first, lexeme)) for lexeme in forms.readings(last)]
    meanings = _lexicon().russian
    found = {term for form in (folded, *lexemes) for term in meanings.get(form, ())}
    if found or len(folded) < LEAST_NAME:
        return tuple(found)
    is_name = word[0].isupper() and not (opens and russian.is_word(last))
    number = frozenset((gists.number(folded),))
    own = (number, frozenset[int]())
    if not is_name:
        return (Term(f"ru:{lexemes[0]}", False, own),)
    sounds = {sound(form.translate(_TO_LATIN)) for form in (folded, *lexemes)}
    return tuple(Term(f"~{one}", True, own) for one in sounds if len(one) >= LEAST_NAME)


@lru_cache(maxsize=20_000)
def _read_english(word: str, before: str) -> tuple[Term, ...]:
    if word[0].isdigit():
        return _read_figure(word)
    bare = _OWNING.sub("", word)
    plain = "usa" if bare == "US" else bare.lower()  # "us" is a word
    meanings = _lexicon().english
    parts = plain.split("-")
    tried = [_stem(plain), english.stem("".join(parts)), _stem(f"{before.lower()}-{plain}")]
    found = {term for form in tried for term in meanings.get(form, ())}
    if not found:
        found = {term for part in parts for term in meanings.get(english.stem(part), ())}
    if found or len(plain) < LEAST_NAME:
        return tuple(found)
    own = (frozenset[int](), frozenset((gists.number(plain),)))
    one = sound(plain)
    if bare[0].isupper() and len(one) >= LEAST_NAME:
        return (Term(f"~{one}", True, own),)
    return (Term(f"en:{english.stem(plain)}", False, own),)


def _stem(word: str) -> str:
    return "-".join(map(english.stem, word.split("-")))


def sound(name: str) -> str:
    """A key for the sound of a name, in Latin letters: the same for most spellings."""
    for pattern, plain in _SOUNDS:
        name = pattern.sub(plain, name)
    return name


def to_latin(name: str) -> str:
    """A name in small Russian letters, transliterated."""
    return name.translate(_TO_LATIN)


class _Lexicon(NamedTuple):
    """The terms for the words of each language."""

    russian: dict[str, tuple[Term, ...]]
    english: dict[str, tuple[Term, ...]]


@cache
def _lexicon() -> _Lexicon:
    lexicon = _Lexicon({}, {})
    for place, meaning in enumerate((*glossary.list_meanings(), *_countries())):
        numbers = (
            frozenset(gists.number(form) for word in meaning.russian for form in _inflected(word)),
            frozenset(map(gists.number, meaning.english)),
        )
        term = Term(f"={place}", meaning.is_name, numbers)
        _enter(lexicon.russian, term, _russian_forms(meaning.russian))
        _enter(lexicon.english, term, map(_stem, meaning.english))
    return lexicon


def _enter(words: dict[str, tuple[Term, ...]], term: Term, forms: Iterable[str]) -> None:
    for form in forms:
        words[form] = (*words.get(form, ()), term)


def _russian_forms(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        folded = word.replace("ё", "е")
        yield folded
        if "-" not in folded and not russian.is_word(folded):
            yield from russian.guess(folded)


def _inflected(word: str) -> Iterator[str]:
    """The forms of a Russian word that the archive counts separately."""
    folded = word.replace("ё", "е")
    yield folded
    if len(folded) <= gists.STEM:
        yield from russian.list_forms(folded)


def _countries() -> Iterator[Meaning]:
    """Countries that are one word in both languages and not in the glossary."""
    known = {word for meaning in glossary.list_meanings() for word in meaning.english}
    russian_names, english_names = (Locale(code).territories for code in ("ru", "en"))
    for code, name in english_names.items():
        named = russian_names.get(code, "")
        if code.isalpha() and name.isalpha() and named.isalpha() and name.lower() not in known:
            yield Meaning((named.lower(),), (name.lower(),), True)
