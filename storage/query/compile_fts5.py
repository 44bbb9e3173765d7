"""Encode documents for FTS5's columns, and compile a query tree to an FTS5 expression.

No user input reaches FTS5: only quoted terms made by ``encode``, each of which the tokenizer
``ascii`` takes as one token. FTS5 folds nothing, for case and everything else is folded before.
"""

import math
import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import pairwise, product
from typing import TypeAlias

from storage.errors import QueryError
from storage.query import surely
from storage.query.compiled import Bound, Compiled
from storage.query.tree import And, Cased, Exact, Filter, Near, Node, Not, Or, Own, Prefix, Words
from storage.query.words import folding, forms
from storage.query.words.analysis import APART, Analysed

LAYOUT = 3
"""Counts up whenever the same analysis would be laid out otherwise in the columns."""

# The separators of the tokenizer "ascii": all of ASCII but letters and digits. Marks contain them,
# words do not; every character beyond ASCII is part of a token.
_CUT_AT = re.compile("[\x00-/:-@\\[-`{-\x7f]")


_BETWEEN = chr(0xE000 + ord("|"))  # separates the readings of an encoded term

_COLUMNS, _OWN = "{title body attached}", "{title body}"  # those of terms

_Leaf: TypeAlias = Words | Exact | Cased | Prefix | Near | Filter

MOST_PHRASES = 64
"""The most combinations that a phrase is expanded to when its words have several terms each."""


class Fts5Query(Compiled, frozen=True):
    """An FTS5 expression. If it asks for no ``forms``, the weight of the column of forms must be 0
    in ``bm25()``: terms may then be searched for in all columns.

    ``unnamed``: the expression of a phrase without column filters. It also finds documents in which
    the words are neighbours in the column of forms alone; those score 0.

    ``apart``: of a NEAR whose words have several readings, an expression for each combination. A
    document's score is the sum of theirs: in one expression FTS5 also weighs words of a combination
    that is not near in the document, if the other word stands among its forms.
    """

    forms: bool
    unnamed: str = ""
    apart: tuple[str, ...] = ()


def encode(term: str) -> str:
    """A term as one FTS5 token. Prefixes are kept: a prefix query works on the encoded form."""
    return _CUT_AT.sub(lambda match: chr(0xE000 + ord(match[0])), term)


def index_row(analysed: Analysed) -> tuple[str, str, str, str, str]:
    """The values of the columns body, title, mark, form and attached for a document; each form
    once."""
    title, body, attached = analysed.columns
    return (
        " ".join(body.terms).replace("|", _BETWEEN),
        " ".join(title.terms).replace("|", _BETWEEN),
        " ".join([_encoded_mark(mark) for mark in sorted(analysed.marks)]),
        " ".join(dict.fromkeys((*title.forms, *body.forms, *attached.forms))),
        " ".join(attached.terms).replace("|", _BETWEEN),
    )


@lru_cache(maxsize=20_000)
def _encoded_mark(mark: str) -> str:
    return encode(mark)


def compile_query(
    root: Node, *, common: Set[str] = frozenset(), bound: Bound = "above"
) -> Fts5Query:
    """The FTS5 expression of a tree, which must not be purely negative.

    ``common``: prefixes to leave out. FTS5 reads the whole posting list of a prefix before it gives
    the first document, which takes longer than to check the newest documents for what most of them
    hold.
    """
    wanted = bound != "below"
    compiler = _Compiler(common, bound, forms=False)
    expression, negated = compiler.compile(root, wanted=wanted)
    if compiler.forms:  # forms are scored, so columns must be named
        compiler = _Compiler(common, bound, forms=True)
        expression, negated = compiler.compile(root, wanted=wanted)
    if expression is not None and not negated:
        exact = compiler.exact or not wanted
        apart = tuple(_list_apart(root)) if compiler.exact else ()
        return Fts5Query(expression, exact, compiler.forms, _unnamed(root), apart)
    if not common and wanted:
        raise QueryError("the query only says what to leave out", hint="add a word that must occur")
    return Fts5Query("", exact=False, forms=compiler.forms)


