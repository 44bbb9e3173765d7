"""The query that a post suggests, by the names and hashtags that stand in it. Pure.

A name is a run of words with capitals inside a sentence: at its beginning every word has one, and
in a headline they all have.
"""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.words import analysis, forms

MOST_LETTERS = 4000
"""The most letters of a post that are looked at."""
LONGEST_NAME = 3
"""More words in a row with capitals are a headline, not a name."""
TERMS = 2

_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+|\S+@\S+|(?<!\w)@\w+")
_TAG = re.compile(r"(?<![\w#])#(\w{2,60})")
_SENTENCE = re.compile(r"[.!?…:;]+[\s\"'»”’)\]]*|\n+|[•—–|]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BETWEEN = re.compile(r"[ \u00a0]")
_ABBREVIATION = re.compile(r"[^\W\d_]{2,6}")
_COMMON = frozenset(
    """
    i the a an and or but of in on at to for from by with as it its he she they we you this that
    these those there here not no new after before our his her their who what when where why how
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december today yesterday tomorrow breaking
    в на и а но по из к с о об от до за у не он она они мы вы это этот эта эти как что кто где когда
    после сегодня вчера завтра срочно фото видео
    """.split()  # noqa: SIM905
)


class _Name(Struct, frozen=True):
    words: tuple[str, ...]
    is_certain: bool

    @property
    def key(self) -> tuple[str, ...]:
        """What it has in common with its other forms: «Порт Выборг», «порта Выборга»."""
        return tuple(word.casefold()[:5] for word in self.words)

    @property
    def term(self) -> str:
        if len(self.words) > 1:
            return f'"{" ".join(self.words)}"'
        (word,) = self.words
        normal = forms.normal_form(analysis.fold(word))
        # «в Примерске»: a word alone is named as in a dictionary, where that is one.
        is_russian = "а" <= word[-1] <= "я" and normal.isalpha()
        return normal.capitalize() if is_russian else word


def list_queries(text: str) -> list[str]:
    """Queries that a post suggests, the narrowest first; none where it names nothing."""
    found = _TAG.findall(text[:MOST_LETTERS])
    tags = list(dict.fromkeys(f"#{tag.casefold()}" for tag in found))[:TERMS]
    names = list_names(text)[:TERMS]
    terms = [names[0], tags[0]] if names and tags else names or tags
    queries = [" ".join(terms), *terms] if len(terms) > 1 else terms
    return [query for query in queries if _can_be_read(query)]


def list_names(text: str) -> list[str]:
    """The names in a post, as queries: by how often they stand there, then in order."""
    text = _TAG.sub(" ", _LINK.sub(" ", text[:MOST_LETTERS]))
    found = [name for sentence in _SENTENCE.split(text) for name in _names(sentence)]
    counts = Counter(name.key for name in found)
    certain = {name.key for name in found if name.is_certain}
    first: dict[tuple[str, ...], _Name] = {}
    for name in found:
        if name.key in certain or counts[name.key] > 1:
            first.setdefault(name.key, name)
    ordered = sorted(first.values(), key=lambda name: -counts[name.key])
    return [name.term for name in ordered if _can_be_read(name.term)]


def _names(sentence: str) -> Iterator[_Name]:
    matches = list(_WORD.finditer(sentence))
    shouted = sum(match[0][0].isupper() for match in matches) > max(3, len(matches) * 0.7)
    run: list[tuple[int, str]] = []
    end = -1
    for index, match in enumerate(matches):
        touches = end >= 0 and _BETWEEN.fullmatch(sentence, end, match.start()) is not None
        is_name = not shouted and _is_name(match[0])
        if run and not (touches and is_name):
            yield from _of_run(run)
            run = []
        if is_name:
            run.append((index, match[0]))
        end = match.end()
    yield from _of_run(run)


def _is_name(word: str) -> bool:
    if word.casefold() in _COMMON:
        return False
    if word.isupper():
        return _ABBREVIATION.fullmatch(word) is not None
    return word[0].isupper() and len(word) > 2


def _of_run(run: list[tuple[int, str]]) -> Iterator[_Name]:
    """The name that a run of words is; its first word says nothing where a sentence begins."""
    if not run or len(run) > LONGEST_NAME:
        return
    words = tuple(word for _, word in run)
    begins = run[0][0] == 0 and not words[0].isupper()
    if begins and len(words) > 1 and "а" <= words[0][0].casefold() <= "я":
        words = words[1:]  # «Жители Примерска»: Russian has its capitals for names alone.
        begins = False
    yield _Name(words, len(words) > 1 or not begins)


def _can_be_read(query: str) -> bool:
    try:
        syntax.parse(query)
    except QueryError:
        return False
    return True
