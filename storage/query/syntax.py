"""Query text → tree. What does not parse is a QueryError that points at the place.

    query   := either
    either  := both { OR both }
    both    := refused { [AND] refused }
    refused := { "-" | NOT } near
    near    := term [ NEAR/n term ]
    term    := "(" either ")" | "phrase" | word | prefix* | =exact | #hashtag | filter:value

Operators are capital letters, English or Russian; any kind of quotes and dashes will do.
"""

import difflib
from datetime import UTC, datetime, tzinfo

from storage.errors import QueryError
from storage.query import analysis, filters, tree
from storage.query.lexer import Token, tokenize
from storage.query.tree import Exact, Filter, Near, Node, Not, Or, Prefix, Query, Words

__all__ = ["Query", "parse"]

MOST_CHARACTERS = 500
MOST_WORDS = 40
MOST_DEPTH = 8
SHORTEST_PREFIX = 3

SUGGESTION = "did you mean: "
"""So begins the hint of an error where the nearest query that parses is known; it follows."""

_MOST_EDITS = 4


def parse(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> Query:
    """The query that a text asks. Raises QueryError.

    ``now`` and ``zone`` are the asker's: ``after:7d`` and ``on:2024-05-01`` depend on them.
    """
    try:
        return _parse(text, now, zone)
    except QueryError as error:
        mended = _mend(text, error, now, zone)
        if mended is None:
            raise
        raise QueryError(error.what, column=error.column, hint=f"{SUGGESTION}{mended}") from None


def _parse(text: str, now: datetime | None, zone: tzinfo) -> Query:
    _check_length(text)
    query = _Parser(text, now, zone).query()
    _check_length(query.text)  # it is parsed again when it is saved, and may be the longer one
    return query


def _mend(text: str, error: QueryError, now: datetime | None, zone: tzinfo) -> str | None:
    """The nearest query that does parse, where the errors say how to mend them."""
    for _ in range(_MOST_EDITS):
        if error.edit is None:
            return None
        start, end, instead = error.edit
        text = f"{text[:start]}{instead}{text[end:]}".strip()
        try:
            _parse(text, now, zone)
        except QueryError as following:
            error = following
        else:
            return text
    return None


def _check_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"the query is longer than {MOST_CHARACTERS} characters",
            column=MOST_CHARACTERS,
            hint="ask for fewer words",
        )


