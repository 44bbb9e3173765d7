"""Queries near one that finds nothing, which do find something: *did you mean*.

A word that no document has is replaced by one of the archive's own. Nothing is looked up in lists
of words: what may have been meant (storage/query/likely.py) is asked of the index, all at once.
"""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from storage.connection import Connection
from storage.documents import search
from storage.errors import QueryError
from storage.query import likely, tree
from storage.query.reading import lexer
from storage.query.tree import Query, Words
from storage.query.words import analysis, folding, forms

Read = Callable[[str], Query]

MOST = 3
"""The most that are offered."""
COUNTED = 1_000
"""Their documents are counted up to this."""
_MOST_LACKING = 3
_MOST_WEIGHED = 8
_SHORTEST = 3
_SHORTEST_MISSPELLED = 4
_LONGEST = 24


class Meant(Struct, frozen=True):
    """A query that may have been meant, and how many documents it finds, ``COUNTED`` at most."""

    text: str
    count: int


async def list_meant(
    conn: Connection, query: Query, read: Read, other: str | None = None
) -> list[Meant]:
    """What may have been meant by a query that finds nothing, ``MOST`` at most; each finds
    something. The likeliest kind of slip comes first, and of one kind what finds most.

    ``read`` parses a query, as it was parsed; ``other`` is another way to read what was written.
    """
    swapped = await _weigh(conn, [other, _in_other_layout(query.written)], read)
    lacking = await _list_lacking(conn, query)
    if not lacking:
        return swapped
    text = query.written
    for form in lacking[1:]:
        best = await _list_meant_by(conn, form, read)
        if not best:
            return swapped
        text = _replaced(text, form, best[0].text)
    words = await _list_meant_by(conn, lacking[0], read)
    texts = [_replaced(text, lacking[0], word.text) for word in words]
    found = await _weigh(conn, texts, read)
    return list({one.text: one for one in (*swapped, *found)}.values())[:MOST]


async def _list_lacking(conn: Connection, query: Query) -> list[str]:
    """The words that a query asks for and nothing has."""
    leaves = tree.positive_leaves(query.root)
    asked = dict.fromkeys(
        leaf.forms[0] for leaf in leaves if isinstance(leaf, Words) and len(leaf.forms) == 1
    )
    words = [form for form in asked if form.isalpha() and _SHORTEST <= len(form) <= _LONGEST]
    counted = [await search.count(conn, Query(form, Words((form,))), up_to=1) for form in words]
    return [form for form, n in zip(words, counted, strict=True) if not n][:_MOST_LACKING]


async def _list_meant_by(conn: Connection, form: str, read: Read) -> list[Meant]:
    """What may have been meant by a word: what has its own kind of slip, then what finds most."""
    found: dict[frozenset[str], Meant] = {}
    for kind in _kinds(form):
        held = await _list_held(conn, kind)
        weighed = await _weigh(conn, held, read)
        weighed.sort(key=lambda one: (-one.count, one.text not in forms.lexemes(one.text)))
        for one in weighed:
            found.setdefault(forms.lexemes(one.text), one)  # other forms of it find the same
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def _kinds(form: str) -> Iterator[Iterable[str]]:
    """The forms that may have been meant, by the kind of slip."""
    swapped = likely.other_layout(form)
    yield [swapped] if swapped else []
    yield likely.other_alphabet(form)
    if len(form) >= _SHORTEST_MISSPELLED:
        yield likely.misspelled(form)


async def _list_held(conn: Connection, likely_forms: Iterable[str]) -> list[str]:
    """Those of the forms that some document has, a few."""
    unique = dict.fromkeys(likely_forms)
    asked = [form for form in unique if form.isalpha() and len(form) >= _SHORTEST]
    held = await conn.index.list_held([[*folding.as_held(form)] for form in asked])
    return [asked[index] for index in held][:_MOST_WEIGHED]


async def _weigh(conn: Connection, texts: Iterable[str | None], read: Read) -> list[Meant]:
    """Those of the queries that find something, with how much."""
    found = []
    for text in texts:
        query = _parsed(text, read)
        if query is not None and (count := await search.count(conn, query, up_to=COUNTED)):
            found.append(Meant(query.written, count))
    return found


def _parsed(text: str | None, read: Read) -> Query | None:
    try:
        return None if text is None else read(text)
    except QueryError:
        return None


def _replaced(text: str, form: str, word: str) -> str:
    """A query's text with a word in place of another."""
    placed = analysis.Placed(text)
    for index in reversed(range(len(placed.column.terms))):
        if placed.column.forms[index].removesuffix(folding.CAPITAL) == form:
            start, end = placed.span(index)
            text = f"{text[:start]}{word}{text[end:]}"
    return text


def _in_other_layout(text: str) -> str | None:
    """A whole query as its keys write it in the other layout, for some letters are signs there;
    operators stay."""
    operators = lexer.operators()
    parts = text.split()
    if likely.other_layout("".join(one for one in parts if one not in operators)) is None:
        return None
    swapped = (one if one in operators else likely.other_layout(one) or one for one in parts)
    return " ".join(swapped)
