"""Query text → tree. What does not parse is a QueryError that points at the place.

    query   := either
    either  := both { OR both }
    both    := refused { [AND] refused }
    refused := { "-" | NOT } near
    near    := term [ NEAR/n term ]
    term    := "(" either ")" | "phrase" | word | prefix* | =exact | #hashtag | filter:value

Operators are capital letters, English or Russian; any kind of quotes and dashes will do.
"""

import re
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

from storage.errors import QueryError
from storage.query import tree
from storage.query.reading import dates, expressions, filters, lexer, plain, spellings, terms
from storage.query.reading.filters import Value
from storage.query.reading.lexer import Token, tokenize
from storage.query.reading.terms import SHORTEST_PREFIX
from storage.query.tree import Node, Not, Query
from storage.structs import replace

__all__ = ["SHORTEST_PREFIX", "Query", "parse"]

MOST_CHARACTERS = 500
MOST_WORDS = 40
MOST_DEPTH = 8

SUGGESTION = "did you mean: "
"""The beginning of an error's hint if the nearest valid query is known; that follows."""

_MOST_EDITS = 8
_LOOSE = re.compile(r"(?<=\() | (?=\))")


def parse(text: str, *, now: datetime | None = None, zone: tzinfo = UTC) -> Query:
    """The query that a text asks. Raises QueryError.

    ``now`` and ``zone`` are the asker's: ``after:7d`` and ``on:2024-05-01`` depend on them.
    """
    found = plain.read(text, most_words=MOST_WORDS) if len(text) <= MOST_CHARACTERS else None
    if found is not None:
        return found
    try:
        return _parse(text, now, zone)
    except QueryError as error:
        mended = _mend(text, error, now, zone)
        if mended is None:
            raise
        raise QueryError(error.what, column=error.column, hint=f"{SUGGESTION}{mended}") from None


def _parse(text: str, now: datetime | None, zone: tzinfo) -> Query:
    _check_length(text)
    query = _read(text, now, zone)
    written = query.written
    for _ in range(_MOST_EDITS):
        if query.text == text or not spellings.may_vary(query.text):
            return replace(query, written=written)
        text = query.text  # that is saved, and what it asks is what the query asks
        _check_length(text)
        query = _read(text, now, zone)
    raise QueryError(f"the query has more than {MOST_WORDS} terms", hint="ask for fewer")


def _read(text: str, now: datetime | None, zone: tzinfo) -> Query:
    """The query of a text, in as many spellings as a saved query may have."""
    for wide in (spellings.WIDEST, 1, 0):
        if _fits(query := _Parser(text, now, zone, spelled=True, wide=wide).query()):
            return query
    return _Parser(text, now, zone, spelled=False, wide=0).query()


def _fits(query: Query) -> bool:
    """Whether a query with all spellings is within the limits of saved queries."""
    return tree.count_words(query.root) <= MOST_WORDS and len(query.text) <= MOST_CHARACTERS


def _mend(text: str, error: QueryError, now: datetime | None, zone: tzinfo) -> str | None:
    """The nearest query that does parse, where the errors say how to mend them."""
    for _ in range(_MOST_EDITS):
        if error.edit is None:
            return None
        start, end, instead = error.edit
        text = _tidy(f"{text[:start]}{instead}{text[end:]}")
        try:
            _parse(text, now, zone)
        except QueryError as following:
            error = following
        else:
            return text
    return None


def _tidy(text: str) -> str:
    return _LOOSE.sub("", " ".join(text.split()))


def _check_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"the query is longer than {MOST_CHARACTERS} characters",
            column=MOST_CHARACTERS,
            hint="ask for fewer words",
        )


