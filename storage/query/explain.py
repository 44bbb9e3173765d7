"""Explains why a document does not match a query: the conditions that it fails.

The matcher decides; this only names what it decided. The set of faults is minimal: if all of them
were met, the document would match; with any of them left out it would not.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from storage import times
from storage.document import Document
from storage.query import evaluate
from storage.query.tree import And, Cased, Exact, Near, Node, Not, Or, Own, Query, Words
from storage.query.words.analysis import Analysed
from storage.structs import replace

How: TypeAlias = Literal["missing", "refused", "dates"]
Nearly: TypeAlias = Literal["", "apart", "below", "attached", "small"]
"""How close a single missing part comes: ``apart``: its words are there, but not near each other or
in a row; ``below``: below the title that they are required in; ``attached``: in an attachment and
required in the text; else in other capitals."""


class Fault(Struct, frozen=True):
    """A condition that fails: ``missing``: none of ``parts`` is there; ``refused``: the one part is
    there and must not be; ``dates``: the publication time is outside the query's dates. ``nearly``
    says what comes close to a single missing part."""

    how: How
    parts: tuple[Node, ...] = ()
    nearly: Nearly = ""


def explain(query: Query, document: Document, analysed: Analysed) -> tuple[Fault, ...]:
    """The conditions that the document, analysed, fails; empty if it matches."""
    published = times.from_partial(document.published_at)
    found = [] if evaluate.dates_match(query, published) else [Fault("dates")]
    if query.root is not None:
        found += _faults(query.root, analysed)
    return tuple(found)


def count_met(query: Query, document: Document, analysed: Analysed) -> tuple[int, int]:
    """How many of a query's top-level conditions (joined by AND) are met, and of how many."""
    root = query.root
    if isinstance(root, Own):
        root, analysed = root.part, analysed.own
    parts = root.parts if isinstance(root, And) else () if root is None else (root,)
    met = sum(evaluate.node_matches(part, analysed) for part in parts)
    if query.after is None and query.before is None:
        return met, len(parts)
    published = times.from_partial(document.published_at)
    return met + evaluate.dates_match(query, published), len(parts) + 1


def _faults(node: Node, analysed: Analysed) -> list[Fault]:
    """Why a node does not match."""
    if evaluate.node_matches(node, analysed):
        return []
    match node:
        case And(parts):
            return _joined(_faults(part, analysed) for part in parts)
        case Or(parts):
            return _of_any([_faults(part, analysed) for part in parts])
        case Not(part):
            return _refusals(part, analysed)
        case Own(part):
            return [_or_attached(fault, analysed) for fault in _faults(part, analysed.own)]
    return [Fault("missing", (node,), _nearly(node, analysed))]


def _or_attached(fault: Fault, analysed: Analysed) -> Fault:
    """A fault of a post's own words, noting where a missing word is instead."""
    is_there = len(fault.parts) == 1 and evaluate.node_matches(fault.parts[0], analysed)
    return replace(fault, nearly="attached") if fault.how == "missing" and is_there else fault


def _refusals(node: Node, analysed: Analysed) -> list[Fault]:
    """Why a node matches that must not."""
    match node:
        case Not(part):
            return _faults(part, analysed)
        case Or(parts):
            matching = [one for one in parts if evaluate.node_matches(one, analysed, refused=True)]
            return _joined(_refusals(part, analysed) for part in matching)
    return [Fault("refused", (node,))]


def _joined(found: Iterable[list[Fault]]) -> list[Fault]:
    return [fault for faults in found for fault in faults]


def _of_any(found: list[list[Fault]]) -> list[Fault]:
    """The faults of alternatives: if each of several fails by one missing part, they become one
    fault; else those of the alternative with the fewest."""
    single = [faults[0] for faults in found if len(faults) == 1 and faults[0].how == "missing"]
    if len(single) > 1:
        return [Fault("missing", tuple(part for fault in single for part in fault.parts))]
    return min(found, key=len)


def _nearly(node: Node, analysed: Analysed) -> Nearly:
    """What comes close to a missing part."""
    match node:
        case Words(forms, title=True):
            below = evaluate.node_matches(Words(forms), analysed)
            return "below" if below else _nearly(Words(forms), analysed)
        case Cased(form=form):
            return "small" if evaluate.node_matches(Exact(form), analysed) else ""
        case Words(forms) if len(forms) > 1:
            return "apart" if _have(forms, analysed) else ""
        case Near(left, right):
            sides = (left, right)
            return "apart" if all(evaluate.node_matches(one, analysed) for one in sides) else ""
    return ""


def _have(forms: tuple[str, ...], analysed: Analysed) -> bool:
    return all(evaluate.node_matches(Words((form,)), analysed) for form in forms)
