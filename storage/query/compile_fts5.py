"""What goes into FTS5's columns, and a query tree as an FTS5 expression.

Nothing typed reaches FTS5: only quoted terms that ``encode`` made, of which the tokenizer ``ascii``
takes every character as a token's. It changes nothing in them: case and all else is folded already.
"""

import re

from storage.errors import QueryError
from storage.query.analysis import Analysed
from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Prefix, Words

COLUMNS = ("title", "body", "form", "mark")

# What the tokenizer "ascii" would cut at: all of ASCII but letters and digits. Words hold none of
# it, marks do; beyond ASCII everything is a token's.
_CUT_AT = re.compile("[\x00-/:-@\\[-`{-\x7f]")


def encode(term: str) -> str:
    """A term as one FTS5 token. Beginnings stay beginnings: prefixes work on the encoded form."""
    return _CUT_AT.sub(lambda match: chr(0xE000 + ord(match[0])), term)


def index_row(analysed: Analysed) -> tuple[str, str, str, str]:
    """The texts of COLUMNS for a document that was analysed."""
    title, body = analysed.title, analysed.body
    return (
        " ".join(title.terms),
        " ".join(body.terms),
        " ".join(dict.fromkeys((*title.forms, *body.forms))),
        " ".join([encode(mark) for mark in sorted(analysed.marks)]),
    )


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
    return f'"{" ".join(map(encode, terms))}"'
