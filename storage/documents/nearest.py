"""Queries near one that finds nothing, which do find something: *did you mean*.

A word that no document has is replaced by one of the archive's own. There are no word lists: what
may have been meant (storage/query/likely.py) is looked up in the index, all at once.
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
"""The most queries that are offered."""
COUNTED = 1_000
"""Their documents are counted up to this number."""
_MOST_LACKING = 3
_MOST_WEIGHED = 8
_SHORTEST = 3
_SHORTEST_MISSPELLED = 4
_LONGEST = 24


class Meant(Struct, frozen=True):
    """A query that may have been meant, and how many documents it finds, at most ``COUNTED``."""

    text: str
    count: int


async def list_meant(
    conn: Connection, query: Query, read: Read, other: str | None = None
) -> list[Meant]:
    """The queries that may have been meant by one that finds nothing, at most ``MOST``; each finds
    something. Sorted by how likely the kind of mistake is, then by how many they find.

    ``read`` parses a query; ``other`` is another reading of what was typed.
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
    """The words in a query, as typed, that no document has."""
    leaves = tree.positive_leaves(query.root)
    typed = {word.form for word in analysis.words(query.written)}
    asked = dict.fromkeys(
        leaf.forms[0] for leaf in leaves if isinstance(leaf, Words) and len(leaf.forms) == 1
    )
    words = [
        form
        for form in asked
        if form in typed and form.isalpha() and _SHORTEST <= len(form) <= _LONGEST
    ]
    counted = [await search.count(conn, Query(form, Words((form,))), up_to=1) for form in words]
    return [form for form, n in zip(words, counted, strict=True) if not n][:_MOST_LACKING]


async def _list_meant_by(conn: Connection, form: str, read: Read) -> list[Meant]:
    """The words that may have been meant by a word: by kind of mistake, then by how many documents
    have them."""
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
    """The forms that may have been meant, for each kind of mistake."""
    swapped = likely.other_layout(form)
    yield [swapped] if swapped else []
    yield likely.other_alphabet(form)
    if len(form) >= _SHORTEST_MISSPELLED:
        yield likely.misspelled(form)


async def _list_held(conn: Connection, likely_forms: Iterable[str]) -> list[str]:
    """Those of the forms, a few, that some document has."""
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
    """A query's text with one word replaced by another."""
    placed = analysis.WordSpans(text)
    for index in reversed(range(len(placed.column.terms))):
        if placed.column.forms[index].removesuffix(folding.CAPITAL) == form:
            start, end = placed.span(index)
            text = f"{text[:start]}{word}{text[end:]}"
    return text


def _in_other_layout(text: str) -> str | None:
    """A whole query as typed in the other keyboard layout, where some letters are punctuation;
    operators stay. None if it makes no sense there."""
    operators = lexer.operators()
    parts = text.split()
    if likely.other_layout("".join(one for one in parts if one not in operators)) is None:
        return None
    swapped = (one if one in operators else likely.other_layout(one) or one for one in parts)
    return " ".join(swapped)
