"""What a document must have for a query to have any chance: sets of keys, one of them whole."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from math import prod
from typing import NamedTuple

from storage.query import forms
from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Own, Prefix, Words

Key = str | tuple[str, str]
"""A lexeme, ``=form``, ``beginning*`` or a mark; or two lexemes, for words asked for in a row."""
Keys = frozenset[Key]

MOST = 32

_NONE: Keys = frozenset()


class Condition(NamedTuple):
    """Keys that must all be there, and keys of which none may be."""

    required: Keys = _NONE
    refused: Keys = _NONE


def conditions(node: Node) -> tuple[list[Condition], bool]:
    """The conditions of which one must be met; and whether that is enough for a match."""
    match node:
        case And(parts):
            return _all(parts)
        case Or(parts):
            return _any(parts)
        case Not(part):
            return _none(part)
        case Own(part):
            return _own(part)
        case Words((form,), title):
            return [Condition(frozenset((key,))) for key in forms.lexemes(form)], not title
        case Exact(form):
            return [Condition(frozenset((f"={form}",)))], True
        case Prefix(form):
            return [Condition(frozenset((f"{form}*",)))], True
    groups = list(_groups(node))
    enough = not isinstance(node, Near) and prod(map(len, groups)) <= MOST
    if isinstance(node, Words):
        enough = enough and len(node.forms) == 2 and not node.title
    if isinstance(node, Filter):
        enough = enough and node.site is None
    return [Condition(keys) for keys in _product(groups)], enough


def _all(parts: Iterable[Node]) -> tuple[list[Condition], bool]:
    required: set[Key] = set()
    refused: set[Key] = set()
    choices: list[list[Condition]] = []
    enough = True
    for part in parts:
        more, said = conditions(part)
        enough = enough and said
        if len(more) == 1:
            required |= more[0].required
            refused |= more[0].refused
        else:
            choices.append(more)
    found = [Condition(frozenset(required), frozenset(refused))]
    for choice in sorted(choices, key=len):
        if len(found) * len(choice) > MOST:
            enough = False  # the rest is left to be decided on the document
            break
        found = _both(found, choice)
    return found, enough


def _both(some: list[Condition], more: list[Condition]) -> list[Condition]:
    """The conditions that meet one of some and one of more."""
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
    """A part that keys decide one by one is refused by keys, any other on the document."""
    found, enough = conditions(part)
    if not enough or any(len(one.required) != 1 or one.refused for one in found):
        return [Condition()], False
    return [Condition(refused=_NONE.union(*(one.required for one in found)))], True


def _own(part: Node) -> tuple[list[Condition], bool]:
    """Keys do not tell own words from attached ones: what must be there is there at least once,
    what must not be there may be attached."""
    found = [Condition(one.required) for one in conditions(part)[0]]
    return list(dict.fromkeys(found)), False


def _groups(node: Words | Near | Filter) -> Iterator[Sequence[Key]]:
    """Groups of keys: one of each must be there."""
    match node:
        case Words((form,)):
            yield sorted(forms.lexemes(form))
        case Words(asked):
            for pair in pairwise(map(forms.lexemes, asked)):
                yield sorted(product(*pair))
        case Near(left, right):
            yield from _groups(left)
            yield from _groups(right)
        case Filter(marks=marks):
            yield from map(sorted, marks)


def _product(groups: list[Sequence[Key]]) -> list[Keys]:
    """A set of keys for each choice of one of each group; of too many, some groups are left out."""
    while len(groups) > 1 and prod(map(len, groups)) > MOST:
        groups.remove(max(groups, key=len))
    return list(dict.fromkeys(frozenset(keys) for keys in product(*groups)))
