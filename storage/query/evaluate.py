"""Whether a document answers a query, decided on the document alone."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, repeat

from storage import times
from storage.document import Document
from storage.query.tree import (
    And,
    Cased,
    Exact,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Own,
    Prefix,
    Query,
    Words,
)
from storage.query.words import folding, forms, sites
from storage.query.words.analysis import Analysed, Column


def matches(query: Query, document: Document, analysed: Analysed) -> bool:
    """Whether the document, analysed, answers the query."""
    if query.after is not None or query.before is not None:
        published = times.from_partial(document.published_at)
        if not dates_match(query, published):
            return False
    return query.root is None or node_matches(query.root, analysed)


def dates_match(query: Query, published: datetime | None) -> bool:
    """Whether a time lies within the query's dates; an unknown one lies in no dates."""
    if published is None:
        return query.after is None and query.before is None
    if query.after is not None and published < query.after:
        return False
    return query.before is None or published < query.before


def node_matches(node: Node, analysed: Analysed) -> bool:
    """Whether the document holds what a part of a query asks for."""
    match node:
        case And(parts):
            return all(node_matches(part, analysed) for part in parts)
        case Or(parts):
            return any(node_matches(part, analysed) for part in parts)
        case Not(part):
            return not node_matches(part, analysed)
        case Own(part):
            return node_matches(part, analysed.own)
        case Filter(marks=marks, site=site):
            if any(analysed.marks.isdisjoint(group) for group in marks):
                return False
            return site is None or any(sites.leads_to(one, site) for one in analysed.sites)
        case Exact(form):
            return any(_has_form(column, form) for column in analysed.columns)
        case Cased():
            return any(map(_is_cased, analysed.columns, analysed.texts, repeat(node)))
        case Prefix(form):
            return any(
                word.startswith(form) for column in analysed.columns for word in column.forms
            )
        case Near():
            return any(_is_near(column.terms, node) for column in analysed.columns)
        case Words(title=title):
            columns = (analysed.title,) if title else analysed.columns
            return any(_occurs(column, node) for column in columns)


def _has_form(column: Column, form: str) -> bool:
    return any(held in column.forms for held in folding.as_held(form))


def _is_cased(column: Column, text: str, wanted: Cased) -> bool:
    if wanted.capital:
        return wanted.capital in column.forms
    found = folding.find_cased(text, wanted.text) if _has_form(column, wanted.form) else ()
    return any(True for _ in found)


def _occurs(column: Column, wanted: Words) -> bool:
    alone = len(wanted.forms) == 1 and wanted.forms[0] in column.beside
    return alone or bool(starts(column.terms, wanted))


@lru_cache(maxsize=16)
def _places(terms: tuple[str, ...]) -> dict[str, list[int]]:
    """Where each lexeme stands among the terms. Found once for all the queries that ask."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, term in enumerate(terms):
        for lexeme in forms.readings_in(term):
            found[lexeme].append(index)
    return dict(found)


def _where(places: Mapping[str, list[int]], form: str) -> Sequence[int]:
    """The indexes of the terms that a form of the asked word has, in order."""
    found = [places[one] for one in forms.lexemes(form) if one in places]
    if len(found) == 1:
        return found[0]
    return sorted(set(chain.from_iterable(found))) if found else ()


def starts(terms: Sequence[str], wanted: Words) -> Sequence[int]:
    """Where the words stand in a row: the index of each first one, in order."""
    if not terms:
        return ()
    places = _places(tuple(terms))
    found = _where(places, wanted.forms[0])
    for ahead, form in enumerate(wanted.forms[1:], 1):
        if not found:
            break
        after = {index - ahead for index in _where(places, form)}
        found = [index for index in found if index in after]
    return found


def near(terms: Sequence[str], wanted: Near) -> tuple[list[int], list[int]]:
    """Where each side stands that has the other near enough: the indexes of first words."""
    rights = starts(terms, wanted.right)
    lefts = starts(terms, wanted.left) if rights else ()
    before, after = _reach(wanted)
    return (
        [start for start in lefts if _lies_within(rights, start - before, start + after)],
        [start for start in rights if _lies_within(lefts, start - after, start + before)],
    )


def _is_near(terms: Sequence[str], wanted: Near) -> bool:
    rights = starts(terms, wanted.right)
    if not rights:
        return False
    before, after = _reach(wanted)
    return any(
        _lies_within(rights, start - before, start + after) for start in starts(terms, wanted.left)
    )


def _reach(wanted: Near) -> tuple[int, int]:
    """How far before a left side, and behind it, a right side may begin."""
    return (
        wanted.distance + len(wanted.right.forms),
        wanted.distance + len(wanted.left.forms),
    )


def _lies_within(places: Sequence[int], first: int, last: int) -> bool:
    """Whether any of the sorted places lies there, ends included."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last
