"""Makes the conditions of plain queries without building their trees.

Nearly all saved queries are plain, and all of them are read at the start of the service. A term
that many queries have is parsed once.
"""

from functools import lru_cache
from typing import NamedTuple

from storage.query.matching import conditions
from storage.query.matching.conditions import Key, Requirements
from storage.query.reading import plain, syntax
from storage.query.tree import Or


class _Term(NamedTuple):
    """A parsed term. ``asked``: its conditions; ``key``: the key that it requires, if it requires
    one key and nothing else; ``text``: how the term is written in a query's canonical text."""

    asked: Requirements
    key: Key | None
    text: str

    @property
    def is_refused(self) -> bool:
        return self.text.startswith("-")


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
    written = plain.split(text, most_words=syntax.MOST_WORDS) or ()
    terms = [term for term in map(_read, written) if term is not None]
    if not terms or len(terms) < len(written):
        return None
    keys = [term.key for term in terms if term.key is not None]
    if len(keys) == len(terms):
        return PlainQuery(Requirements(frozenset(keys)), terms)
    if all(term.is_refused for term in terms):
        return None
    each_once = {term.text: term.asked for term in terms}
    return PlainQuery(conditions.joined(each_once.values()), terms)


@lru_cache(maxsize=2_000)
def _read(written: str) -> _Term | None:
    node = plain.read_term(written)
    if node is None:
        return None
    asked = conditions.ask(node)
    if not asked.is_enough:
        return None
    is_key = len(asked.required) == 1 and not asked.refused and not asked.choices
    key = next(iter(asked.required)) if is_key else None
    return _Term(asked, key, f"({node})" if isinstance(node, Or) else str(node))
