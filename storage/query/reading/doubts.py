"""A query that may mean something else: operators written in small letters are words, and a list
parted by commas asks for all that is in it."""

import re
from datetime import UTC, datetime, tzinfo

from storage.errors import QueryError
from storage.query.reading import filter_words, filters, lexer, syntax
from storage.query.reading.lexer import Token

_COMMA = re.compile(r"\s*[,;]\s+")
_FEW_WORDS = 3
"""The most words between two commas of a list."""
_ENDS = frozenset({"piece", "phrase", ")"})
_BEGINNINGS = frozenset({"piece", "phrase", "("})


def with_operators(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> str | None:
    """The query with its small ``or`` and ``not`` as operators: ``oil or gas`` asks for three
    words, but may have been meant as ``oil OR gas``. None if it has none between two terms, or does
    not parse then."""
    try:
        tokens = list(lexer.tokenize(lexer.narrow(text), filters.spellings()))
        meant = text
        for before, token, following in reversed(
            list(zip(tokens, tokens[1:], tokens[2:], strict=False))
        ):
            if _is_small(token) and before.kind in _ENDS and following.kind in _BEGINNINGS:
                meant = f"{meant[: token.column]}{token.text.upper()}{meant[token.end :]}"
        if meant == text:
            return None
        syntax.parse(meant, now=now, zone=zone)
    except QueryError:
        return None
    return " ".join(meant.split())


def _is_small(token: Token) -> bool:
    if token.kind != "piece" or token.filter:
        return False
    return filter_words.OPERATORS.meanings().get(token.text.upper()) in ("or", "not")


def with_any(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> str | None:
    """The query for any item of a list: ``oil OR (grain price)`` for ``oil, grain price``, which
    asks for all of them. None if a text is not a list of words and phrases."""
    parts = [one for one in _COMMA.split(text.strip().strip(",;")) if one]
    if len(parts) < 2 or any(len(one.split()) > _FEW_WORDS for one in parts):
        return None
    operator = filter_words.OPERATORS.word("or", _language_of(text))
    try:  # what stands on both sides of a comma within a phrase cannot be read alone
        tokens = [one for part in parts for one in lexer.tokenize(part, filters.spellings())]
        if any(one.kind not in _OF_LISTS or one.filter or _means_more(one) for one in tokens):
            return None
        meant = f" {operator} ".join(f"({one})" if _is_row(one) else one for one in parts)
        syntax.parse(meant, now=now, zone=zone)
    except QueryError:
        return None
    return meant


_OF_LISTS = ("piece", "phrase", "end")


def _means_more(token: Token) -> bool:
    """Whether it is an operator, in small letters too."""
    return token.kind == "piece" and token.text.upper() in filter_words.OPERATORS.meanings()


def _is_row(part: str) -> bool:
    """Whether it is more than a word or a phrase."""
    return len(list(lexer.tokenize(part, filters.spellings()))) > 2


def _language_of(text: str) -> str:
    """The language whose operator is written in such a text."""
    is_russian = re.search("[а-яё]", text, re.IGNORECASE) is not None
    return "ru" if is_russian else "en"
