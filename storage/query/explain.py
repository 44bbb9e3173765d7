"""Why a document does not answer a query: the parts of the query that fail on it.

The evaluator decides; this only names what it decided. As many parts as it takes are named and no
more: if each of them were met, the document would answer, and with one of them less it would not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from storage import times
from storage.document import Document
from storage.query import evaluate
from storage.query.tree import And, Cased, Exact, Near, Node, Not, Or, Own, Query, Words
from storage.query.words.analysis import Analysed

How: TypeAlias = Literal["missing", "refused", "dates"]
Nearly: TypeAlias = Literal["", "apart", "below", "attached", "small"]
"""Of what is missing: its words are there, but not so near each other, or in a row; or below the
title that they are asked for in; or it is attached, and asked for in the text; or not in such
capitals."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A condition that is not met: ``missing``, one of the ``parts`` must be there and none is;
    ``refused``, the one part must not be there and is; ``dates``, the time of publication lies
    outside of the query's dates. ``nearly`` says what is there of a single missing part."""

    how: How
    parts: tuple[Node, ...] = ()
    nearly: Nearly = ""


def explain(query: Query, document: Document, analysed: Analysed) -> tuple[Fault, ...]:
    """What keeps the document, analysed, from answering the query; nothing where it answers."""
    published = times.from_partial(document.published_at)
    found = [] if evaluate.dates_match(query, published) else [Fault("dates")]
    if query.root is not None:
        found += _faults(query.root, analysed)
    return tuple(found)


def count_met(query: Query, document: Document, analysed: Analysed) -> tuple[int, int]:
    """How many of the conditions that stand beside each other in a query are met, and of how
    many."""
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
    """What keeps a part from matching."""
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
    """A fault of own words, which says where what is missing is instead."""
    is_there = len(fault.parts) == 1 and evaluate.node_matches(fault.parts[0], analysed)
    return replace(fault, nearly="attached") if fault.how == "missing" and is_there else fault


def _refusals(node: Node, analysed: Analysed) -> list[Fault]:
    """What makes a part match that must not."""
    match node:
        case Not(part):
            return _faults(part, analysed)
        case Or(parts):
            matching = [part for part in parts if evaluate.node_matches(part, analysed)]
            return _joined(_refusals(part, analysed) for part in matching)
    return [Fault("refused", (node,))]


def _joined(found: Iterable[list[Fault]]) -> list[Fault]:
    return [fault for faults in found for fault in faults]


def _of_any(found: list[list[Fault]]) -> list[Fault]:
    """Alternatives: those that fail by one missing part each are told together, else the one that
    fails by least."""
    single = [faults[0] for faults in found if len(faults) == 1 and faults[0].how == "missing"]
    if len(single) > 1:
        return [Fault("missing", tuple(part for fault in single for part in fault.parts))]
    return min(found, key=len)


def _nearly(node: Node, analysed: Analysed) -> Nearly:
    """What is there of a part that is missing."""
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
