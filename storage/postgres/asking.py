"""Compile a query tree to a tsquery, and to the phrases that BM25 scores.

A tsquery can express everything in a tree except what is not in the terms (the sites of links,
capitals) and NEAR with too many combinations; there the tsquery finds a superset (or, under NOT,
takes a subset away).

For phrases and NEAR the tsquery asks only that all the words occur. Their positions are then
checked in the candidates: first by their signs, then by their words (``words``). That takes a
twentieth of the time of a positional tsquery.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from itertools import pairwise, product
from typing import TypeAlias

from storage.postgres.lexemes import ATTACHED, BEYOND, BODY, FORM, MARK, TITLE, lexeme, quoted
from storage.postgres.pairs import list_pairs
from storage.postgres.words import Group, Phrase, Sought
from storage.query import compile_fts5, surely
from storage.query.compile_fts5 import MOST_PHRASES, list_phrases
from storage.query.compiled import Bound, Compiled
from storage.query.tree import And, Cased, Exact, Filter, Near, Node, Not, Or, Own, Prefix, Words
from storage.query.words import folding, forms
from storage.query.words.analysis import APART

MOST_TOGETHER = 64
"""The most phrases of an OR that are checked in the candidates: each makes the regular expression
over their signs longer, and slower."""

_OWN = (TITLE, BODY)
_ALL = (TITLE, BODY, ATTACHED)


_Leaf: TypeAlias = Words | Exact | Cased | Prefix | Near | Filter


class TsQuery(Compiled, frozen=True):
    """A compiled query: a tsquery and what must be checked on the candidates.

    ``groups``: a document must hold at least one phrase of each. ``sure``: the tsquery and the
    groups decide alone; if not, each candidate is matched against ``root``, as far as ``exact``
    promises.
    """

    sure: bool
    root: Node
    phrases: tuple[Phrase, ...]
    groups: tuple[Group, ...]
    sought: Sought

    @property
    def is_phrase(self) -> bool:
        """Whether the query is a single phrase, so that its matches are the phrase's document
        frequency."""
        return isinstance(self.root, Words) and bool(self.groups)

    @property
    def neighbours(self) -> tuple[Sequence[int] | None, Sequence[int] | None, str | None]:
        """The pairs of neighbouring words (``pairs``) by which a phrase query is looked up.

        Gives the pairs that the first phrase begins with, the further pairs that must be there (its
        second pair or the first of another phrase), and the tsquery that what has them must also
        match; None each where nothing is to be looked up, or checked.
        """
        alone = [group for group in self.groups if len(group.sides) == 1 and not group.others]
        phrases = [group.phrases for group in alone]
        pairs = [some for one in phrases for some in list_pairs([phrase.words for phrase in one])]
        if not pairs:
            return None, None, None
        further = pairs[1] if len(pairs) > 1 else None
        return pairs[0], further, None if self.is_phrase else self.expression


def compile_query(
    root: Node, *, common: Set[str] = frozenset(), bound: Bound = "above"
) -> Compiled:
    """The tsquery of a tree. It is ``exact`` exactly where SQLite's is, so that both engines score
    as many candidates. Raises QueryError for a purely negative query."""
    known = compile_fts5.compile_query(root, common=common, bound=bound)
    compiler = _Compiler(common, scored=bound == "scored", forms=known.forms)
    expression = compiler.compile(root, wanted=bound != "below")
    if not known.expression or expression is None:
        return Compiled("", exact=False)
    beyond, sure = quoted(BEYOND), compiler.sure or bound == "below"
    asked = f"!{beyond} & ({expression})" if bound == "below" else f"{beyond} | {expression}"
    phrases, groups = tuple(compiler.phrases), tuple(compiler.groups)
    return TsQuery(asked, known.exact, sure, root, phrases, groups, Sought(phrases))


def ask_for(phrase: Phrase, *, in_row: bool = True) -> str:
    """The tsquery of a phrase; with ``in_row=False`` of its words in any position."""
    words = _in_row if in_row else _together
    end = ":*" if phrase.begins else ""
    return _any(words(column, phrase.words) + end for column in phrase.columns)


class _Compiler:
    """Compiles trees to tsqueries.

    The result is a superset for parts that are wanted and a subset for others. None means
    "everything" for a wanted part and "nothing" for another one. ``scored``, ``forms``: see
    ``compile_fts5``.
    """

    def __init__(self, common: Set[str], *, scored: bool, forms: bool) -> None:
        self.sure = True
        self._scored = scored
        self._forms = forms
        self.phrases: list[Phrase] = []
        self.groups: list[Group] = []
        self._common = common
        self._own = False
        self._needed = True  # whether every result must match this part: no OR or NOT above

    def compile(self, node: Node, *, wanted: bool, refused: bool = False) -> str | None:
        node = surely.in_forms(node) if isinstance(node, Words) else node
        match node:
            case Not(part):
                with self._within(needed=False):
                    inner = self.compile(part, wanted=not wanted, refused=not refused)
                return None if inner is None else f"!({inner})"
            case Own(part):
                with self._within(own=True):
                    return self.compile(part, wanted=wanted, refused=refused)
            case And(parts):
                found = [self.compile(part, wanted=wanted, refused=refused) for part in parts]
                return _joined(found, " & ", or_none=not wanted)
            case Or(parts):
                if self._needed and (together := self._alternatives(parts)):
                    return together
                with self._within(needed=False):
                    found = [self.compile(part, wanted=wanted, refused=refused) for part in parts]
                return _joined(found, " | ", or_none=wanted)
        if isinstance(node, Prefix) and node.form in self._common:
            self.sure = False
            return None
        counted = len(self.phrases)
        above, below = self._bounds(node, refused=refused)
        if above != below:
            self.sure = False
            if not wanted:
                del self.phrases[counted:]  # of what is doubtful, as FTS5 does not count them
        return above if wanted else below

    def _bounds(self, leaf: _Leaf, *, refused: bool) -> tuple[str, str | None]:
        """A superset and a subset of what matches a leaf; the same where that is exact."""
        above, is_sure = self._leaf(leaf)
        unlike = surely.unlike(leaf, refused=refused, own=self._own)
        if unlike == surely.NOTHING:
            return above, above if is_sure else None
        is_scored = isinstance(leaf, Near) or self._forms
        if unlike is None or (self._scored and is_scored):
            return above, None
        held = above
        if isinstance(leaf, Exact):
            is_sure, row = True, (forms.normal_form(leaf.form),)
            held = ask_for(Phrase(_OWN, row))
        return above, f"({held} & !{_unlike(unlike)})" if is_sure else None

    @contextmanager
    def _within(self, *, own: bool = False, needed: bool = True) -> Iterator[None]:
        outer = self._own, self._needed
        self._own, self._needed = self._own or own, self._needed and needed
        yield
        self._own, self._needed = outer

    def _leaf(self, node: _Leaf) -> tuple[str, bool]:
        match node:
            case Words(asked, title, sure):
                columns = (TITLE,) if title else self._columns
                found, is_sure = self._words(asked, columns, sure=sure)
                if len(asked) > 1 or not any(map(str.isdigit, asked[0])):
                    return found, is_sure
                beside = not (title or self._own)
                return f"({found} | {self._form(asked[0])})", beside  # numbers are also forms
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
        return _any(map(ask_for, phrases))

    def _words(
        self, asked: tuple[str, ...], columns: tuple[str, ...], *, sure: bool = False
    ) -> tuple[str, bool]:
        rows = list_phrases(asked, sure=sure)
        if rows is not None:
            phrases = [Phrase(columns, row) for row in rows]
            if len(asked) == 1 or not self._needed:
                return self._any_of(phrases), True
            return self._grouped(phrases, [phrases]), True
        pairs = [list_phrases(pair) for pair in pairwise(asked)]
        if None in pairs:
            pairs = [list_phrases((form,)) for form in asked]
        found = [self._any_of([Phrase(columns, row) for row in pair]) for pair in pairs if pair]
        return f"({' & '.join(found)})", False

    def _alternatives(self, parts: Sequence[Node]) -> str | None:
        """A group of the parts of an OR, all of them words, phrases or NEAR, so that their words
        are checked in the candidates; None where that is no gain, or not all can be."""
        groups = [group for part in parts if (group := self._list_sides(part))]
        many = sum(len(group.phrases) for group in groups)
        if len(groups) < len(parts) or many > MOST_TOGETHER:
            return None
        if all(len(group.sides) == 1 == len(group.phrases[0].words) for group in groups):
            return None  # words alone, of which the index knows all
        phrases = [phrase for group in groups for phrase in group.phrases]
        first, *others = groups
        self.groups.append(Group(first.phrases, first.sides, len(self.phrases), tuple(others)))
        self.phrases += phrases
        return _any(map(_all_sides, groups))

    def _list_sides(self, part: Node) -> Group | None:
        """The group of a part of an OR; None where its words alone do not decide."""
        match surely.in_forms(part) if isinstance(part, Words) else part:
            case Words(asked, title, sure) as node if not surely.is_told_by_forms(node):
                rows = list_phrases(asked, sure=sure)
                if rows is None or (len(asked) == 1 and any(map(str.isdigit, asked[0]))):
                    return None
                columns = (TITLE,) if title else self._columns
                phrases = tuple(Phrase(columns, row) for row in rows)
                return Group(phrases, (phrases,))
            case Near() as node:
                return self._near_group(node)
        return None

    def _near_group(self, node: Near) -> Group | None:
        one, other = (list_phrases(side.forms) for side in (node.left, node.right))
        if one is None or other is None or not {*one}.isdisjoint(other):
            return None
        if max(len(node.left.forms), len(node.right.forms)) > 1:  # these may overlap
            return None
        both = [Phrase(self._columns, *rows, node.distance) for rows in product(one, other)]
        both += [Phrase(self._columns, *rows, node.distance) for rows in product(other, one)]
        sides = [tuple(Phrase(self._columns, row) for row in side) for side in (one, other)]
        return Group(tuple(both), tuple(sides))

    def _near(self, node: Near) -> tuple[str, bool]:
        sides = (node.left.forms, node.right.forms)
        one, other = (list_phrases(side.forms, sure=side.sure) for side in (node.left, node.right))
        if one is None or other is None:
            left, right = (self._words(side, self._columns)[0] for side in sides)
            return f"({left} & {right})", False
        both = [Phrase(self._columns, *rows, node.distance) for rows in product(one, other)]
        both += [Phrase(self._columns, *rows, node.distance) for rows in product(other, one)]
        each = [[Phrase(self._columns, row) for row in side] for side in (one, other)]
        may_overlap = max(map(len, sides)) > 1 or not {*one}.isdisjoint(other)
        if self._needed and not may_overlap:
            return self._grouped(both, each), True
        self.phrases += both
        if may_overlap or len(both) * (node.distance + 1) > MOST_PHRASES:
            left, right = (_any(map(ask_for, side)) for side in each)
            return f"({left} & {right})", False
        return _any(
            f"{_in_row(column, phrase.words)} <{step}> {_in_row(column, phrase.beside)}"
            for phrase in both
            for column in phrase.columns
            for step in range(1, node.distance + 2)
        ), True

    def _grouped(self, phrases: Sequence[Phrase], sides: Sequence[Sequence[Phrase]]) -> str:
        """Ask for the words of each side in any position, and add a group, by which the phrases are
        checked in the candidates."""
        self.groups.append(Group(tuple(phrases), tuple(map(tuple, sides)), len(self.phrases)))
        self.phrases += phrases
        return _all_sides(self.groups[-1])


def _unlike(unlike: surely.Unlike) -> str:
    """What makes it doubtful whether a document matches."""
    also = [quoted(lexeme(column, APART)) for column in _ALL if unlike.also]
    others = (held for form in unlike.forms for held in folding.as_held(form))
    return _any([*also, *(quoted(lexeme(FORM, held)) for held in others)])


def _all_sides(group: Group) -> str:
    """A tsquery for the words of each side of a group, in any position."""
    asked = [_any(_all_of(column, side) for column in side[0].columns) for side in group.sides]
    return f"({' & '.join(asked)})"


def _in_row(column: str, words: tuple[str, ...]) -> str:
    return " <-> ".join(quoted(lexeme(column, word)) for word in words)


def _together(column: str, words: tuple[str, ...]) -> str:
    return " & ".join(quoted(lexeme(column, word)) for word in words)


def _all_of(column: str, side: Sequence[Phrase]) -> str:
    """A tsquery for all words of a phrase in any position; a word may be in any of its terms."""
    places = zip(*(phrase.words for phrase in side), strict=True)
    terms = ([quoted(lexeme(column, word)) for word in dict.fromkeys(words)] for words in places)
    return " & ".join(map(_any, terms))


def _any(expressions: Iterable[str]) -> str:
    return f"({' | '.join(expressions)})"


def _joined(found: Sequence[str | None], operator: str, *, or_none: bool) -> str | None:
    given = [one for one in found if one is not None]
    if not given or (or_none and len(given) < len(found)):
        return None
    return f"({operator.join(given)})"
