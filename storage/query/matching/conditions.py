"""What a document must have for a query to possibly match: keys, and choices between keys."""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from itertools import chain, pairwise, product
from math import prod
from typing import NamedTuple

from storage.query import surely
from storage.query.tree import And, Cased, Exact, Filter, Near, Node, Not, Or, Own, Prefix, Words
from storage.query.words import forms
from storage.query.words.interest import TERM

Key = str | tuple[str, str]
"""A lexeme, ``|normal form``, ``=form``, ``beginning*``, ``title:lexeme`` or a mark; or a pair of
lexemes, for words that must be in a row."""
Keys = frozenset[Key]

MOST = 32
"""The most conditions that a part of a query is multiplied out to; beyond that some groups of keys
are left out, and the document decides."""

_NONE: Keys = frozenset()


class Condition(NamedTuple):
    """Keys that must all be present, and keys that must be absent."""

    required: Keys = _NONE
    refused: Keys = _NONE


class Requirements(NamedTuple):
    """What a query requires of a document's keys: all of ``required``, none of ``refused``, and for
    each of the ``choices`` one of its conditions. ``is_enough``: whatever meets that matches.
    ``doubts``: if it is not, all that meets it and has none of these keys matches all the same;
    None: that is known of no keys."""

    required: Keys = _NONE
    refused: Keys = _NONE
    choices: tuple[Sequence[Condition], ...] = ()
    is_enough: bool = True
    doubts: Keys | None = None

    @property
    def spread(self) -> int:
        """The number of conditions if the choices were multiplied out."""
        return prod(map(len, self.choices))

    def spelled_out(self) -> list[Condition]:
        """All these conditions."""
        found = [Condition(self.required, self.refused)]
        if not self.choices:
            return found
        for choice in sorted(self.choices, key=len):
            found = _both(found, choice)
        return found


def is_told_whole(choice: Sequence[Condition]) -> bool:
    """Whether each condition of a choice is that one key be present."""
    return all(len(one.required) == 1 and not one.refused for one in choice)


def is_met(choices: Sequence[Sequence[Condition]], keys: Set[Key]) -> bool:
    """Whether a document with these keys meets a condition of each choice."""
    return all(
        any(one.required <= keys and keys.isdisjoint(one.refused) for one in choice)
        for choice in choices
    )


def ask(node: Node) -> Requirements:
    """What a query requires, with its choices kept apart."""
    match node:
        case Words((form,), False, False):
            return _ask_one_of(forms.lexemes_alone(form))
        case Words((form, following), False, False):
            return _ask_one_of([*product(forms.lexemes(form), forms.lexemes(following))])
        case And(parts):
            return joined(map(ask, parts))
        case Not(Words((form,), False, False)):
            return Requirements(refused=forms.lexemes_alone(form))
        case Not(part):
            return _ask_none(part)
        case Words((_,)):
            return _ask(node)
        case Words() | Near() | Filter():
            alone, choices = _parted(
                [[Condition(frozenset((k,))) for k in g] for g in _groups(node)]
            )
            return Requirements(alone.required, alone.refused, choices, _is_enough(node))
    return _ask(node)


def _ask_one_of(keys: Collection[Key]) -> Requirements:
    """Asks for one of some keys, which are all words or all pairs."""
    if len(keys) == 1:
        return Requirements(frozenset(keys))
    return Requirements(choices=(one_of(sorted(keys)),))


def one_of(keys: Iterable[Key]) -> list[Condition]:
    """The choice of one of some keys."""
    return [Condition(frozenset((key,))) for key in keys]


def _ask_none(part: Node) -> Requirements:
    """What NOT requires. A document that lacks a key of each alternative of the part matches, also
    where keys do not decide whether others do."""
    found, _ = conditions(part)
    ((_, refused),), enough = _none(part)
    if enough or not all(one.required for one in found):
        return Requirements(refused=refused, is_enough=enough)
    return Requirements(is_enough=False, doubts=frozenset(_rarest(one.required) for one in found))


def _rarest(keys: Keys) -> Key:
    """The key that fewest documents have, as far as its length tells."""
    return max(keys, key=lambda key: (isinstance(key, tuple), len("".join(key)), key))


def _ask(node: Node) -> Requirements:
    found, enough = conditions(node)
    alone, choices = _parted([found])
    return Requirements(alone.required, alone.refused, choices, enough)


def joined(parts: Iterable[Requirements]) -> Requirements:
    """The conjunction of the parts."""
    every = list(parts)
    required, refused, choices, enough, doubts = zip(*every, strict=True)
    told = _NONE.union(*required), _NONE.union(*refused), tuple(chain.from_iterable(choices))
    if all(enough):
        return Requirements(*told)
    known = [one for one, decided in zip(doubts, enough, strict=True) if not decided]
    together = None if None in known else _NONE.union(*known)
    return Requirements(*told, is_enough=False, doubts=together)


