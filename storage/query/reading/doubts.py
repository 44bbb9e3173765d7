"""A query that may mean something else: operators written in small letters are words."""

from datetime import UTC, datetime, tzinfo

from storage.errors import QueryError
from storage.query.reading import filter_words, filters, lexer, syntax
from storage.query.reading.lexer import Token

_ENDS = frozenset({"piece", "phrase", ")"})
_BEGINNINGS = frozenset({"piece", "phrase", "("})


def with_operators(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> str | None:
    """The query that a text asks when its small ``or``, ``not`` are operators; None where it has
    none between two terms, or is no query then.

    ``oil or gas`` asks for three words. Whoever wrote it may have meant ``oil OR gas``.
    """
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
