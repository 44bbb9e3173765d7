"""HTML pages cut into their messages, each parsed on its own.

So a page of any size, or one that never closes, costs what its messages cost, and a message that is
damaged takes no other with it.
"""

import re
from collections.abc import Iterator

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from storage.errors import InputError

# The parser's time grows with the square of the depth: a message has some hundred tags.
_MOST_TAGS = 8_000


class Fragment(Struct, frozen=True):
    """A piece of a page, and the line (from 1) where it starts."""

    html: str
    line: int


def cut(page: str, start: re.Pattern[str]) -> Iterator[Fragment]:
    """What stands before the first start (it may be empty), then a piece from each start on."""
    at, line = 0, 1
    for found in start.finditer(page):
        yield Fragment(page[at : found.start()], line)
        line += page.count("\n", at, found.start())
        at = found.start()
    yield Fragment(page[at:], line)


def parse(fragment: Fragment) -> LexborNode:
    """The tree of a piece. Raises InputError for one that is no message of any real page."""
    if fragment.html.count("<") > _MOST_TAGS:
        raise InputError(
            f"more than {_MOST_TAGS} tags in one message", hint="it was left out; check the page"
        )
    root = LexborHTMLParser(fragment.html).root
    if root is None:
        raise InputError("no HTML could be read here")
    return root


def classes(node: LexborNode) -> frozenset[str]:
    """The classes of an element."""
    return frozenset((node.attributes.get("class") or "").split())


def classes_above(node: LexborNode, top: LexborNode) -> frozenset[str]:
    """The classes of the elements that a node stands in, below ``top``."""
    found: frozenset[str] = frozenset()
    parent = node.parent
    while parent is not None and parent.mem_id != top.mem_id:
        found |= classes(parent)
        parent = parent.parent
    return found


def attribute(node: LexborNode | None, name: str) -> str | None:
    """An attribute's value, None where it is missing or empty."""
    return (node.attributes.get(name) or None) if node is not None else None


def first(node: LexborNode, selector: str) -> LexborNode | None:
    """The first element below a node that a CSS selector fits."""
    return node.css_first(selector)


def source(node: LexborNode, selector: str) -> str:
    """The markup of the first element that a selector fits; empty without one."""
    found = node.css_first(selector)
    return (found.html or "") if found is not None else ""
