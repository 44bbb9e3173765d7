"""Whether a document answers a query, decided on the document alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from storage import moments
from storage.document import Document
from storage.query.analysis import Analysed, Word
from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Prefix, Query, Words


def matches(query: Query, document: Document, analysed: Analysed) -> bool:
    """Whether the document, analysed, answers the query."""
    if not dates_match(query, moments.from_partial(document.published_at)):
        return False
    return query.root is None or node_matches(query.root, analysed)


def dates_match(query: Query, published: datetime | None) -> bool:
    """Whether a time lies within the query's dates; an unknown one lies in no dates."""
    if query.after is None and query.before is None:
        return True
    if published is None or (query.after is not None and published < query.after):
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
        case Filter(marks=marks):
            return analysed.marks.issuperset(marks)
        case Exact(form):
            return any(word.form == form for word in (*analysed.title, *analysed.body))
        case Prefix(form):
            return any(word.form.startswith(form) for word in (*analysed.title, *analysed.body))
        case Near(left, right, distance):
            return any(
                _near(column, left, right, distance) for column in (analysed.title, analysed.body)
            )
        case Words(title=title):
            columns = (analysed.title,) if title else (analysed.title, analysed.body)
            return any(next(starts(column, node), None) is not None for column in columns)


def starts(column: Sequence[Word], wanted: Words) -> Iterator[int]:
    """Where the words stand in a row: the index of each first one."""
    first, *rest = wanted.terms
    for index, word in enumerate(column):
        if word.term == first and all(
            index + ahead < len(column) and column[index + ahead].term == term
            for ahead, term in enumerate(rest, 1)
        ):
            yield index


def _near(column: Sequence[Word], left: Words, right: Words, distance: int) -> bool:
    rights = list(starts(column, right))
    return any(
        _between(start, len(left.terms), other, len(right.terms)) <= distance
        for start in (starts(column, left) if rights else ())
        for other in rights
    )


def _between(first: int, first_length: int, second: int, second_length: int) -> int:
    """How many words lie between two stretches."""
    return second - first - first_length if second > first else first - second - second_length
