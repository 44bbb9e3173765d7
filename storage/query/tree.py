"""The syntax tree of a query, and its canonical text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from storage.query.words.sites import Site


class Words(Struct, frozen=True):
    """A word or a phrase, each word in any of its forms; ``title``: in the title only; ``sure``: it
    is left out, so that it hides only texts that surely have it."""

    forms: tuple[str, ...]
    title: bool = False
    sure: bool = False

    def __str__(self) -> str:
        text = self.forms[0] if len(self.forms) == 1 else f'"{_row(self.forms)}"'
        return f"title:{text}" if self.title else text


class Exact(Struct, frozen=True):
    """A word in exactly this form."""

    form: str

    def __str__(self) -> str:
        return f"={self.form}"


class Cased(Struct, frozen=True):
    """A word in exactly these capitals: ``text`` as it must be written (``analysis.cased``), its
    form, and the form that the index has for such capitals, empty if it has none."""

    text: str
    form: str
    capital: str

    def __str__(self) -> str:
        return f"=={self.text}"


class Prefix(Struct, frozen=True):
    """Any word with this prefix."""

    form: str

    def __str__(self) -> str:
        return f"{self.form}*"


class Near(Struct, frozen=True):
    """Two words or phrases, in either order, with at most ``distance`` words between them."""

    left: Words
    right: Words
    distance: int

    def __str__(self) -> str:
        return f"{self.left} NEAR/{self.distance} {self.right}"


class Filter(Struct, frozen=True):
    """A hashtag or ``name:value``: at least one mark of each group must be there, and a link to
    ``site`` if one is given."""

    name: str
    value: str
    marks: tuple[frozenset[str], ...]
    site: Site | None = None

    def __str__(self) -> str:
        if self.name == "tag":
            return f"#{self.value}"
        quoted = _PARTED.search(self.value) is not None
        return f'{self.name}:"{self.value}"' if quoted else f"{self.name}:{self.value}"


class Own(Struct, frozen=True):
    """A part that must match the post's own words, without attachments."""

    part: "Node"

    def __str__(self) -> str:
        return f"{_bracketed(self.part, (Or,))} in:text"


class Not(Struct, frozen=True):
    """A part that must not match."""

    part: "Node"

    def __str__(self) -> str:
        return f"-{_bracketed(self.part, (And, Or, Near, Own))}"


class And(Struct, frozen=True):
    """All parts must match."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " ".join(_bracketed(part, (Or, Own)) for part in self.parts)


class Or(Struct, frozen=True):
    """At least one part must match."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


Node: TypeAlias = Words | Exact | Cased | Prefix | Near | Filter | Own | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. ``text`` is canonical: equal queries have equal texts; ``written`` is an
    equivalent text that its author will recognize.

    ``root`` is None if there are only dates. ``after`` is inclusive, ``before`` exclusive;
    ``dates`` are those filters as written. A document of unknown date is outside all dates.
    """

    text: str
    root: Node | None
    after: datetime | None = None
    before: datetime | None = None
    dates: tuple[str, ...] = ()
    written: str = field(default="", compare=False)


def _row(forms: tuple[str, ...]) -> str:
    return _BETWEEN_SIGNS.sub("", " ".join(forms))


# Chinese and Japanese, each of whose characters is a word, are written without spaces.
_BETWEEN_SIGNS = re.compile("(?<=[\u3041-\u30fe\u3400-\u9fff]) (?=[\u3041-\u30fe\u3400-\u9fff])")

# What would end a value, or part it, if it stood without quotation marks.
_PARTED = re.compile(r"[\s(),|]")


def _bracketed(node: Node, kinds: tuple[type, ...]) -> str:
    return f"({node})" if isinstance(node, kinds) else str(node)


def both(parts: list[Node]) -> Node:
    """The conjunction of the parts, flattened, without duplicates."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else And(unique)


def either(parts: list[Node]) -> Node:
    """The disjunction of the parts, flattened, without duplicates."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Or(unique)


def own(node: Node) -> Own:
    """The part restricted to the post's own words."""
    return node if isinstance(node, Own) else Own(node)


def is_negative(node: Node) -> bool:
    """Whether a document with none of the query's words would match."""
    if isinstance(node, Not):
        return not is_negative(node.part)
    if isinstance(node, Own):
        return is_negative(node.part)
    if isinstance(node, And):
        return all(is_negative(part) for part in node.parts)
    if isinstance(node, Or):
        return any(is_negative(part) for part in node.parts)
    return False


def list_prefixes(node: Node | None) -> list[str]:
    """All prefixes in the tree, also under NOT."""
    match node:
        case Prefix(form):
            return [form]
        case Not(part) | Own(part):
            return list_prefixes(part)
        case And(parts) | Or(parts):
            return [form for part in parts for form in list_prefixes(part)]
    return []


def positive_leaves(node: Node | None, *, attached: bool = False) -> Iterator[Node]:
    """The leaves that can cause a match, and so are marked in a text, or in what is
    ``attached``."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from positive_leaves(part, attached=attached)
    elif isinstance(node, Own):
        if not attached:
            yield from positive_leaves(node.part)
    elif node is not None and not isinstance(node, Not):
        yield node


def canonical(root: Node | None, dates: tuple[str, ...]) -> str:
    """The canonical text of a tree and its dates."""
    if root is None:
        return " ".join(dates)
    asked = f"({root})" if dates and isinstance(root, Or) else str(root)
    return " ".join([asked, *dates])


def count_words(asked: Node | None) -> int:
    """How many words (of the limit for a query) these leaves have."""
    match asked:
        case Words(forms):
            return len(forms)
        case Near(left, right):
            return len(left.forms) + len(right.forms)
        case And(parts) | Or(parts):
            return sum(map(count_words, parts))
        case Not(part) | Own(part):
            return count_words(part)
    return 1
