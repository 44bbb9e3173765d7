"""Texts with their matches marked. Pure."""

from dataclasses import dataclass
from typing import Literal

from storage.document import MediaType


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text and the character ranges (end exclusive) that matched, in order, disjoint."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What is attached to a document and was found: a medium's type, and its words, marked; or a
    ``link``, and its address.

    ``name`` says what it is where the type does not: ``fact-check``.
    """

    type: MediaType | Literal["link"]
    text: Marked
    name: str | None = None