class _Parser:
    def __init__(self, text: str, now: datetime | None, zone: tzinfo) -> None:
        self._text = text
        self._tokens = list(tokenize(text, filters.NAMES))
        self._at = 0
        self._depth = 0
        self._words = 0
        self._now = now
        self._zone = zone
        self._dates: dict[str, None] = {}
        self._after: datetime | None = None
        self._before: datetime | None = None
        self._dates_allowed = True

    def query(self) -> Query:
        if self._token.kind == "end":
            raise QueryError("the query is empty", hint="write a word")
        root = self._either()
        if self._token.kind == ")":
            raise self._superfluous("this bracket was never opened", self._token)
        if root is not None and tree.is_negative(root):
            raise QueryError(
                "the query only says what to leave out",
                hint="add a word that must occur",
            )
        dates = tuple(self._dates)
        return Query(_canonical(root, dates), root, self._after, self._before, dates)

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._token
        self._at += 1
        return token

    def _error(
        self,
        what: str,
        hint: str = "",
        token: Token | None = None,
        edit: tuple[int, int, str] | None = None,
    ) -> QueryError:
        return QueryError(what, column=(token or self._token).column, hint=hint, edit=edit)

    def _superfluous(self, what: str, token: Token, end: Token | None = None) -> QueryError:
        """An error that leaving out the token (up to another) mends."""
        return self._error(what, "leave it out", token, (token.column, (end or token).end, ""))

    def _either(self) -> Node | None:
        first, dates, allowed = self._token, len(self._dates), self._dates_allowed
        parts = [self._both()]
        while self._token.kind == "or":
            operator = self._next()
            if len(self._dates) > dates:
                raise self._error("a date stands beside OR", _DATES_HINT, operator)
            self._dates_allowed = False
            parts.append(self._both())
        self._dates_allowed = allowed
        if len(parts) == 1:
            return parts[0]
        present = [part for part in parts if part is not None]
        if len(present) < len(parts):
            raise self._error("a date stands beside OR", _DATES_HINT, first)
        return tree.either(present)

    def _both(self) -> Node | None:
        parts: list[Node] = []
        begun = self._at
        while self._token.kind not in ("end", ")", "or"):
            if self._token.kind == "and":
                operator = self._next()
                if begun == self._at - 1 or self._token.kind in ("end", ")", "or", "and"):
                    raise self._superfluous("AND needs a term on both sides", operator)
                continue
            part = self._refused()
            if part is not None:
                parts.append(part)
        if self._at == begun:
            raise self._missing()
        return tree.both(parts) if parts else None

    def _missing(self) -> QueryError:
        before = self._tokens[self._at - 1] if self._at else self._token
        for operator in (self._token, before):
            if operator.kind == "or":
                return self._superfluous("OR needs a term on both sides", operator)
        if self._token.kind == ")":
            return self._superfluous("the brackets are empty", before, self._token)
        return self._error("a term is missing here")

    def _refused(self) -> Node | None:
        if self._token.kind != "not":
            return self._near()
        self._depth += 1
        self._check_depth()
        operator = self._next()
        if self._token.kind in ("end", ")", "or", "and"):
            raise self._superfluous("NOT needs a term after it", operator)
        allowed, self._dates_allowed = self._dates_allowed, False
        part = self._refused()
        self._dates_allowed = allowed
        self._depth -= 1
        if part is None:
            raise self._error("a date cannot be refused", _DATES_HINT, operator)
        return part.part if isinstance(part, Not) else Not(part)

    def _near(self) -> Node | None:
        first = self._token
        left = self._term()
        if self._token.kind != "near":
            return left
        operator = self._next()
        if self._token.kind in ("end", ")", "or", "and", "not", "near"):
            raise self._superfluous("NEAR needs a word on both sides", operator)
        second = self._token
        right = self._term()
        if self._token.kind == "near":
            raise self._error("NEAR joins two words, not three", "use brackets and AND")
        return Near(_operand(left, first), _operand(right, second), operator.distance)

    def _term(self) -> Node | None:
        token = self._next()
        if token.kind == "near":
            raise self._superfluous("NEAR needs a word on both sides", token)
        if token.kind == "(":
            return self._brackets(token)
        asked = self._leaf(token)
        self._words += len(asked.forms) if isinstance(asked, Words) else 1
        if self._words > MOST_WORDS:
            raise self._error(f"the query has more than {MOST_WORDS} terms", "ask for fewer", token)
        return asked

    def _leaf(self, token: Token) -> Node | None:
        if token.filter:
            return self._filter(token)
        return _phrase(token) if token.kind == "phrase" else _piece(token)

    def _brackets(self, opening: Token) -> Node | None:
        self._depth += 1
        self._check_depth()
        inner = self._either()
        self._depth -= 1
        if self._token.kind != ")":
            end = len(self._text.rstrip())
            raise self._error("the bracket is not closed", "", opening, (end, end, ")"))
        self._next()
        return inner

    def _check_depth(self) -> None:
        if self._depth > MOST_DEPTH:
            raise self._error(f"more than {MOST_DEPTH} levels of brackets", "ask more simply")

    def _filter(self, token: Token) -> Node | None:
        name, value, quoted = token.filter, token.text, token.kind == "phrase"
        if not value.strip():
            raise self._error(f"{name}: needs a value", f"write {name}:something", token)
        if name in filters.DATES:
            self._date(token)
            return None
        if name in filters.WORDS:
            words = _phrase(token) if quoted else _piece(token)
            if not isinstance(words, Words):
                raise self._error(f"{name}: takes words and phrases only", "", token)
            return Words(words.forms, title=True)
        return filters.READERS[name](name, value, token.column, quoted)

    def _date(self, token: Token) -> None:
        if not self._dates_allowed:
            raise self._error("a date stands beside OR or NOT", _DATES_HINT, token)
        start, end = filters.days(token.filter, token.text, token.column, self._now, self._zone)
        if start is not None:
            self._after = start if self._after is None else max(self._after, start)
        if end is not None:
            self._before = end if self._before is None else min(self._before, end)
        self._dates[f"{token.filter}:{token.text.lower()}"] = None


