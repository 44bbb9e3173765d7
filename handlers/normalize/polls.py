"""A poll as blocks: its question heads its options."""

from collections.abc import Iterable

from storage.document import Block


def blocks(question: str | None, options: Iterable[str | None]) -> tuple[Block, ...]:
    """The question as a subhead, each option as a bullet; what is empty is left out."""
    found = [Block(type="subhead", text=question)] if question else []
    found += [Block(type="bullet", text=option, gap=1) for option in options if option]
    return tuple(found)