def _parted(
    groups: Iterable[Sequence[Condition]],
) -> tuple[Condition, tuple[Sequence[Condition], ...]]:
    """Alternatives with a single member as one condition; and the others as choices."""
    alone = [group[0] for group in groups if len(group) == 1]
    return (
        Condition(
            _NONE.union(*(one.required for one in alone)),
            _NONE.union(*(one.refused for one in alone)),
        ),
        tuple(group for group in groups if len(group) != 1),
    )


def _is_enough(node: Words | Near | Filter) -> bool:
    """Whether having one key of each group is a match."""
    match node:
        case Words(asked, title, sure):
            return len(asked) == 2 and not (title or sure)
        case Filter(site=site):
            return site is None
    return False


def conditions(node: Node) -> tuple[list[Condition], bool]:
    """The alternatives, one of which a document must meet; and whether meeting one is a match."""
    match node:
        case And(parts):
            return _all(parts)
        case Or(parts):
            return _any(parts)
        case Not(part):
            return _none(part)
        case Own(part):
            return _own(part)
        case Words(sure=True) if (told := surely.in_forms(node)) is not node:
            return conditions(told)
        case Words((form,), False, True):
            return one_of(f"{TERM}{term}" for term in sorted(forms.surely(form))), True
        case Words((form,), title, sure):
            keys = [f"title:{one}" if title else one for one in sorted(forms.lexemes_alone(form))]
            return one_of(keys), not sure
        case Exact(form):
            return [Condition(frozenset((f"={form}",)))], True
        case Cased(_, form, capital):
            return [Condition(frozenset((f"={capital or form}",)))], bool(capital)
        case Prefix(form):
            return [Condition(frozenset((f"{form}*",)))], True
    groups = list(_groups(node))
    enough = _is_enough(node) and prod(map(len, groups)) <= MOST
    return [Condition(keys) for keys in _product(groups)], enough


def _all(parts: Iterable[Node]) -> tuple[list[Condition], bool]:
    asked = joined(map(ask, parts))
    found, enough = [Condition(asked.required, asked.refused)], asked.is_enough
    for choice in sorted(asked.choices, key=len):
        if len(found) * len(choice) > MOST:
            enough = False  # the rest is left to be decided on the document
            break
        found = _both(found, choice)
    return found, enough


def _both(some: Sequence[Condition], more: Sequence[Condition]) -> list[Condition]:
    """The conditions that meet one of ``some`` and one of ``more``."""
    found = [
        Condition(one.required | other.required, one.refused | other.refused)
        for one in some
        for other in more
    ]
    return list(dict.fromkeys(found))


def _any(parts: Iterable[Node]) -> tuple[list[Condition], bool]:
    found: list[Condition] = []
    enough = True
    for part in parts:
        more, said = conditions(part)
        enough = enough and said
        found += more
    return list(dict.fromkeys(found)), enough


def _none(part: Node) -> tuple[list[Condition], bool]:
    """The conditions of NOT: if each alternative of the part is that one key be present, these keys
    are refused; otherwise nothing is required, and the document decides."""
    found, enough = conditions(part)
    if not enough or any(len(one.required) != 1 or one.refused for one in found):
        return [Condition()], False
    return [Condition(refused=_NONE.union(*(one.required for one in found)))], True


def _own(part: Node) -> tuple[list[Condition], bool]:
    """For a post's own words. Keys do not tell these from attached ones, so a required word must be
    present anywhere, and a refused one cannot be decided by keys."""
    found = [Condition(one.required) for one in conditions(part)[0]]
    return list(dict.fromkeys(found)), False


def _groups(node: Words | Near | Filter) -> Iterator[Sequence[Key]]:
    """Groups of keys, one of each of which must be present."""
    match node:
        case Words((form,)):
            yield sorted(forms.lexemes_alone(form))
        case Words(asked):
            for pair in pairwise(map(forms.lexemes, asked)):
                yield sorted(product(*pair))
        case Near(left, right):
            yield from _groups(left)
            yield from _groups(right)
        case Filter(marks=marks):
            yield from map(sorted, marks)


def _product(groups: list[Sequence[Key]]) -> list[Keys]:
    """A set of keys for each combination of one key of each group; if there are too many, some
    groups are left out."""
    while len(groups) > 1 and prod(map(len, groups)) > MOST:
        groups.remove(max(groups, key=len))
    return list(dict.fromkeys(frozenset(keys) for keys in product(*groups)))
