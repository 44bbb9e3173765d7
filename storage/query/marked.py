"""Texts with their matches marked. Pure."""

from typing import Literal

from msgspec import Struct

from storage.document import MediaType


class Marked(Struct, frozen=True, kw_only=True):
    """A text and the character ranges (end exclusive) that matched, in order, disjoint."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Attached(Struct, frozen=True, kw_only=True):
    """An attachment that matched: a medium's type and its words, marked; or a ``link`` and its
    address. ``name``: a name for what the type does not tell: ``fact-check``."""

    type: MediaType | Literal["link"]
    text: Marked
    name: str | None = None
