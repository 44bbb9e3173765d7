"""What a document must have for a query to have any chance: sets of keys, one of them whole."""

from collections.abc import Iterator
from itertools import pairwise

from storage.query.tree import And, Exact, Filter, Near, Node, Not, Or, Prefix, Words

Key = str | tuple[str, str]
"""A term, ``=form``, ``beginning*`` or a mark; or two terms that stand side by side."""
Keys = frozenset[Key]

MOST = 32


def conditions(node: Node) -> tuple[list[Keys], bool]:
    """The sets, and whether meeting one of them is enough, so that nothing is left to decide."""
    if isinstance(node, And):
        return _all(node.parts)
    if isinstance(node, Or):
        return _any(node.parts)
    if isinstance(node, Not):
        return [frozenset()], False
    return [frozenset(_keys(node))], _is_said_by_keys(node)


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


def _all(parts: tuple[Node, ...]) -> tuple[list[Keys], bool]:
    found: list[Keys] = [frozenset()]
    enough = True
    for more, said in sorted(map(conditions, parts), key=lambda pair: len(pair[0])):
        enough = enough and said
        if len(found) * len(more) > MOST:
            enough = False  # the rest is left to be decided on the document
            continue
        found = [keys | others for keys in found for others in more]
    return list(dict.fromkeys(found)), enough


def _any(parts: tuple[Node, ...]) -> tuple[list[Keys], bool]:
    found: list[Keys] = []
    enough = True
    for part in parts:
        more, said = conditions(part)
        enough = enough and said
        found += more
    return list(dict.fromkeys(found)), enough


def _keys(node: Words | Exact | Prefix | Near | Filter) -> Iterator[Key]:
    match node:
        case Words(terms):
            yield from pairwise(terms) if len(terms) > 1 else terms
        case Exact(form):
            yield f"={form}"
        case Prefix(form):
            yield f"{form}*"
        case Near(left, right):
            yield from _keys(left)
            yield from _keys(right)
        case Filter(marks=marks):
            yield from marks


def _is_said_by_keys(node: Words | Exact | Prefix | Near | Filter) -> bool:
    if isinstance(node, Words):
        return len(node.terms) <= 2 and not node.title
    return not isinstance(node, Near)