class _Compiler:
    """Compiles trees to expressions.

    FTS5 has no unary NOT. So each expression comes with a flag that says whether it stands for its
    complement, and complements are carried upwards until there is something to subtract them from.
    If a leaf cannot be expressed exactly, the result is a superset where it is ``wanted``, and a
    subset where it is not: of a query's matches what is found is a superset if its root is wanted.
    None is a subset that is empty, or a superset of everything.
    """

    def __init__(self, common: Set[str], bound: Bound, *, forms: bool) -> None:
        self.exact = True
        self.forms = forms
        self._common = common
        self._bound = bound
        self._own = False

    def compile(
        self, node: Node, *, wanted: bool, refused: bool = False
    ) -> tuple[str | None, bool]:
        if isinstance(node, Not):
            part, negated = self.compile(node.part, wanted=not wanted, refused=not refused)
            return part, not negated
        if isinstance(node, Words) and (told := surely.in_forms(node)) is not node:
            return self.compile(told, wanted=wanted, refused=refused)
        if isinstance(node, Own):
            return self._compile_own(node, wanted=wanted, refused=refused)
        if isinstance(node, Prefix) and node.form in self._common:
            self.exact = False
            return None, wanted  # everything, or nothing to take away
        if not isinstance(node, And | Or):
            above, below = self._compile_leaf(node, refused=refused)
            self.exact = self.exact and below == above
            return above if wanted else below, False
        parts = [self.compile(part, wanted=wanted, refused=refused) for part in node.parts]
        plain = [expression for expression, negated in parts if not negated]
        complements = [expression for expression, negated in parts if negated]
        if isinstance(node, And):
            return _intersection(plain, complements)
        expression, negated = _intersection(complements, plain)  # a OR b is NOT (NOT a NOT b)
        return expression, not negated

    def _compile_leaf(self, leaf: _Leaf, *, refused: bool) -> tuple[str, str | None]:
        """A superset and a subset of what matches a leaf; the same where that is exact."""
        self.forms = self.forms or _asks_forms(leaf)
        above, exact = self._leaf(leaf)
        unlike = surely.unlike(leaf, refused=refused, own=self._own)
        if unlike == surely.NOTHING:
            return above, above if exact else None
        is_scored = isinstance(leaf, Near) or self.forms
        if unlike is None or (self._bound == "scored" and is_scored):
            return above, None
        if isinstance(leaf, Exact):
            exact, held = True, f"{_OWN} : {_quoted(forms.normal_form(leaf.form))}"
        else:
            held = above
        return above, f"({held} NOT {_unlike(unlike)})" if exact else None

    def _leaf(self, leaf: _Leaf) -> tuple[str, bool]:
        if isinstance(leaf, Words) and not (self.forms or self._own or leaf.title):
            rows = list_phrases(leaf.forms, sure=leaf.sure)
            if rows is not None:
                return _without_columns(rows), True
        return _leaf(leaf, own=self._own)

    def _compile_own(self, node: Own, *, wanted: bool, refused: bool) -> tuple[str | None, bool]:
        outer, self._own = self._own, True
        found = self.compile(node.part, wanted=wanted, refused=refused)
        self._own = outer
        return found


def _intersection(wanted: list[str | None], refused: list[str | None]) -> tuple[str | None, bool]:
    """What is in all of ``wanted`` and in none of ``refused``; None if that is nothing."""
    taken = [expression for expression in refused if expression is not None]
    given = [expression for expression in wanted if expression is not None]
    if len(given) < len(wanted):
        return None, False
    if not given:
        return (_joined(taken, " OR ") if taken else None), True
    expression = _joined(given, " AND ")
    return (f"({expression} NOT {_joined(taken, ' OR ')})" if taken else expression), False


def _joined(expressions: Sequence[str], operator: str) -> str:
    return expressions[0] if len(expressions) == 1 else f"({operator.join(expressions)})"


def _leaf(node: _Leaf, *, own: bool) -> tuple[str, bool]:
    """The expression of a leaf, and whether it is exact. ``own``: of the post's own words; forms do
    not tell whether they are attached."""
    columns = _OWN if own else _COLUMNS
    match node:
        case Words(asked, title, sure):
            expression, exact = _words(asked, sure=sure)
            found = f"{'title' if title else columns} : {expression}"
            if not _asks_forms(node):
                return found, exact
            return f"({found} OR {_form(asked[0])})", not (title or own)  # it may stand beside
        case Exact(form):
            return _form(form), not own
        case Cased(_, form, capital):
            found = f"form : {_quoted(capital)}" if capital else _form(form)
            return found, bool(capital) and not own
        case Prefix(form):
            return f"form : {_quoted(form)} *", not own
        case Near():
            expression, exact = _near(node)
            return f"{columns} : {expression}", exact
        case Filter(marks=marks, site=site):
            groups = [_joined([_quoted(mark) for mark in sorted(group)], " OR ") for group in marks]
            return _joined(groups, " AND "), site is None


