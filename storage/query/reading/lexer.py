"""Query text as tokens: brackets, operators and the pieces between them, with their columns."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from msgspec import Struct

from storage.errors import QueryError
from storage.query.reading import filter_words, quotes
from storage.query.reading.quotes import QUOTES

Kind = Literal["(", ")", "or", "and", "not", "near", "phrase", "piece", "end"]

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"
DEFAULT_DISTANCE = 10
MOST_DISTANCE = 50

_HYPHENS = "-\u2010\u2011\u2212"
# The full-width forms that Chinese and Japanese keyboards write, as the ASCII that they stand for.
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}
_BRACKETS = {"[": "]", "{": "}"}
# A Hebrew abbreviation has what looks like a quotation mark before its last letter.
_HEBREW_SIGN = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea](?![\u05d0-\u05ea]))')
_NAME = re.compile(r"([^\W\d_]+):")
_PIECE = re.compile(rf"[^\s()|{QUOTES}]+")
_VALUE = re.compile(rf"[^\s(){QUOTES}]*")


@functools.cache
def operators() -> Mapping[str, Kind]:
    """The operators that join terms, as they are written in any language."""
    words = filter_words.OPERATORS.meanings().items()
    known = {word: cast("Kind", meaning) for word, meaning in words if meaning != "near"}
    return {**known, "&": "and", "&&": "and"}


@functools.cache
def _near() -> re.Pattern[str]:
    """``NEAR``, ``NEAR/5``, ``near/5``."""
    word = filter_words.OPERATORS.pattern("near")
    return re.compile(rf"(?:{word})(?:/(\d+))?|(?:{word.lower()})/(\d+)", re.ASCII)


@functools.cache
def _near_written_amiss() -> re.Pattern[str]:
    word = filter_words.OPERATORS.pattern("near")
    return re.compile(
        rf"(?:{word})(?:[/~:=](\d*)|-?(\d+))(.*)|(?:{word.lower()})/(\d+)(.+)", re.ASCII
    )


class Token(Struct, frozen=True):
    """``text`` is what stands there, without a phrase's quotes; ``filter`` its ``name:`` before.

    It takes up the query from ``column`` to before ``end``.
    """

    kind: Kind
    text: str
    column: int
    end: int
    filter: str = ""
    distance: int = 0


def narrow(text: str) -> str:
    """The text with full-width signs as ASCII, of the same length."""
    narrow = text.translate(_WIDE)
    return _HEBREW_SIGN.sub("\u05f4", narrow) if '"' in narrow else narrow


def tokenize(text: str, filters: Mapping[str, str]) -> Iterator[Token]:
    """The tokens of a query, an ``end`` last. Raises QueryError.

    ``filters``: the names of filters, each with the name that its token is to have.
    """
    at = 0
    while at < len(text):
        char = text[at]
        if is_blank(char):
            at += 1
        elif char in "()":
            yield Token("(" if char == "(" else ")", char, at, at + 1)
            at += 1
        elif char == "|":
            end = at + 2 if text.startswith("||", at) else at + 1
            yield Token("or", text[at:end], at, end)
            at = end
        elif char in DASHES:
            yield Token("not", char, at, at + 1)
            at = _after_dash(text, at)
        elif (closing := quotes.find_end(text, at)) is not None:
            yield Token("phrase", text[at + 1 : closing], at, closing + 1)
            at = closing + 1
        else:
            _refuse_brackets(text, at)
            token = _piece(text, at, filters)
            yield token
            at = token.end
    yield Token("end", "", len(text), len(text))


def is_blank(char: str) -> bool:
    """Whether a character only parts tokens: white space, and marks that nobody sees."""
    return char.isspace() or unicodedata.category(char) == "Cf"


def _after_dash(text: str, at: int) -> int:
    following = text[at + 1 : at + 2]
    if following and not is_blank(following) and following not in DASHES + ")|":
        return at + 1
    end = at + 1
    while text[at] in _HYPHENS and end < len(text) and is_blank(text[end]):
        end += 1
    attached = end > at + 1 and end < len(text) and text[end] not in DASHES + ")|"
    raise QueryError(
        "a dash stands alone",
        column=at,
        hint="write -word, without a space, to leave a word out",
        edit=(at, end, "-") if attached else (at, at + 1, ""),
    )


def _refuse_brackets(text: str, at: int) -> None:
    """Raise QueryError for brackets of another kind with operators in them; otherwise they are
    punctuation."""
    closing = text.find(_BRACKETS.get(text[at], "\n"), at)
    inner = text[at + 1 : closing]
    if closing > 0 and not operators().keys().isdisjoint(inner.replace("|", " OR ").split()):
        raise QueryError(
            "brackets are ( and )",
            column=at,
            hint="write (a OR b)",
            edit=(at, closing + 1, f"({inner})"),
        )


def _piece(text: str, at: int, filters: Mapping[str, str]) -> Token:
    named = _NAME.match(text, at)
    if named is not None and named[1].lower() in filters:
        return _filter(text, named, filters[named[1].lower()])
    match = _PIECE.match(text, at)
    if match is None:
        raise QueryError("this cannot be read", column=at)
    end = match.end()
    while is_blank(text[end - 1]):
        end -= 1
    piece = text[at:end]
    if piece in operators():
        return Token(operators()[piece], piece, at, end)
    if near := _near().fullmatch(piece):
        return Token("near", piece, at, end, distance=_distance(near[1] or near[2], at, end))
    if amiss := _near_written_amiss().fullmatch(piece):
        raise _near_amiss(amiss, at, end)
    return Token("piece", piece, at, end)


def _filter(text: str, named: re.Match[str], name: str) -> Token:
    at, value = named.start(), named.end()
    closing = quotes.find_end(text, value) if value < len(text) else None
    if closing is not None:
        return Token("phrase", text[value + 1 : closing], at, closing + 1, name)
    match = _VALUE.match(text, value)
    end = match.end() if match else value
    return Token("piece", text[value:end], at, end, name)


def _distance(digits: str | None, at: int, end: int) -> int:
    distance = DEFAULT_DISTANCE if digits is None else int(digits)
    if not 1 <= distance <= MOST_DISTANCE:
        possible = f"NEAR/{_possible(distance)}"
        raise QueryError(
            f"NEAR reaches from 1 to {MOST_DISTANCE} words",
            column=at,
            hint=f"write {possible}",
            edit=(at, end, possible),
        )
    return distance


def _near_amiss(amiss: re.Match[str], at: int, end: int) -> QueryError:
    digits = amiss[1] or amiss[2] or amiss[4]
    rest = amiss[3] or amiss[5] or ""
    possible = f"NEAR/{_possible(int(digits)) if digits else DEFAULT_DISTANCE}"
    return QueryError(
        "NEAR takes its number after a slash",
        column=at,
        hint=f"write {possible}",
        edit=(at, end, f"{possible} {rest}".strip()),
    )


def _possible(distance: int) -> int:
    return min(max(distance, 1), MOST_DISTANCE)


def find_closing(tokens: list[Token], opening: int) -> Token:
    """The token that closes a bracket, or the last."""
    depth = 0
    for token in tokens[opening:]:
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        if not depth:
            return token
    return tokens[-1]
