"""The lexemes of Russian words: from OpenCorpora's dictionary, and by their endings for words that
it lacks.

The dictionary (pymorphy3-dicts-ru) is read on first use. A verb's lexeme includes its participles
and gerunds, an adjective's its short forms and degrees, a surname's both genders; the two aspects
of a verb are two lexemes.
"""

import re
import sys
from collections.abc import Iterator, Set
from functools import cache, lru_cache
from importlib import import_module
from typing import Literal, Protocol

# Forms that texts use nearly always as function words, or as forms of one word, though in the
# dictionary they are forms of others too: somebody who asks for ambassadors (посол) does not want
# every "after" (о после).
_FUNCTION_WORDS = """
благодаря благодаря
включая включая
весь весь
всей весь
для для
им он они
из из
какая какой
кому кто
конечно конечно
котором который
меж меж
моем мой
мой мой
мою мой
моя мой
надо надо
нашей наш
нее она
нем он
нею она
об о
обо о
подобно подобно
после после
посредством посредством
при при
прочим прочий прочее
прочую прочий
сами сам
сей сей
сему сей
сим сей
со с
согласно согласно
спустя спустя
статей статья
статью статья
такая такой
тем тот тем
теми тот
того тот
той тот
том тот
тому тот
три три
тут тут
уже уже
хотя хотя
чего что
эх эх
якобы якобы
"""

# Endings of nouns and adjectives: words that are in no dictionary are nearly always names.
_ENDINGS = """
    ыми ими ого его ому ему ый ий ой ая яя ое ее ые ие ых их ым им ую юю ою ею
    ами ями ах ях ам ям ов ев ом ем ей а я у ю е и ы о ь й
"""
_STEM = re.compile(rf"(.{{3,}}?)[иь]?(?:{'|'.join(_ENDINGS.split())})")
# A name with such an ending may be meant as it is: Лавров is no plural, Газпром no case.
_NO_ENDING = re.compile(".{3,}[вмх]")


_HARDLY_EVER = 0.0125
"""A form that is asked for means no lexeme that texts mean by it more seldom than this share."""
_NEVER = 0.002
"""Below this share of its uses a form does not mean its own lemma either: лет means years, not the
flight of birds."""


_PROPER = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"})
"""How the dictionary marks names."""

Kind = Literal["person", "place", "noun", "other"]


class _Words(Protocol):
    def compile_replaces(self, replaces: dict[str, str]) -> object: ...
    def similar_item_values(self, word: str, replaces: object) -> list[list[tuple[int, int]]]: ...


class _Dictionary(Protocol):
    words: _Words

    def build_tag_info(self, para_id: int, idx: int) -> object: ...
    def build_paradigm_info(self, para_id: int) -> list[tuple[str, object, str]]: ...


class _Tag(Protocol):
    grammemes: frozenset[str]


class _Parse(Protocol):
    normal_form: str
    score: float
    tag: _Tag
    is_known: bool


class _Analyzer(Protocol):
    """What we use of ``pymorphy3.MorphAnalyzer``, which has no types."""

    dictionary: _Dictionary

    def parse(self, word: str) -> list[_Parse]: ...


def readings(form: str) -> tuple[str, ...]:
    """The lexemes that a folded form may belong to in a text, sorted; at least one."""
    function = _function_words().get(form)
    if function is not None:
        return function
    found = {lemma for lemma, _, _ in _lookup(form)}
    return (*sorted(found),) if len(found) > 1 else (*found,) or (stem(form),)


def is_word(form: str) -> bool:
    """Whether the dictionary has a folded form."""
    return bool(_lookup(form))


def is_stemmed_to_another(form: str) -> bool:
    """Whether a folded form that the dictionary lacks is indexed as a word that it has, of which it
    is no form that the dictionary knows: Бали as бал."""
    base = "" if is_word(form) else stem(form)
    return base not in ("", form) and any(lemma == base for lemma, _, _ in _lookup(base))


def is_place(form: str) -> bool:
    """Whether a folded form is the lemma of a place's name."""
    dictionary = _load()[0].dictionary
    return any(
        lemma == form and "Geox" in str(dictionary.build_tag_info(paradigm, index))
        for lemma, paradigm, index in _lookup(form)
    )


def may_be_name(form: str) -> bool:
    """Whether a folded form may name somebody or something: the dictionary says so, or lacks it."""
    dictionary = _load()[0].dictionary
    found = _lookup(form)
    return not found or any(
        not _PROPER.isdisjoint(re.split("[ ,]", str(dictionary.build_tag_info(paradigm, index))))
        for _, paradigm, index in found
    )


def kind_of(form: str) -> Kind | None:
    """What texts mostly mean by a folded form: a person's name, a place, another noun, or none of
    these (``other``); None if it is not in the dictionary."""
    if not is_word(form):
        return None
    tag = _load()[0].parse(form)[0].tag.grammemes
    if "NOUN" not in tag:
        return "other"
    if not tag.isdisjoint(("Name", "Surn", "Patr")):
        return "person"
    return "place" if "Geox" in tag else "noun"


def list_lexemes(form: str) -> set[str]:
    """The lexemes that a folded form may mean in a query.

    A lemma means itself (день is no form of деть), and another lexeme only if texts mean that more
    often (банка: банк). Any other form means every lexeme that it may belong to, except those that
    texts hardly ever mean by it (дела: дело, not деть, which would find every день).
    """
    lemmas = {lemma for lemma, _, _ in _lookup(form)}
    if not lemmas:
        return guess(form)
    usual = set(readings(form))
    if len(usual) == 1 and (form not in lemmas or form in usual):
        return usual
    shares = _shares(form, lemmas)
    if form not in lemmas:
        least = _HARDLY_EVER * max(shares.values())
        return {lemma for lemma in usual if shares.get(lemma, 1.0) >= least}
    asked = {lemma for lemma in usual if shares[lemma] > shares[form]}
    if shares[form] >= _NEVER * max(shares.values()):
        asked.add(form)
    return asked | usual if asked.isdisjoint(usual) else asked  # нем is written for нём, too


