"""Makes the conditions of plain queries without building their trees.

Nearly all saved queries are plain, and all of them are read at the start of the service. A word
that many queries have is parsed once.
"""

from typing import NamedTuple, cast

from storage.query.matching import conditions
from storage.query.matching.conditions import Key, Keys, Requirements
from storage.query.reading import plain, syntax
from storage.query.tree import Or


class _Term(NamedTuple):
    """A parsed term. ``key``: the key that it requires, if it requires one key and nothing else;
    ``asked``: otherwise its conditions; ``text``: how the term is written in a query's canonical
    text."""

    key: Key | None
    asked: Requirements | None
    text: str

    @property
    def is_refused(self) -> bool:
        return self.text.startswith("-")


_OTHER = _Term(None, None, "")
"""What is no plain term, or not decided by keys."""

_REMEMBERED, _LONGEST_REMEMBERED = 16_000, 64
"""The most terms that are remembered, and the characters of the longest one."""


class PlainQuery(NamedTuple):
    """The conditions of a query that keys decide completely."""

    asked: Requirements
    terms: list[_Term]

    @property
    def text(self) -> str:
        """The query's canonical text."""
        parts = [*dict.fromkeys([term.text for term in self.terms])]
        if len(parts) == 1 and parts[0].startswith("("):
            return parts[0][1:-1]
        return " ".join(parts)


def read(text: str) -> PlainQuery | None:
    """The conditions of a plain query; None if the text is, or may be, anything else, or if keys do
    not decide it."""
    if len(text) > syntax.MOST_CHARACTERS:
        return None
    terms = [*map(_READ.__getitem__, plain.split(text, most_words=syntax.MOST_WORDS) or ())]
    keys = frozenset([term.key for term in terms])
    if None not in keys:
        return PlainQuery(Requirements(cast("Keys", keys)), terms) if terms else None
    if _OTHER in terms or all(term.is_refused for term in terms):
        return None
    alone = Requirements(cast("Keys", keys - {None}))
    each_once = {term.text: term.asked for term in terms if term.asked is not None}
    return PlainQuery(conditions.joined([alone, *each_once.values()]), terms)


def forget() -> None:
    """Give back the memory of the words that were read."""
    _READ.clear()


class _Read(dict[str, _Term]):
    """A cache from what is written to its term, for single words and their beginnings: rows and
    alternatives of words hardly ever occur twice."""

    def __missing__(self, written: str) -> _Term:
        if (leaves := plain.leaves_of(written)) is not None:
            return _read_either(written, [*map(self.__getitem__, leaves)])
        if (words := plain.words_of(written)) is not None:
            return _read_row(written, [*map(self.__getitem__, words)])
        found = _read_anew(written)
        if len(written) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[written] = found
        return found


_READ = _Read()


def _read_either(written: str, leaves: list[_Term]) -> _Term:
    """Alternatives in brackets, from what is known of each of them."""
    each_once = {leaf.text: leaf.key for leaf in leaves}
    keys = dict.fromkeys(each_once.values())
    if None in keys:
        return _read_anew(written)
    if len(each_once) == 1:
        return leaves[0]
    text = f"({' OR '.join(each_once)})"
    if len(keys) == 1:
        return _Term(leaves[0].key, None, text)
    return _Term(None, Requirements(choices=(conditions.one_of(cast("Keys", keys)),)), text)


def _read_row(written: str, words: list[_Term]) -> _Term:
    """Words in a row, from what is known of each of them."""
    if len(words) != 2:
        return _read_anew(written)
    (key, _, text), (following, _, other) = words
    if not (isinstance(key, str) and isinstance(following, str)):
        return _read_anew(written)
    return _Term((key, following), None, f'"{text} {other}"')


def _read_anew(written: str) -> _Term:
    node = plain.read_term(written)
    if node is None:
        return _OTHER
    asked = conditions.ask(node)
    if not asked.is_enough:
        return _OTHER
    text = f"({node})" if isinstance(node, Or) else str(node)
    text = written if text == written else text
    if len(asked.required) == 1 and not asked.refused and not asked.choices:
        return _Term(next(iter(asked.required)), None, text)
    return _Term(None, asked, text)
