"""The words of a post that can stand for what it is about, and the names among them. Pure.

Words are compared as lexemes, so that every form of one counts. A name is written with a capital
where no sentence begins; several in a row are one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from handlers.stories import statements
from storage.query.words import forms, russian

LETTERS = 3000
"""Letters of a post that are read."""
RECURS = 3
"""A line in at least this many statements belongs to none of them."""
LONGEST_NAME = 4
"""Words of a name at most."""
MOSTLY = 0.8
"""A name is written as one so often at least, of all times."""
_REMEMBERED = 60_000

_ADDRESS = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_BETWEEN = re.compile(r"[ \u00a0]|-")
_ORNAMENT = " \t\u00a0*_~#'\"«“„([—–-‑•▪"
_COMMON_WORDS = """
    а без более бы был была были было быть в вам вас весь во вот все всего вы где да для до его ее
    если есть еще же за здесь и из или им их к как ко когда который кто ли либо между мне много
    может мочь мы на над надо наш не него нее нет ни них но ну о об однако он она они оно от очень
    по под после потому почти при про с сам самый свой сейчас себя со так такой также там тем то
    того тоже только том тот тут ты у уже хотя чего чем через что чтобы чуть эта эти это этот я
    год день время час неделя месяц минута сутки число процент тысяча миллион миллиард рубль раз
    часть сторона дело слово вопрос случай ход место данные информация новость видео фото источник
    канал подписаться подписка ссылка чат бот
    the and for are was were has have had been will would can could may not but with from that this
    these those his her its their they them you your our who whom which what when where how why all
    any into over about after before between under out off than then there here also more most some
    such only other new says said say year day week month hour minute time percent million billion
    thousand people video photo source news channel subscribe link read
"""
"""What is in every week."""
_COMMON = frozenset(_COMMON_WORDS.split())


class Said(NamedTuple):
    """The lexemes that a text has, and those of them that are written as names in it."""

    words: frozenset[str]
    names: frozenset[str]


class _Lexemes(dict[str, str]):
    """Words as they are written → their lexemes, empty for what says nothing of a week; the last
    some ten thousand are kept."""

    def __missing__(self, written: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        folded = _folded(written)
        found = forms.normal_form(folded)
        is_short = len(written) < 3 and not written.isupper()
        self[written] = key = "" if is_short or _is_common(folded, found) else found
        return key


def _is_common(folded: str, lexeme: str) -> bool:
    readings = forms.readings_in(lexeme)
    return any(one in _COMMON for one in (folded, *readings)) or any(
        map(statements.is_number, (folded, *readings))
    )


_LEXEMES = _Lexemes()


def read_words(text: str) -> Said:
    """What a text says, but for addresses, figures, dates and what is in every text."""
    text = own_words(text)
    words: set[str] = set()
    names: set[str] = set()
    for match in _WORD.finditer(text):
        written = match[0]
        key = _LEXEMES[written]
        if key:
            words.add(key)
            if written[0].isupper() and not _begins(text, match.start()):
                names.add(key)
    return Said(frozenset(words), frozenset(names))


def own_words(text: str) -> str:
    """The beginning of a text, without addresses."""
    return _ADDRESS.sub(" ", text[:LETTERS])


def _begins(text: str, at: int) -> bool:
    """Whether a sentence, a line or a quotation begins at a word."""
    before = at
    while before and text[before - 1] in _ORNAMENT:
        before -= 1
        if text[before] in '"«“„(':
            return True
    return not before or not text[before - 1].isalnum()


def is_furniture(lexeme: str, texts: Sequence[str]) -> bool:
    """Whether a lexeme stands mostly in lines that recur below or above other words, as footers
    do. ``texts`` are of different statements."""
    lines = [[line.strip() for line in text.split("\n") if line.strip()] for text in texts]
    counts = Counter(line for one in lines if len(one) > 1 for line in {*one})
    own = ("\n".join(line for line in one if counts[line] < RECURS) for one in lines)
    said = sum(lexeme in read_words(text).words for text in own)
    return 2 * said < len(lines)


def shown_form(lexeme: str, texts: Sequence[str]) -> str:
    """A lexeme as it is shown: as the dictionary has it, with the capitals that texts give it, else
    as they write it most."""
    found = Counter(
        match[0]
        for text in texts
        for match in _WORD.finditer(own_words(text))
        if _LEXEMES[match[0]] == lexeme
    )
    readings = forms.readings_in(lexeme)
    if not found:
        return readings[0]
    nominative = [one for one in found if _folded(one) == lexeme and not one.isupper()]
    usual = max(found, key=lambda one: (found[one], one.islower(), one))
    if usual.isupper():
        return usual
    if nominative or (len(readings) == 1 and russian.is_word(lexeme)):
        return lexeme if find_name(lexeme, texts) is None else lexeme.capitalize()
    return usual


def find_name(lexeme: str, texts: Sequence[str]) -> str | None:
    """The whole name that a lexeme stands in most; None where it is none, written small too often,
    or in lines of capitals only."""
    whole: Counter[str] = Counter()
    small = 0
    for text in map(own_words, texts):
        for line in text.split("\n"):
            found = list(_WORD.finditer(line))
            shouted = _is_shouted(line)
            for place, match in enumerate(found):
                if _LEXEMES[match[0]] != lexeme:
                    continue
                small += match[0].islower()
                if match[0][0].isupper() and not shouted and not _begins(line, match.start()):
                    whole[_whole_name(line, found, place)] += 1
    total = sum(whole.values())
    if not total or total < MOSTLY * (total + small):
        return None
    name = max(whole, key=lambda one: (lexeme in _folded(one).split(), whole[one], len(one), one))
    is_one_word = name.isalpha() and not name.isupper()
    return lexeme.capitalize() if is_one_word and russian.is_word(lexeme) else name


def _is_shouted(line: str) -> bool:
    """Whether a line is in capitals, where all looks like names."""
    letters = [one for one in line if one.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)


def _whole_name(line: str, found: Sequence[re.Match[str]], place: int) -> str:
    """The names in a row that one stands among, without a place's that is not itself of it, nor a
    word that has its capital from the beginning of its sentence."""
    first = last = place
    is_place = _kind(found[place]) == "place"
    while first and last - first + 1 < LONGEST_NAME:
        before = found[first - 1]
        is_other = _kind(before) == "place" and not is_place
        if (
            is_other
            or not _are_one(line, before, found[first])
            or _is_capital_by_place(line, before)
        ):
            break
        first -= 1
    while last - first + 1 < LONGEST_NAME and last + 1 < len(found):
        if not _are_one(line, found[last], found[last + 1]):
            break
        last += 1
    return line[found[first].start() : found[last].end()]


def _kind(match: re.Match[str]) -> russian.Kind | None:
    return russian.kind_of(_folded(match[0]))


def _is_capital_by_place(line: str, match: re.Match[str]) -> bool:
    """Whether a sentence begins with a word that is no name by itself."""
    return _begins(line, match.start()) and _kind(match) in ("noun", "other")


def _folded(written: str) -> str:
    return written.lower().replace("ё", "е")


def _are_one(line: str, one: re.Match[str], other: re.Match[str]) -> bool:
    between = line[one.end() : other.start()]
    both = one[0][0].isupper() and other[0][0].isupper()
    return both and _BETWEEN.fullmatch(between) is not None
