"""Compares how words are capitalized: ``US`` is not ``us``. Pure but for the dictionary.

Where capital letters say nothing (at the beginning of a sentence, in a line of capitals, in a title
in which Every Word Has One), a word agrees with any other.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from handlers.stories.tokens import Token
from storage.query.words import russian

Shape: TypeAlias = Literal["lower", "title", "upper", "any"]

# After these a capital letter begins a sentence, a quotation or an item of a list.
_OPENING = re.compile(r"[^\w\s,)\]/'’-]")
_LEAST_WORDS = 3
_SHOUTED = 0.6
_LONG = 4
_STRESSED = frozenset({"not", "no", "all", "only", "не", "нет", "все"})
# Offices and institutions, parts of the world, and what a title writes with a capital letter:
# each writes them in its own way. Whole words: "Rostov" is none for "growth", nor "arson" for "a".
_ENGLISH_WORDS = """
academy administration adviser advisor agency agent air ambassador analyst army assembly attorney
authority bank chair chairman chairwoman chancellor chief church city commander commission
commissioner committee conference congress congressman constitution consul consulate council
councillor county court defence defense department deputy director directorate district east eastern
embassy federal federation finance force foreign former general governor government house inspector
institute interior internet island king leader mayor military minister ministerial ministry national
navy north northeast northeastern northern northwest northwestern office officer official parliament
parliamentary party police pope premier presidency president presidential prime prince princess
province prosecutor queen region regional republic republican river sea secretary secretariat senate
senator south southeast southeastern southern southwest southwestern speaker spokesman spokesperson
spokeswoman state street union university vice web west western
a an and at by for in of on the to
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ENGLISH_FORMS = (("ies", "y"), ("es", ""), ("s", ""))
_RUSSIAN_WORDS = """
президент президентский президентство вице-президент министр министерство министерский премьер
премьер-министр правительство правительственный парламент парламентский парламентарий государство
государственный дума думский совет советник комитет суд судебный судья верховный конституционный
конституция посол посольство консул консульство консульский мэр мэрия губернатор губернаторский
сенат сенатор конгресс конгрессмен партия партийный банк банковский армия армейский флот флотилия
воздушный полиция полицейский союз союзный союзник комиссия федерация федеральный федеративный
республика республиканский республиканец секретарь секретариат генерал генеральный оборона оборонный
иностранный внутренний финансы финансовый король королева королевство королевский царь царский
церковь церковный патриарх патриархат канцлер спикер председатель председательница заместитель
директор директорат департамент университет университетский интернет город городской область
областной район районный край краевой округ окружной север северный юг южный восток восточный запад
западный улица вооруженный сила войско вы ваш родина отечество отечественный год рождество
рождественский день
"""
_RUSSIAN = frozenset(_RUSSIAN_WORDS.split())


def of(text: str, tokens: Sequence[Token]) -> list[Shape]:
    """How each word of a text is written."""
    shapes: list[Shape] = []
    free = _free_lines(text)
    before = 0
    for token in tokens:
        begins = not shapes or _OPENING.search(text, before, token.start) is not None
        is_free = any(start <= token.start < end for start, end in free)
        opens = begins or "\n" in text[before : token.start]
        shapes.append("any" if opens or is_free else _shape(text[token.start : token.end]))
        before = token.end
    return shapes


def agree(key: str, one: Shape, other: Shape) -> bool:
    """Whether a word written in these two ways may be the same word."""
    if one == other or "any" in (one, other):
        return True
    if "lower" not in (one, other):
        return len(key) >= _LONG  # NATO, Nato; but WHO, Who
    if "upper" in (one, other):
        return len(key) > _LONG or key in _STRESSED
    return is_office(key)


@functools.lru_cache(maxsize=4_000)
def is_office(key: str) -> bool:
    """Whether a word names an office or an institution, or is often capitalized in titles."""
    if key.isascii():
        return any(form in _ENGLISH for form in _english_forms(key))
    return not _RUSSIAN.isdisjoint(russian.readings(key))


def _english_forms(key: str) -> Iterator[str]:
    """A word, and the words that it may be the plural of."""
    word = key.removesuffix("'s")
    yield word
    for ending, singular in _ENGLISH_FORMS:
        if word.endswith(ending):
            yield word.removesuffix(ending) + singular


def _shape(written: str) -> Shape:
    if len(written) > 1 and written.isupper():
        return "upper"
    if written.islower():
        return "lower"
    return "title" if written[1:].islower() else "any"


def _free_lines(text: str) -> list[tuple[int, int]]:
    """The ranges of lines in which nearly every word is in capitals, or begins with one."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        words = re.findall(r"[^\W\d_]{2,}", line[0])
        capitals = sum(word[0].isupper() for word in words)
        if len(words) >= _LEAST_WORDS and capitals >= _SHOUTED * len(words):
            found.append(line.span())
    return found
