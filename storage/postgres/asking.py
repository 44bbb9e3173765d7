"""A query tree as a tsquery, and the phrases by which an answer is weighed.

A tsquery can say all that a tree asks but for what the terms do not tell (sites of links, capitals)
and for words that stand near one another in too many ways: there it finds more, or takes less away.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from storage.postgres.lexemes import ATTACHED, BEYOND, BODY, FORM, MARK, TITLE, lexeme, quoted
from storage.query import compile_fts5
from storage.query.compile_fts5 import MOST_PHRASES, list_phrases
from storage.query.compiled import Compiled
from storage.query.tree import And, Cased, Exact, Filter, Near, Node, Not, Or, Own, Prefix, Words
from storage.query.words import folding

_OWN = (TITLE, BODY)
_ALL = (TITLE, BODY, ATTACHED)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row that one of the columns may hold; ``begins``: one that only begins so.

    It counts where it has others ``beside`` it in the column, with at most ``distance`` words
    between them.
    """

    columns: tuple[str, ...]
    words: tuple[str, ...]
    beside: tuple[str, ...] = ()
    distance: int = 0
    begins: bool = False

    def __str__(self) -> str:
        return _any(
            _words(column, self.words) + (":*" if self.begins else "") for column in self.columns
        )


@dataclass(frozen=True, slots=True)
class Asked(Compiled):
    """A tsquery. What it finds is looked at where it is not ``sure``: whether it answers ``root``,
    as far as ``exact`` promises."""

    sure: bool
    root: Node
    phrases: tuple[Phrase, ...]


def compile_query(root: Node, *, common: Set[str] = frozenset()) -> Compiled:
    """The tsquery that asks what a tree asks; exact where SQLite's index is, so that both weigh as
    many answers. Raises QueryError for what is purely negative."""
    known = compile_fts5.compile_query(root, common=common)
    compiler = _Compiler(common)
    expression = compiler.compile(root, wanted=True)
    if not known.expression or expression is None:
        return Compiled("", exact=False)
    asked = f"{quoted(BEYOND)} | {expression}"
    return Asked(asked, known.exact, compiler.sure, root, tuple(compiler.phrases))


class _Compiler:
    """Turns trees into tsqueries: of what is wanted they find all and may find more, of what is
    refused they find no more. None is everything where it is wanted and nothing where it is not."""

    def __init__(self, common: Set[str]) -> None:
        self.sure = True
        self.phrases: list[Phrase] = []
        self._common = common
        self._own = False

    def compile(self, node: Node, *, wanted: bool) -> str | None:
        match node:
            case Not(part):
                inner = self.compile(part, wanted=not wanted)
                return None if inner is None else f"!({inner})"
            case Own(part):
                outer, self._own = self._own, True
                inner = self.compile(part, wanted=wanted)
                self._own = outer
                return inner
            case And(parts):
                found = [self.compile(part, wanted=wanted) for part in parts]
                return _joined(found, " & ", or_none=not wanted)
            case Or(parts):
                found = [self.compile(part, wanted=wanted) for part in parts]
                return _joined(found, " | ", or_none=wanted)
        if isinstance(node, Prefix) and node.form in self._common:
            self.sure = False
            return None
        expression, is_sure = self._leaf(node)
        self.sure = self.sure and is_sure
        return expression if is_sure or wanted else None

    def _leaf(self, node: Words | Exact | Cased | Prefix | Near | Filter) -> tuple[str, bool]:
        match node:
            case Words(asked, title):
                found, is_sure = self._words(asked, (TITLE,) if title else self._columns)
                if len(asked) > 1 or not any(map(str.isdigit, asked[0])):
                    return found, is_sure
                beside = not (title or self._own)
                return f"({found} | {self._form(asked[0])})", beside  # it may stand beside
            case Exact(form):
                return self._form(form), not self._own
            case Cased(_, form, capital):
                held = self._noted(FORM, capital) if capital else self._form(form)
                return held, bool(capital) and not self._own
            case Prefix(form):
                return self._noted(FORM, form, begins=True), not self._own
            case Near():
                return self._near(node)
            case Filter(marks=marks, site=site):
                groups = [_any(quoted(lexeme(MARK, mark)) for mark in sorted(g)) for g in marks]
                return f"({' & '.join(groups)})", site is None

    @property
    def _columns(self) -> tuple[str, ...]:
        return _OWN if self._own else _ALL

    def _noted(self, column: str, word: str, *, begins: bool = False) -> str:
        return self._any_of([Phrase((column,), (word,), begins=begins)])

    def _form(self, form: str) -> str:
        return self._any_of([Phrase((FORM,), (held,)) for held in folding.as_held(form)])

    def _any_of(self, phrases: Sequence[Phrase]) -> str:
        self.phrases += phrases
        return _any(map(str, phrases))

    def _words(self, asked: tuple[str, ...], columns: tuple[str, ...]) -> tuple[str, bool]:
        rows = list_phrases(asked)
        if rows is not None:
            return self._any_of([Phrase(columns, row) for row in rows]), True
        pairs = [list_phrases(pair) for pair in pairwise(asked)]
        if None in pairs:
            pairs = [list_phrases((form,)) for form in asked]
        found = [self._any_of([Phrase(columns, row) for row in pair]) for pair in pairs if pair]
        return f"({' & '.join(found)})", False

    def _near(self, node: Near) -> tuple[str, bool]:
        sides = (node.left.forms, node.right.forms)
        one, other = map(list_phrases, sides)
        if one is None or other is None:
            left, right = (self._words(forms, self._columns)[0] for forms in sides)
            return f"({left} & {right})", False
        both = [(first, second) for first in one for second in other]
        both += [(second, first) for first, second in both]
        self.phrases += [Phrase(self._columns, *rows, node.distance) for rows in both]
        ways = len(both) * (node.distance + 1)
        if max(map(len, sides)) > 1 or not {*one}.isdisjoint(other) or ways > MOST_PHRASES:
            left, right = (_any(str(Phrase(self._columns, row)) for row in s) for s in (one, other))
            return f"({left} & {right})", False  # they may overlap, or are too many
        return _any(
            f"{_words(column, first)} <{step}> {_words(column, second)}"
            for column in self._columns
            for first, second in both
            for step in range(1, node.distance + 2)
        ), True


def _words(column: str, words: tuple[str, ...]) -> str:
    return " <-> ".join(quoted(lexeme(column, word)) for word in words)


def _any(expressions: Iterable[str]) -> str:
    return f"({' | '.join(expressions)})"


def _joined(found: Sequence[str | None], operator: str, *, or_none: bool) -> str | None:
    given = [one for one in found if one is not None]
    if not given or (or_none and len(given) < len(found)):
        return None
    return f"({operator.join(given)})"
