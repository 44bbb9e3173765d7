"""A query as a tree: what its parts ask of a document, and its one canonical text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from storage.query.words.sites import Site


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several in a row, in any of their forms; ``title``: in the title alone."""

    forms: tuple[str, ...]
    title: bool = False

    def __str__(self) -> str:
        text = self.forms[0] if len(self.forms) == 1 else f'"{_row(self.forms)}"'
        return f"title:{text}" if self.title else text


@dataclass(frozen=True, slots=True)
class Exact:
    """A word in this very form."""

    form: str

    def __str__(self) -> str:
        return f"={self.form}"


@dataclass(frozen=True, slots=True)
class Cased:
    """A word in these very capitals: ``text`` as it must stand (``analysis.cased``), its form, and
    the form that stands beside it where the index knows of its capitals, else nothing."""

    text: str
    form: str
    capital: str

    def __str__(self) -> str:
        return f"=={self.text}"


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so."""

    form: str

    def __str__(self) -> str:
        return f"{self.form}*"


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or phrases, in any order, with at most ``distance`` words between them."""

    left: Words
    right: Words
    distance: int

    def __str__(self) -> str:
        return f"{self.left} NEAR/{self.distance} {self.right}"


@dataclass(frozen=True, slots=True)
class Filter:
    """A hashtag or ``name:value``: one of each of the groups of marks must be there, and a link
    to the ``site`` where one is given."""

    name: str
    value: str
    marks: tuple[frozenset[str], ...]
    site: Site | None = None

    def __str__(self) -> str:
        if self.name == "tag":
            return f"#{self.value}"
        quoted = _PARTED.search(self.value) is not None
        return f'{self.name}:"{self.value}"' if quoted else f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Own:
    """What a post's own words must match, without those of what is attached to it."""

    part: "Node"

    def __str__(self) -> str:
        return f"{_bracketed(self.part, (Or,))} in:text"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match."""

    part: "Node"

    def __str__(self) -> str:
        return f"-{_bracketed(self.part, (And, Or, Near, Own))}"


@dataclass(frozen=True, slots=True)
class And:
    """All the parts match."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " ".join(_bracketed(part, (Or, Own)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts matches."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


Node: TypeAlias = Words | Exact | Cased | Prefix | Near | Filter | Own | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. ``text`` is canonical: queries that ask the same in the same way share it;
    ``written`` asks the same as whoever wrote it knows it again.

    ``root`` is None when only dates are asked for. ``after`` is inclusive, ``before`` exclusive;
    ``dates`` are these filters as written. Documents of unknown date lie outside of any dates.
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
    """All of the parts, flat, each once."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else And(unique)


def either(parts: list[Node]) -> Node:
    """One of the parts, flat, each once."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Or(unique)


def own(node: Node) -> Own:
    """What own words must match."""
    return node if isinstance(node, Own) else Own(node)


def is_negative(node: Node) -> bool:
    """Whether a document without any of the query's words would match."""
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
    """The forms of all prefixes, refused ones too."""
    match node:
        case Prefix(form):
            return [form]
        case Not(part) | Own(part):
            return list_prefixes(part)
        case And(parts) | Or(parts):
            return [form for part in parts for form in list_prefixes(part)]
    return []


def positive_leaves(node: Node | None, *, attached: bool = False) -> Iterator[Node]:
    """The leaves that a match may be owed to: what is to be marked in a text, or in what is
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
    """The one text of a tree and its dates."""
    if root is None:
        return " ".join(dates)
    asked = f"({root})" if dates and isinstance(root, Or) else str(root)
    return " ".join([asked, *dates])


def count_words(asked: Node | None) -> int:
    """How many of the words that a query may have are in a leaf, or in several."""
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