@lru_cache(maxsize=8_000)
def grammemes(form: str) -> tuple[tuple[bool, frozenset[str]], ...]:
    """For each parse of a folded form its grammemes in OpenCorpora's terms, and whether it is from
    the dictionary (else it is guessed by the ending)."""
    return tuple((one.is_known, one.tag.grammemes) for one in _load()[0].parse(form))


def _shares(form: str, lemmas: Set[str]) -> dict[str, float]:
    """How often texts mean each of the lemmas by a form."""
    shares = dict.fromkeys(lemmas, 0.0)
    for lemma, score in _scores(form):
        if lemma in shares:
            shares[lemma] += score
    return shares


@lru_cache(maxsize=1_000)  # a refused word asks for the same form with one lexeme after the other
def _scores(form: str) -> tuple[tuple[str, float], ...]:
    """For each parse of a form its folded lemma, and how often texts mean that."""
    return tuple([(_fold(one.normal_form), one.score) for one in _load()[0].parse(form)])


def share(form: str, lexemes: Set[str]) -> float:
    """How often texts mean one of the lexemes by a form, among all that it may be a form of: 0 to
    1; 1 if the dictionary lacks it."""
    shares = _shares(form, {lemma for lemma, _, _ in _lookup(form)})
    whole = sum(shares.values())
    return sum(shares.get(one, 0.0) for one in lexemes) / whole if whole else 1.0


def list_forms(lexeme: str) -> Iterator[str]:
    """Every folded form that the dictionary has of a lexeme."""
    for lemma, paradigm, index in _lookup(lexeme):
        if lemma == lexeme:
            base = _base(lexeme, paradigm, index)
            for before, behind in _affixes(paradigm):
                yield f"{before}{base}{behind}"


def list_shared_forms(lexeme: str) -> list[str]:
    """The forms of a lexeme that may belong to other ones too, as often as ``list_forms`` has them.
    A form with one entry has no other lemma, nor one whose entries all have the same ending in the
    same paradigm: that is so for most forms, and costs a look-up each."""
    analyzer, replaces = _load()
    find = analyzer.dictionary.words.similar_item_values
    function_words = _function_words()
    shared: set[str] = set()
    every: list[str] = []
    for lemma, paradigm, index in _lookup(lexeme):
        if lemma != lexeme:
            continue
        base, affixes = _base(lexeme, paradigm, index), _affixes(paradigm)
        every += [f"{before}{base}{behind}" for before, behind in affixes]
        for affix in {*affixes}:
            form = f"{affix[0]}{base}{affix[1]}"
            entries = [entry for places in find(form, replaces) for entry in places]
            is_alone = len(entries) == 1 or all(
                one == paradigm and affixes[at] == affix for one, at in entries
            )
            if (not is_alone or form in function_words) and len(readings(form)) > 1:
                shared.add(form)
    return [form for form in every if form in shared] if shared else []


def load() -> None:
    """Read the dictionary now (0.3 s, 25 MB) rather than with the first word."""
    _load()


@lru_cache(maxsize=4_000)  # who saves a query asks for a word's readings, then for its lexemes
def _lookup(form: str) -> list[tuple[str, int, int]]:
    """The dictionary's entries for a form: folded lemma, paradigm, index in it."""
    analyzer, replaces = _load()
    return [
        (_lemma(form, paradigm, index) if index else form, paradigm, index)
        for places in analyzer.dictionary.words.similar_item_values(form, replaces)
        for paradigm, index in places
    ]


def _lemma(form: str, paradigm: int, index: int) -> str:
    before, behind = _affixes(paradigm)[0]
    return f"{before}{_base(form, paradigm, index)}{behind}"


def _base(form: str, paradigm: int, index: int) -> str:
    """What all forms of a paradigm have in common."""
    before, behind = _affixes(paradigm)[index]
    return form[len(before) : len(form) - len(behind)]


@lru_cache(maxsize=1_000)
def _affixes(paradigm: int) -> tuple[tuple[str, str], ...]:
    """What stands before and behind the common part in each form of a paradigm, folded."""
    found = _load()[0].dictionary.build_paradigm_info(paradigm)
    return tuple([(sys.intern(_fold(one)), sys.intern(_fold(other))) for one, _, other in found])


def stem(form: str) -> str:
    """A form that the dictionary lacks without its ending."""
    match = _STEM.fullmatch(form)
    return match[1] if match is not None else form


def guess(form: str) -> set[str]:
    """The stems under which the forms of a word that the dictionary lacks may stand."""
    bases = {stem(form)}
    if _NO_ENDING.fullmatch(form):
        bases.add(form)
    if len(form) > 2 and form.endswith(("й", "ь")):
        bases.add(form[:-1])
    return bases | {stem(base + ending) for base in bases for ending in ("", "й")}


def _fold(word: str) -> str:
    return word.replace("ё", "е")


@cache
def _load() -> tuple[_Analyzer, object]:
    analyzer: _Analyzer = import_module("pymorphy3").MorphAnalyzer(lang="ru")
    return analyzer, analyzer.dictionary.words.compile_replaces({"е": "ё"})


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in _FUNCTION_WORDS.strip().splitlines())
    return {form: tuple(sorted(lemmas)) for form, *lemmas in lines}