_DATES_HINT = "write dates once, outside of brackets, for the whole query"


def _canonical(root: Node | None, dates: tuple[str, ...]) -> str:
    if root is None:
        return " ".join(dates)
    asked = f"({root})" if dates and isinstance(root, Or) else str(root)
    return " ".join([asked, *dates])


def _operand(node: Node | None, token: Token) -> Words:
    if isinstance(node, Words) and not node.title:
        return node
    raise QueryError("NEAR joins words and phrases only", column=token.column)


def _phrase(token: Token) -> Words:
    if "*" in token.text:
        whole = " ".join(token.text.replace("*", " ").split())
        raise QueryError(
            "a phrase holds whole words",
            column=token.column,
            hint="leave out the asterisk",
            edit=(token.end - len(token.text) - 2, token.end, f'"{whole}"'),
        )
    words = analysis.words(token.text)
    if not words:
        raise QueryError(
            "there is no word between the quotation marks",
            column=token.column,
            hint="leave them out",
            edit=(token.column, token.end, ""),
        )
    return Words(tuple(word.form for word in words))


def _piece(token: Token) -> Node:
    text = token.text
    if text.startswith("="):
        return Exact(_one_word(text[1:], token, "=word").form)
    if text.endswith("*") and len(text) > 1:
        return _prefix(token)
    if "*" in text.rstrip("*"):
        raise QueryError(
            "an asterisk stands at the end of a word only",
            column=token.end - len(text) + text.index("*"),
            hint="leave out the asterisk",
            edit=(token.end - len(text) + text.index("*") + 1, token.end, ""),
        )
    if text.startswith("#") and (tags := list(analysis.hashtags(text))):
        return tree.both(
            [Filter("tag", tag, (frozenset((analysis.mark("tag", tag),)),)) for _, _, tag in tags]
        )
    _refuse_unknown_filter(token)
    words = analysis.words(text)
    if not words:
        raise QueryError(
            f"there is no word in {text!r}",
            column=token.column,
            hint="leave it out",
            edit=(token.column, token.end, ""),
        )
    return Words(tuple(word.form for word in words))


def _prefix(token: Token) -> Prefix:
    form = _one_word(token.text.rstrip("*"), token, "word*").form
    if len(form) < SHORTEST_PREFIX:
        raise QueryError(
            f"the beginning of a word needs {SHORTEST_PREFIX} letters at least",
            column=token.column,
            hint="write more of the word",
        )
    return Prefix(form)


def _one_word(text: str, token: Token, pattern: str) -> analysis.Word:
    words = analysis.words(text)
    if len(words) != 1:
        raise QueryError(f"{pattern} takes one word", column=token.column, hint="split it up")
    return words[0]


def _refuse_unknown_filter(token: Token) -> None:
    name, colon, value = token.text.partition(":")
    if colon and value and name.isalpha() and not value.startswith("//"):
        near = difflib.get_close_matches(name.lower(), sorted(filters.NAMES), 1)
        quoted = f'"{token.text}"'
        raise QueryError(
            f"there is no filter {name}:",
            column=token.column,
            hint=f"to search for it write {quoted}",
            edit=(token.column, token.end, f"{near[0]}:{value}" if near else quoted),
        )