def _asks_forms(node: _Leaf) -> bool:
    """Whether a leaf needs the column of forms; a word with digits may have a form too."""
    match node:
        case Words(asked):
            return len(asked) == 1 and any(map(str.isdigit, asked[0]))
        case Exact() | Cased() | Prefix():
            return True
        case _:
            return False


def _without_columns(rows: Sequence[tuple[str, ...]], *, roughly: bool = False) -> str:
    """A phrase without column filters, where no other column can match it: FTS5 then need not check
    the column of each match. ``roughly``: also where another column matches seldom."""
    named: list[str] = []
    free: list[str] = []
    for row in rows:
        is_free = any(len(forms.readings_in(term)) > 1 for term in row)  # no form is such
        if not is_free and (roughly or len(row) == 1):
            is_free = all(map(_is_term_where_form, row))
        (free if is_free else named).append(_quoted(*row))
    columns = [f"{_COLUMNS} : {_joined(named, ' OR ')}"] if named else []
    return _joined([*free, *columns], " OR ")


def _is_term_where_form(term: str) -> bool:
    """Whether every document that has this term as a form has it as a term too: it is never a form,
    or only a form of itself."""
    return len(forms.readings_in(term)) > 1 or forms.readings(term) == (term,)


def _unnamed(root: Node) -> str:
    if not isinstance(root, Words) or root.title or len(root.forms) == 1:
        return ""
    rows = list_phrases(root.forms)
    return "" if rows is None else _without_columns(rows, roughly=True)


def _list_apart(root: Node) -> Iterator[str]:
    """See ``Fts5Query.apart``. Nothing else in the query may have a score, which would be in each
    of the sums: filters have none."""
    parts = root.parts if isinstance(root, And) else (root,)
    nears = [part for part in parts if isinstance(part, Near)]
    filters = [part for part in parts if isinstance(part, Filter)]
    if len(nears) != 1 or len(nears) + len(filters) < len(parts):
        return
    beside = [_leaf(part, own=False)[0] for part in filters]
    near = _list_near(nears[0]) or []
    for one in near if len(near) > 1 else ():
        yield _joined([f"{_COLUMNS} : {one}", *beside], " AND ")


def _unlike(unlike: surely.Unlike) -> str:
    """What makes it doubtful whether a document matches."""
    also = [f"{_COLUMNS} : {_quoted(APART)}"] if unlike.also else []
    return _joined([*also, *map(_form, unlike.forms)], " OR ")


def _form(form: str) -> str:
    return _joined([f"form : {_quoted(held)}" for held in folding.as_held(form)], " OR ")


def _words(asked: tuple[str, ...], *, sure: bool = False) -> tuple[str, bool]:
    phrases = _phrases(asked, sure=sure)
    if phrases is not None:
        return _joined(phrases, " OR "), True
    pairs = [_phrases(pair) for pair in pairwise(asked)]
    if None in pairs:
        pairs = [_phrases((form,)) for form in asked]
    return _joined([_joined(found, " OR ") for found in pairs if found], " AND "), False


def _near(node: Near) -> tuple[str, bool]:
    near = _list_near(node)
    if near is None:
        sides = (_words(node.left.forms)[0], _words(node.right.forms)[0])
        return _joined(sides, " AND "), False
    return _joined(near, " OR "), True


def _list_near(node: Near) -> list[str] | None:
    """A NEAR of each combination of readings; None if there would be too many."""
    left, right = (_phrases(side.forms, sure=side.sure) for side in (node.left, node.right))
    if left is None or right is None or len(left) * len(right) > MOST_PHRASES:
        return None
    # Of a NEAR that does not hold in a post, FTS5 weighs the words up to the first that is missing:
    # that had better be the one that has other readings.
    first, second = sorted((left, right), key=len, reverse=True)
    return [f"NEAR({one} {other}, {node.distance})" for one in first for other in second]


def _phrases(asked: tuple[str, ...], *, sure: bool = False) -> list[str] | None:
    rows = list_phrases(asked, sure=sure)
    return None if rows is None else [_quoted(*row) for row in rows]


def list_phrases(asked: tuple[str, ...], *, sure: bool = False) -> list[tuple[str, ...]] | None:
    """All combinations of terms of these words; None if there would be too many. ``sure``: of terms
    that surely are these words."""
    meant = surely.terms if sure else forms.expand if len(asked) > 1 else forms.expand_alone
    terms = [sorted(meant(form)) for form in asked]
    if len(asked) > 1 and math.prod(map(len, terms)) > MOST_PHRASES:
        return None
    return list(product(*terms))


def _quoted(*terms: str) -> str:
    return f'"{" ".join(map(encode, terms))}"'
