"""What a document must have for a query to have any chance: sets of keys, one of them whole."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from storage.query import forms
from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Prefix, Words

Key = str | tuple[str, str]
"""A lexeme, ``=form``, ``beginning*`` or a mark; or the forms of two words asked for in a row."""
Keys = frozenset[Key]

MOST = 32


class Condition(NamedTuple):
    """Keys that must all be there, and keys of which none may be."""

    required: Keys = frozenset()
    refused: Keys = frozenset()


def conditions(node: Node) -> tuple[list[Condition], bool]:
    """The conditions of which one must be met; and whether that is enough for a match."""
    if isinstance(node, And):
        return _all(node.parts)
    if isinstance(node, Or):
        return _any(node.parts)
    if isinstance(node, Not):
        return _none(node.part)
    found = [Condition(keys) for keys in _product(list(_groups(node)))]
    return found, _is_said_by_keys(node)


def leaves(node: Node | None) -> Iterator[Words | Exact | Prefix | Filter]:
    """All leaves of a tree, refused ones too."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, Near):
        yield from (node.left, node.right)
    elif node is not None:
        yield node


def _all(parts: tuple[Node, ...]) -> tuple[list[Condition], bool]:
    found = [Condition()]
    enough = True
    for more, said in sorted(map(conditions, parts), key=lambda pair: len(pair[0])):
        enough = enough and said
        if len(found) * len(more) > MOST:
            enough = False  # the rest is left to be decided on the document
            continue
        found = [
            Condition(one.required | other.required, one.refused | other.refused)
            for one in found
            for other in more
        ]
    return list(dict.fromkeys(found)), enough


def _any(parts: tuple[Node, ...]) -> tuple[list[Condition], bool]:
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
    return [Condition(refused=frozenset().union(*(one.required for one in found)))], True


def _groups(node: Words | Exact | Prefix | Near | Filter) -> Iterator[Sequence[Key]]:
    """Groups of keys: one of each must be there."""
    match node:
        case Words((form,)):
            yield sorted(forms.lexemes(form))
        case Words(asked):
            yield from ([pair] for pair in pairwise(asked))
        case Exact(form):
            yield [f"={form}"]
        case Prefix(form):
            yield [f"{form}*"]
        case Near(left, right):
            yield from _groups(left)
            yield from _groups(right)
        case Filter(marks=marks):
            yield from map(sorted, marks)


def _product(groups: list[Sequence[Key]]) -> list[Keys]:
    while len(groups) > 1 and _size(groups) > MOST:
        groups.remove(max(groups, key=len))
    return list(dict.fromkeys(frozenset(keys) for keys in product(*groups)))


def _size(groups: list[Sequence[Key]]) -> int:
    size = 1
    for group in groups:
        size *= len(group)
    return size


def _is_said_by_keys(node: Words | Exact | Prefix | Near | Filter) -> bool:
    if isinstance(node, Words):
        return len(node.forms) <= 2 and not node.title
    if isinstance(node, Filter):
        return _size([sorted(group) for group in node.marks]) <= MOST
    return not isinstance(node, Near)
