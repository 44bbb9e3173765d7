"""What goes into FTS5's columns, and a query tree as an FTS5 expression.

Nothing typed reaches FTS5: only quoted terms that ``encode`` made, which hold letters, digits and
private-use characters, all of them token characters of ``unicode61``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from storage.document import Document
from storage.errors import QueryError
from storage.query import analysis
from storage.query.analysis import Analysed
from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Prefix, Words

COLUMNS = ("title", "body", "form", "mark")

# Small letters that unicode61 takes as they are.
_FOREIGN = re.compile("[^0-9a-z\u0430-\u044f\u0451-\u045f\u0491\u00df-\u00f6\u00f8-\u00ff]")


@lru_cache(maxsize=200_000)
def encode(term: str) -> str:
    """A term as one FTS5 token. Beginnings stay beginnings: prefixes work on the encoded form."""
    return _FOREIGN.sub(lambda match: f"\ue000{ord(match[0]):05x}", term)


def index_row(document: Document) -> tuple[str, str, str, str]:
    """The texts of COLUMNS for a document."""
    return index_analysed(analysis.analyse_document(document))


def index_analysed(analysed: Analysed) -> tuple[str, str, str, str]:
    """The texts of COLUMNS for a document that is analysed already."""
    forms = {word.form for word in analysed.title}
    forms.update(word.form for word in analysed.body)
    return (
        _join(word.term for word in analysed.title),
        _join(word.term for word in analysed.body),
        _join(sorted(forms)),
        _join(sorted(analysed.marks)),
    )


def _join(terms: Iterable[str]) -> str:
    return " ".join(map(encode, terms))


def match_expression(root: Node) -> str:
    """The FTS5 expression that asks what a tree asks. The tree must not be purely negative."""
    expression, negated = _compile(root)
    if negated:
        raise QueryError("the query only says what to leave out", hint="add a word that must occur")
    return expression


def _compile(node: Node) -> tuple[str, bool]:
    """An expression, and whether it is the complement of what is asked.

    FTS5 knows no NOT without something to take away from: complements are carried upwards until
    they meet it.
    """
    if isinstance(node, Not):
        expression, negated = _compile(node.part)
        return expression, not negated
    if not isinstance(node, And | Or):
        return _leaf(node), False
    parts = [_compile(part) for part in node.parts]
    plain = [expression for expression, negated in parts if not negated]
    complements = [expression for expression, negated in parts if negated]
    if isinstance(node, And):
        if not plain:
            return _joined(complements, " OR "), True
        return _without(plain, complements), False
    if not complements:
        return _joined(plain, " OR "), False
    return _without(complements, plain), True  # a OR NOT b is NOT (b NOT a)


def _without(wanted: list[str], refused: list[str]) -> str:
    """All of the wanted and none of the refused."""
    expression = _joined(wanted, " AND ")
    return f"({expression} NOT {_joined(refused, ' OR ')})" if refused else expression


def _joined(expressions: list[str], operator: str) -> str:
    return expressions[0] if len(expressions) == 1 else f"({operator.join(expressions)})"


def _leaf(node: Words | Exact | Prefix | Near | Filter) -> str:
    match node:
        case Words(title=title):
            return f"{'title' if title else '{title body}'} : {_quoted(*node.terms)}"
        case Exact(form):
            return f"form : {_quoted(form)}"
        case Prefix(form):
            return f"form : {_quoted(form)} *"
        case Near(left, right, distance):
            both = f"{_quoted(*left.terms)} {_quoted(*right.terms)}"
            return f"{{title body}} : NEAR({both}, {distance})"
        case Filter(marks=marks):
            return _joined([f"mark : {_quoted(mark)}" for mark in marks], " AND ")


def _quoted(*terms: str) -> str:
    return f'"{_join(terms)}"'