class _Parser:
    def __init__(
        self, text: str, now: datetime | None, zone: tzinfo, *, spelled: bool, wide: int
    ) -> None:
        self._spelled = spelled  # whether other spellings of the words are asked for too
        # And the rarer ones, which may be other words: refused, they would hide posts.
        self._wide, self._opposite, self._left_out = wide, 0, False
        self._given, self._text = text, lexer.narrow(text)
        expressions.refuse(self._text)
        self._tokens = list(tokenize(self._text, filters.spellings()))
        self._at = self._depth = self._words = 0
        self._now, self._zone = now, zone
        self._dates: dict[str, Token] = {}
        self._after: datetime | None = None
        self._before: datetime | None = None
        self._dates_allowed = True
        self._where: Token | None = None

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
        canonical = tree.canonical(root, dates)
        written = _written(self._given, canonical)
        return Query(canonical, root, self._after, self._before, dates, written)

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
        return self._error(what, "leave it out", token, (token.column, (end or token).end, " "))

    def _either(self) -> Node | None:
        first, dates, allowed = self._token, len(self._dates), self._dates_allowed
        parts = [self._both()]
        while self._token.kind == "or":
            operator = self._next()
            if len(self._dates) > dates:
                date = [*self._dates.values()][-1]
                raise self._misplaced("a date stands beside OR", operator, date)
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
        outer, self._where = self._where, None
        found, where = self._beside(), self._where
        self._where = outer
        if where is None:
            return found
        if found is None:
            raise self._error("in:text needs a word beside it", "write a word", where)
        return tree.own(found)

    def _beside(self) -> Node | None:
        """A sequence of terms, up to an OR or the end."""
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
        joined = spellings.join_numbers(parts, wide=self._wide) if self._spelled else parts
        return tree.both(joined) if parts else None

    def _missing(self) -> QueryError:
        before = self._tokens[self._at - 1] if self._at else self._token
        for operator in (self._token, before):
            if operator.kind == "or":
                return self._superfluous("OR needs a term on both sides", operator)
        if before.kind == "(":
            return self._superfluous("the brackets are empty", before, self._token)
        return self._superfluous("this bracket was never opened", self._token)

    def _refused(self) -> Node | None:
        if self._token.kind != "not":
            return self._near()
        self._depth += 1
        self._check_depth()
        operator = self._next()
        if self._token.kind in ("end", ")", "or", "and"):
            raise self._superfluous("NOT needs a term after it", operator)
        outer = self._dates_allowed, self._wide, self._opposite, self._left_out
        self._dates_allowed, self._left_out = False, not self._left_out
        self._wide, self._opposite = self._opposite, self._wide
        part = self._refused()
        self._dates_allowed, self._wide, self._opposite, self._left_out = outer
        self._depth -= 1
        if part is None:
            if self._where is not None and self._tokens[self._at - 1] is self._where:
                raise self._superfluous("in:text cannot be refused", operator)
            raise self._error("a date cannot be refused", _DATES_HINT, operator)
        twice = part.part if isinstance(part, Not) else None
        return twice or Not(spellings.certain(part, again=self._left_out))

    def _near(self) -> Node | None:
        first = self._token
        left = self._term()
        if self._token.kind != "near":
            return left
        operator = self._next()
        self._check_near(operator)
        second = self._token
        right = self._term()
        found = ((left, first), (right, second))
        one, other = (
            terms.near_side(node, token, operator, spelled=self._spelled) for node, token in found
        )
        if self._token.kind == "near":
            again, end = self._token.column, self._tokens[self._at - 1].end
            edit = (again, again, f"{self._text[second.column : end]} ")
            raise self._error("NEAR joins two words, not three", "use brackets and AND", edit=edit)
        asked = spellings.near(one, other, operator.distance)
        if not self._spelled and tree.count_words(asked) > MOST_WORDS:  # each beside each other
            what = f"the query has more than {MOST_WORDS} terms"
            raise self._error(what, "ask for fewer", operator)
        return asked

    def _check_near(self, operator: Token) -> None:
        """Raise QueryError if no term follows NEAR."""
        if self._token.kind in ("end", ")", "or", "and", "not", "near"):
            raise self._superfluous("NEAR needs a word on both sides", operator)
        number = _NUMBER.fullmatch(self._token.text)
        following = self._tokens[self._at + 1].kind
        if number and operator.text.isalpha() and following in ("piece", "phrase", "("):
            edit = (operator.column, self._token.end, f"NEAR/{number[1]}")
            raise self._error("NEAR takes its number after a slash", "", operator, edit)

    def _term(self) -> Node | None:
        token = self._next()
        if token.kind == "near":
            raise self._superfluous("NEAR needs a word on both sides", token)
        if token.kind == "(":
            return self._brackets(token)
        asked = self._leaf(token)
        if not self._spelled:
            asked = asked if token.filter or asked is None else spellings.typed(asked)
            self._words += tree.count_words(asked)
        if self._words > MOST_WORDS:
            raise self._error(f"the query has more than {MOST_WORDS} terms", "ask for fewer", token)
        return asked

    def _leaf(self, token: Token) -> Node | None:
        if token.filter:
            return self._filter(token)
        if token.kind == "phrase":
            return terms.phrase(token, wide=self._wide)
        return terms.piece(token, self._text[: token.column][-1:], wide=self._wide)

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
        name = token.filter
        if not token.text.strip(" ,|"):
            raise self._error(
                f"{name}: needs a value", f"write {name}:something", token, self._valued(token)
            )
        if name in filters.DATES:
            self._date(token)
            return None
        if name == filters.WHERE:
            filters.check_where(_value(token))
            self._where = token
            return None
        parts = [token] if token.kind == "phrase" else list(filters.listed(token))
        read = (
            self._title if name in filters.WORDS else lambda one: filters.READERS[name](_value(one))
        )
        return tree.either([read(part) for part in parts])

    def _title(self, token: Token) -> Node:
        asked = terms.title(token, wide=self._wide)
        return asked if self._spelled else spellings.typed(asked)

    def _valued(self, token: Token) -> tuple[int, int, str]:
        """How to mend a filter without a value: take what follows as its value, or leave it out."""
        following = self._token
        if following.kind == "(":
            inner = self._tokens[
                self._at : self._tokens.index(lexer.find_closing(self._tokens, self._at)) + 1
            ]
            parts = [
                self._named(token.filter, one, after)
                for one, after in pairwise([*inner, inner[-1]])
            ]
            return token.column, inner[-1].end, "".join(parts)
        if following.kind in ("piece", "phrase") and not following.filter:
            return token.column, following.column, f"{token.filter}:"
        return token.column, token.end, ""

    def _named(self, name: str, token: Token, following: Token) -> str:
        """A token as it is written, with the space after it; a word with the filter's name."""
        written = self._text[token.column : token.end]
        named = token.kind in ("piece", "phrase") and not token.filter
        gap = self._text[token.end : following.column]
        return f"{name}:{written}{gap}" if named else f"{written}{gap}"

    def _date(self, token: Token) -> None:
        if not self._dates_allowed:
            raise self._misplaced("a date stands beside OR or NOT", token, token)
        value = _value(token)
        following = self._token
        if token.text.isdigit() and len(token.text) < 4 and dates.unit().fullmatch(following.text):
            value = replace(value, text=f"{token.text} {following.text}", end=following.end)
        start, end, text = dates.read(value, self._now, self._zone)
        if start is not None:
            self._after = start if self._after is None else max(self._after, start)
        if end is not None:
            self._before = end if self._before is None else min(self._before, end)
        self._dates[f"{token.filter}:{text}"] = token

    def _misplaced(self, what: str, at: Token, date: Token) -> QueryError:
        """A date that stands elsewhere than beside all the rest: there it may stand."""
        written = self._text[date.column : date.end]
        before = self._tokens[self._tokens.index(date) - 1]
        opposite = _OPPOSITE.get(date.filter)
        if before.kind == "not":
            edit = opposite and (before.column, date.end, f"{opposite}:{date.text}")
        else:
            rest = f"{self._text[: date.column]}{self._text[date.end :]}"
            edit = (0, len(self._text), f"({rest.strip()}) {written}")
        return self._error(what, _DATES_HINT, at, edit or None)


_DATES_HINT = "write dates once, outside of brackets, for the whole query"
_OPPOSITE = {"after": "before", "before": "after"}
_NUMBER = re.compile("/?([1-9][0-9]?)")


def _written(text: str, canonical: str) -> str:
    """The text on one line; the canonical text instead if it has invisible signs."""
    line = " ".join(text.split())
    return line if line.isprintable() else canonical


def _value(token: Token) -> Value:
    """The value of a filter's token."""
    quoted = token.kind == "phrase"
    at = token.end - len(token.text) - (2 if quoted else 0)
    return Value(token.filter, token.text, token.column, at, token.end, quoted)
