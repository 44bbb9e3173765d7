"""Query text as tokens: brackets, operators and the pieces between them, with their columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.errors import QueryError

Kind = Literal["(", ")", "or", "and", "not", "near", "phrase", "piece", "end"]

QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033'
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
OPERATORS: dict[str, Kind] = {
    "OR": "or",
    "ИЛИ": "or",
    "|": "or",
    "||": "or",
    "AND": "and",
    "И": "and",
    "&": "and",
    "&&": "and",
    "NOT": "not",
    "НЕ": "not",
}

_NEAR = re.compile(r"(?:NEAR|РЯДОМ)(?:/(\d{1,4}))?")
_PIECE = re.compile(rf"[^\s(){QUOTES}]+")
DEFAULT_DISTANCE = 10
MOST_DISTANCE = 50


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is what stands there, without a phrase's quotes; ``filter`` its ``name:`` before.

    It takes up the query from ``column`` to before ``end``.
    """

    kind: Kind
    text: str
    column: int
    end: int
    filter: str = ""
    distance: int = 0


def tokenize(text: str, filters: frozenset[str]) -> Iterator[Token]:
    """The tokens of a query, an ``end`` last. Raises QueryError. ``filters``: names known."""
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield Token("(" if char == "(" else ")", char, at, at + 1)
            at += 1
        elif char in QUOTES:
            at, token = _phrase(text, at)
            yield token
        elif char in DASHES:
            yield Token("not", char, at, at + 1)
            at = _after_dash(text, at)
        else:
            at, token = _piece(text, at, filters)
            yield token
    yield Token("end", "", len(text), len(text))


def _after_dash(text: str, at: int) -> int:
    following = text[at + 1 : at + 2]
    if not following or following.isspace() or following in DASHES or following == ")":
        raise QueryError(
            "a dash stands alone",
            column=at,
            hint="write -word, without a space, to leave a word out",
        )
    return at + 1


def _phrase(text: str, at: int, name: str = "", column: int | None = None) -> tuple[int, Token]:
    end = next((i for i in range(at + 1, len(text)) if text[i] in QUOTES), -1)
    if end < 0:
        raise QueryError(
            "the quotation mark is not closed",
            column=at,
            edit=(at, len(text), f'"{text[at + 1 :].strip()}"'),
        )
    begun = at if column is None else column
    return end + 1, Token("phrase", text[at + 1 : end], begun, end + 1, name)


def _piece(text: str, at: int, filters: frozenset[str]) -> tuple[int, Token]:
    match = _PIECE.match(text, at)
    if match is None:
        raise QueryError("this cannot be read", column=at)
    piece, end = match[0], match.end()
    if piece in OPERATORS:
        return end, Token(OPERATORS[piece], piece, at, end)
    if near := _NEAR.fullmatch(piece):
        return end, Token("near", piece, at, end, distance=_distance(near, at))
    name, colon, value = piece.partition(":")
    if colon and name.lower() in filters:
        if not value and text[end : end + 1] and text[end] in QUOTES:
            return _phrase(text, end, name.lower(), at)
        return end, Token("piece", value, at, end, name.lower())
    return end, Token("piece", piece, at, end)


def _distance(near: re.Match[str], at: int) -> int:
    distance = DEFAULT_DISTANCE if near[1] is None else int(near[1])
    if not 1 <= distance <= MOST_DISTANCE:
        possible = f"NEAR/{min(max(distance, 1), MOST_DISTANCE)}"
        raise QueryError(
            f"NEAR reaches from 1 to {MOST_DISTANCE} words",
            column=at,
            hint=f"write {possible}",
            edit=(at, at + len(near[0]), possible),
        )
    return distance
