"""The matcher: decides from a document alone whether it matches a query."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from typing import TypeVar

from storage import times
from storage.document import Document
from storage.query import places, surely
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

T = TypeVar("T")


def matches(query: Query, document: Document, analysed: Analysed) -> bool:
    """Whether the document, analysed, matches the query."""
    if query.after is not None or query.before is not None:
        published = times.from_partial(document.published_at)
        if not dates_match(query, published):
            return False
    return query.root is None or node_matches(query.root, analysed)


def dates_match(query: Query, published: datetime | None) -> bool:
    """Whether a time is within the query's dates; an unknown time never is."""
    if published is None:
        return query.after is None and query.before is None
    if query.after is not None and published < query.after:
        return False
    return query.before is None or published < query.before


def node_matches(node: Node, analysed: Analysed, *, refused: bool = False) -> bool:
    """Whether the document matches a node of the tree.

    ``refused``: the node is negated; NEAR then counts only words of the text itself, because the
    rows of what words also say are appended behind its last word.
    """
    match node:
        case Near(left, right):
            searched = analysed.written if refused else analysed
            if left.sure or right.sure:
                return any(surely.near(column, node) for column in searched.columns)
            return row_of(searched).near(as_near(node)) != 0
        case Words(title=title, sure=sure):
            columns = (analysed.title,) if title else analysed.columns
            if sure and (told := surely.in_forms(node)) is not node:
                return node_matches(told, analysed, refused=refused)
            return any(_occurs(column, node) for column in columns)
        case And(parts):
            return all(node_matches(part, analysed, refused=refused) for part in parts)
        case Or(parts):
            return any(node_matches(part, analysed, refused=refused) for part in parts)
        case Not(part):
            return not node_matches(part, analysed, refused=not refused)
        case Own(part):
            return node_matches(part, analysed.own, refused=refused)
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


def _has_form(column: Column, form: str) -> bool:
    return any(held in column.forms for held in folding.as_held(form))


def _is_cased(column: Column, text: str, wanted: Cased) -> bool:
    if wanted.capital:
        return wanted.capital in column.forms
    found = folding.find_cased(text, wanted.text) if _has_form(column, wanted.form) else ()
    return any(True for _ in found)


def _occurs(column: Column, wanted: Words) -> bool:
    if wanted.sure:
        return surely.occurs(column, wanted)
    alone = len(wanted.forms) == 1 and wanted.forms[0] in column.beside
    return alone or places.row(column.terms).starts(wanted.forms) != 0


def starts(terms: tuple[str, ...], wanted: Words) -> Sequence[int]:
    """The positions at which the phrase begins, in order."""
    if len(wanted.forms) == 1:  # of a text that is shown once
        lexemes = forms.lexemes_alone(wanted.forms[0])
        held = map(forms.readings_in, terms)
        return [at for at, one in enumerate(held) if not lexemes.isdisjoint(one)]
    return [*places.indexes(places.row(terms).starts(wanted.forms))] if terms else ()


def near(terms: tuple[str, ...], wanted: Near) -> tuple[list[int], list[int]]:
    """For each side of NEAR, the positions at which it begins with the other side within reach."""
    row = places.row(terms)
    left, right = wanted.left.forms, wanted.right.forms
    before, after = _reach(wanted)
    return (
        [*places.indexes(row.near(places.Nearness(left, (right, after, before))))],
        [*places.indexes(row.near(places.Nearness(right, (left, before, after))))],
    )


def row_of(analysed: Analysed) -> places.Row:
    """The positions of all words of a document."""
    return places.row(analysed.title.terms, analysed.body.terms, analysed.attached.terms)


def as_near(wanted: Near) -> places.Nearness:
    """NEAR as the arguments of ``places.Row.near``."""
    before, after = _reach(wanted)
    return places.Nearness(_shared(wanted.right.forms), _shared((wanted.left.forms, before, after)))


@lru_cache(maxsize=50_000)
def _shared(asked: T) -> T:
    """One shared object for equal arguments, so that the look-up in the row's cache is quick."""
    return asked


def _reach(wanted: Near) -> tuple[int, int]:
    """How far before the left side, and after it, the right side may begin."""
    return (
        wanted.distance + len(wanted.right.forms),
        wanted.distance + len(wanted.left.forms),
    )
