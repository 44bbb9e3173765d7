"""The lexemes of Ukrainian words, found by their endings: there is no dictionary of them here.

This is for words with a letter that Russian lacks; others are read as Russian words, most of whose
endings are the same. If only the ending has such letters, and the Russian dictionary has the word
with the Russian ending (``області``, ``армія``), it is that word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

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
_CHANGING = """
київ києв києв; харків харков харкова; львів львов львова; чернігів чернігов чернигова; миколаїв
миколаєв миколаєв; бердичів бердичев бердичева; канів канев канева; обухів обухов обухова; васильків
васильков василькова; фастів фастов фастова; глухів глухов глухова; самбір самбор самбора; тернопіль
тернопол тернополя; бориспіль бориспол борисполя; дім дом дому; стіл стол столу; вхід вход входу;
вихід виход виходу; похід поход походу; прихід приход приходу; дохід доход доходу; перехід переход
переходу; підхід підход підход; хід ход ходу; бій бо бою; бік бок боку; договір договор договору;
збір збор збору; вибір вибор вибору; набір набор набору; простір простор простору; острів остров
острова; потік поток потоку; вечір вечор вечора; колір кольор кольору; папір папер паперу; камінь
камен камень; корінь корен корень; осінь осен осень; сіль сол соль; ніч ноч ночь; піч печ печь; ніс
нос носа; кінь кон коня; двір двор двору; ріг рог рогу; кіт кот кота; міст мост моста; шкіл школ
школа; доріг доріг дорога; осіб особ особа; гір гор гора; ніг ног нога; слів слов слово; сіл сел
село; голів голов голова; сторін сторон сторона; діб доб доба; сліз сльоз сльоза; корів коров
корова; беріз берез береза; воєн війн війн
"""
"""Words whose vowel changes before an ending: the form with the other vowel, the stem that it has
before endings, and a form that says which word it is."""
_TWINS = """
рік рок року; схід сход сходу; захід заход заходу; табір табор табору; робіт робот робота; голів
голів голова; міст = мост; ніс = нос
"""
"""As these, but Russian letters write another word so (``рік``, year, and ``рок``). With ``=``: the
word is the same, and the form may be another's (``міст``, a bridge, and of cities)."""
_OF_NOUNS = """
    ами ями ові еві єві ою ею єю ом ем єм ам ям ах ях ів їв ей а я у ю и і ї е є
"""
"""Endings that these may have."""
_ITSELF = "="
_FLEETING = (("ець", "ц"), ("ок", "к"))
"""Endings whose vowel falls before another one: українець, українця; жінок, жінка."""


def readings(form: str) -> tuple[str, ...]:
    """The lexemes that such a form may belong to."""
    if (twin := _twins().get(form)) is not None:
        return (twin,)
    if (word := _changed().get(form)) is not None:
        return russian.readings(word) if FORM.fullmatch(word) is None else (word,)
    if len(form) < _SHORTEST:
        return (form,)
    if (found := _russian(form)) is not None:
        return russian.readings(found)
    return (stem(form),)


def stem(form: str) -> str:
    """A form without its ending, and without the vowel that falls before one."""
    for ending, rest in _FLEETING:
        if form.endswith(ending) and len(form) >= len(ending) + _SHORTEST - 2:
            return f"{form.removesuffix(ending)}{rest}"
    match = _STEM.fullmatch(form)
    return match[1] if match is not None else form


def list_also(lexemes: Iterable[str]) -> Iterator[str]:
    """What some lexemes also mean when they are asked for: the words that Russian letters write as
    another one, and the other way round."""
    return chain.from_iterable(_also().get(one, ()) for one in lexemes)


def has_other_twin(form: str) -> bool:
    """Whether Russian letters write a form's word as another one."""
    return any(base != _ITSELF for one, base, _, _ in _forms_of(_TWINS) if one == form)


@cache
def _changed() -> dict[str, str]:
    """The word of each form of those whose vowel changes, if it has a letter that Russian lacks."""
    return {form: word for form, _, word, _ in _forms_of(_CHANGING)}


@cache
def _twins() -> dict[str, str]:
    """The lexeme of each form of the words that have a twin."""
    return {form: lexeme for form, _, _, lexeme in _forms_of(_TWINS)}


@cache
def _also() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for _, _, word, lexeme in _forms_of(_TWINS):
        for other in russian.readings(word):
            found[lexeme][other] = found[other][lexeme] = None
    return {lexeme: (*others,) for lexeme, others in found.items()}


@cache
def _forms_of(table: str) -> tuple[tuple[str, str, str, str], ...]:
    """Each form of a table's words that has a letter that Russian lacks, the two columns of its row
    that follow the first, and a lexeme that is no form."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for closed, base, word in (one.split() for one in table.split(";")):
        more = () if base == _ITSELF else (f"{base}{ending}" for ending in _OF_NOUNS.split())
        for form in (closed, base, *more):
            if FORM.fullmatch(form):
                found.setdefault(form, (form, base, word, f"{closed}ъ"))
    return (*found.values(),)


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
