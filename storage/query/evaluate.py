"""Whether a document answers a query, decided on the document alone."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime

from storage import moments
from storage.document import Document
from storage.query import forms, sites
from storage.query.analysis import Analysed
from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Own, Prefix, Query, Words


def matches(query: Query, document: Document, analysed: Analysed) -> bool:
    """Whether the document, analysed, answers the query."""
    if query.after is not None or query.before is not None:
        published = moments.from_partial(document.published_at)
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
            return any(form in column.forms for column in analysed.columns)
        case Prefix(form):
            return any(
                word.startswith(form) for column in analysed.columns for word in column.forms
            )
        case Near():
            return any(near(column.terms, node)[0] for column in analysed.columns)
        case Words(title=title):
            columns = (analysed.title,) if title else analysed.columns
            return any(_occurs(column.terms, node) for column in columns)


def _occurs(terms: Sequence[str], wanted: Words) -> bool:
    if len(wanted.forms) == 1:
        return bool(_accepted(wanted.forms[0], terms))
    return next(starts(terms, wanted), None) is not None


def _accepted(form: str, terms: Sequence[str]) -> frozenset[str]:
    """Those of the terms that a form of the asked word has."""
    asked = forms.lexemes(form)
    found = asked.intersection(terms)
    return found.union(
        [t for t in terms if "|" in t and not asked.isdisjoint(forms.readings_in(t))]
    )


def starts(terms: Sequence[str], wanted: Words) -> Iterator[int]:
    """Where the words stand in a row: the index of each first one."""
    accepted = []
    for form in wanted.forms:
        accepted.append(_accepted(form, terms))
        if not accepted[-1]:
            return
    first, *rest = accepted
    for index in range(len(terms) - len(rest)):
        if terms[index] in first and all(
            terms[index + ahead] in others for ahead, others in enumerate(rest, 1)
        ):
            yield index


def near(terms: Sequence[str], wanted: Near) -> tuple[list[int], list[int]]:
    """Where each side stands that has the other near enough: the indexes of first words."""
    left, right = wanted.left, wanted.right
    rights = list(starts(terms, right))
    lefts = list(starts(terms, left)) if rights else []
    before = wanted.distance + len(right.forms)
    after = wanted.distance + len(left.forms)
    return (
        [start for start in lefts if _lies_within(rights, start - before, start + after)],
        [start for start in rights if _lies_within(lefts, start - after, start + before)],
    )


def _lies_within(places: list[int], first: int, last: int) -> bool:
    """Whether any of the sorted places lies there, ends included."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last
